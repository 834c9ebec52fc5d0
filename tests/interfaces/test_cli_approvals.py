"""``zhike approval``: what it lists and shows, and the machine owner's signature under what others ask."""

import pytest
from approving import acting, asked_for, made_kind, user
from command_line import Run

from zhike.core.errors import Conflict
from zhike.core.text import Text
from zhike.operations.approvals import actions
from zhike.operations.governance import actions as governance
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import User


@pytest.fixture
def zhike(committed: None, capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


def _role_change() -> int:
    maker = user("lin")
    user("zhou", "analyst")
    number = actions.request_make(maker, kind="role_change", given={"user": "zhou", "role": "auditor"}, reason="moves")
    actions.request_open(maker, request_id=number)
    return number


def test_listed_shown_and_signed(zhike: Run) -> None:
    number = _role_change()
    rows = zhike.json("approval", "list")
    assert [(row["id"], row["maker"], row["state"]) for row in rows] == [(number, "lin", "open")]
    shown = zhike.json("approval", "show", str(number))
    assert shown["fields"] == {"User": "zhou", "New role": "Auditor"}
    assert shown["effect"] == shown["effect_now"]
    _, out, _ = zhike("--locale", "zh", "approval", "show", str(number))
    assert "zhou 的岗位由“分析师”改为“审计员”。" in out
    assert "version 2 now" not in zhike.fault("approval", "sign", str(number + 1), "--version", "1")
    code, out, _ = zhike("approval", "sign", str(number), "--version", "1", "--note", "by hand")
    assert (code, out.strip()) == (0, f"Request {number}: applied, 1 of 1 signatures.")
    assert User.objects.get(username="zhou").role == "auditor"
    assert zhike.json("approval", "list") == []
    signed = zhike.json("approval", "show", str(number))["signatures"]
    assert signed[0]["by"] == system_actor().name
    assert zhike.json("approval", "list", "history")[0]["state"] == "applied"


def test_refused_with_a_reason_only(zhike: Run) -> None:
    number = _role_change()
    assert "Say why" in zhike.fault("approval", "refuse", str(number), "--version", "1", "--note", " ")
    assert zhike("approval", "refuse", str(number), "--version", "1", "--note", "not now")[0] == 0
    assert "is refused" in zhike.fault("approval", "sign", str(number), "--version", "1")
    assert User.objects.get(username="zhou").role == "analyst"


def test_a_moved_effect_is_signed_on_purpose_only(zhike: Run) -> None:
    number = _role_change()
    governance.user_role_change(system_actor(), user="zhou", role_name="teller")
    assert "changes from Teller to Auditor" in zhike.fault("approval", "sign", str(number), "--version", "1")
    assert zhike("approval", "sign", str(number), "--version", "1", "--confirm-effect")[0] == 0


def test_what_cannot_be_done_is_an_exit_code(zhike: Run) -> None:
    user("lin")
    with made_kind() as bench:
        bench.fault = Conflict(Text("已有同名活动。", "There is such a campaign already."))
        number = asked_for(acting("lin"))
        code, out, _ = zhike("approval", "sign", str(number), "--version", "1")
        assert code == 1
        assert "Not done: There is such a campaign already." in out
        assert "Not done: There is such a campaign already." in zhike("approval", "show", str(number))[1]


def test_the_machines_owner_does_not_sign_their_own(zhike: Run) -> None:
    with made_kind():
        number = asked_for(system_actor())
        assert "asked for themselves" in zhike.fault("approval", "sign", str(number), "--version", "1")


def test_what_is_gone_meanwhile_is_said(zhike: Run) -> None:
    number = _role_change()
    User.objects.filter(username="zhou").update(is_active=False)
    assert "Now it could not be done: There is no active user zhou." in zhike("approval", "show", str(number))[1]
    assert "waiting, mine or history" in zhike.fault("approval", "list", "everything")
    assert "approvals" in {row["registry"] for row in zhike.json("registry")}
