"""``zhike consent`` and ``zhike contact`` call the same actions as the web."""

import pytest
from command_line import Run
from small_bank import customer_id

OF = customer_id(1)


@pytest.fixture
def zhike(bank: None, capfd: pytest.CaptureFixture[str]) -> Run:
    from zhike.operations.customers import actions
    from zhike.operations.governance.actors import system_actor

    actions.view_publish(system_actor())
    return Run(capfd)


def test_a_consent_from_wording_to_withdrawal(zhike: Run) -> None:
    agree = (
        "consent",
        "record",
        OF,
        "--channel",
        "sms",
        "--source",
        "branch",
        "--wording",
        "2026-1",
        "--key",
        "the-key-1",
    )
    assert "no such version" in zhike.fault(*agree)
    assert "2026-1" in zhike("consent", "wording", "2026-1", "--zh", "同意", "--en", "I agree")[1]
    assert "stands." in zhike(*agree)[1]
    assert "as it did before" in zhike(*agree)[1]
    assert "withdrawn" in zhike("consent", "withdraw", OF, "--source", "call")[1]
    told = zhike.json("consent", "show", OF)
    assert {line["state"] for line in told["lines"] if line["purpose"] == "marketing"} == {"withdrawn"}
    assert [each["given"] for each in told["history"]] == [False, True]
    assert "withdrawn" in zhike("consent", "show", OF)[1]
    assert "opted out" in zhike.fault(*agree[:-1], "the-key-2")


def test_a_contact_recorded_with_what_it_broke(zhike: Run) -> None:
    zhike("consent", "withdraw", OF, "--source", "call")
    sent = ("contact", "record", OF, "--purpose", "marketing", "--channel", "sms", "--at")
    code, out, _ = zhike(*sent, "2026-06-30T12:00+08:00")
    assert (code, "stands: sent" in out) == (0, True)
    assert "BROKE" in out
    assert "MARKETING-1" in out
    assert "no zone" in zhike.fault(*sent, "2026-06-30T12:00")
    assert "no instant" in zhike.fault(*sent, "noon")
    told = zhike.json("contact", "show", OF)
    assert told["contacts"][0]["breaches"] == ["consent_withdrawn"]
    assert "7 days, all channels: 0 of 2" in zhike("contact", "show", OF)[1]
    assert "no such customer" in zhike.fault("contact", "show", customer_id(999))
