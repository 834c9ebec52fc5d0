"""Who wins, who is refused and why; equal to the plain evaluator; never against a policy."""

import pytest
from decision_reference import (
    ASLEEP_CARD,
    BIG_BILL,
    CALM,
    NEW_CARD,
    REFUSED_PERSONAL,
    Row,
    best,
    decided,
    random_customers,
    refused,
    values,
    view_of_inputs,
)

from zhike.core.errors import BadInput
from zhike.decide.arbitrate import UNKNOWN_SHIFT, VALUE_UNKNOWN, next_best_action
from zhike.decide.terms import Considered, DecisionSettings, considered, unknown_consent

ALLOW = unknown_consent("allow", "the workspace")


def codes(decision: Row, candidate: Considered) -> set[str]:
    """The codes of a mask."""
    mask, found = decision[f"{candidate.offer.name}__refused"], set()
    assert not mask & VALUE_UNKNOWN
    for place, (_, gate) in enumerate(candidate.gates()):
        found |= {gate.code} if mask >> place & 1 else set()
        found |= {f"{gate.code}_unknown"} if mask >> (UNKNOWN_SHIFT + place) & 1 else set()
    return found


@pytest.mark.parametrize(
    ("row", "winner"),
    [
        (CALM, "do_nothing"),
        (REFUSED_PERSONAL, "general_news"),
        (NEW_CARD, "first_use_gift"),
        (BIG_BILL, "bill_instalment"),
        (ASLEEP_CARD, "wake_up"),
    ],
)
def test_each_wins_on_its_customer(row: Row, winner: str) -> None:
    assert decided([row])[0]["winner"] == winner


@pytest.mark.parametrize(
    ("row", "offer", "code"),
    [
        (CALM, "bill_instalment", "nothing_to_split"),
        (CALM, "first_use_gift", "card_not_new"),
        (CALM, "first_use_gift", "card_in_use"),
        (CALM, "wake_up", "not_asleep"),
        (NEW_CARD, "wake_up", "never_used"),
        (NEW_CARD | {"cards_held": 0}, "first_use_gift", "no_card"),
        (NEW_CARD | {"cards_held": None}, "first_use_gift", "no_card_unknown"),
        (NEW_CARD | {"limit_cents": 0}, "first_use_gift", "no_limit"),
        (BIG_BILL | {"credit_accounts": 0}, "bill_instalment", "no_credit_account"),
        (BIG_BILL | {"days_past_due": 3}, "bill_instalment", "late_on_bill"),
        (BIG_BILL | {"days_past_due": 3}, "bill_instalment", "arrears"),
        (BIG_BILL | {"utilisation": 0.96}, "bill_instalment", "limit_exhausted"),
        (ASLEEP_CARD | {"days_since_last_use": 1100}, "wake_up", "silent_too_long"),
        (ASLEEP_CARD | {"accounts_open": 0}, "wake_up", "no_open_account"),
        (ASLEEP_CARD | {"marketing_consent": "withdrawn"}, "wake_up", "consent_withdrawn"),
        (ASLEEP_CARD | {"marketing_consent": "unknown"}, "wake_up", "consent_unknown"),
        (ASLEEP_CARD | {"consent_sms": 0, "consent_app": None}, "wake_up", "consent_other_channel"),
        (
            ASLEEP_CARD | {"consent_sms": 0, "consent_app": 0, "consent_all": 1, "consent_phone": 0},
            "wake_up",
            "consent_other_channel",
        ),
        (ASLEEP_CARD | {"days_past_due": 30}, "wake_up", "arrears"),
        (ASLEEP_CARD | {"complaints_open": 1}, "wake_up", "complaint_open"),
        (ASLEEP_CARD | {"complaints_open": None}, "wake_up", "complaint_open_unknown"),
        (ASLEEP_CARD | {"consent_personalisation": 0}, "wake_up", "personalisation_refused"),
        (ASLEEP_CARD | {"marketing_contacts_7d": 2}, "wake_up", "cap_7_days"),
        (ASLEEP_CARD | {"marketing_contacts_30d": 4}, "wake_up", "cap_30_days"),
        (CALM, "general_news", "personalisation_on"),
        (REFUSED_PERSONAL | {"complaints_open": 1}, "general_news", "complaint_open"),
        (REFUSED_PERSONAL | {"marketing_consent": "withdrawn"}, "general_news", "consent_withdrawn"),
        (REFUSED_PERSONAL | {"marketing_contacts_7d": 2}, "general_news", "cap_7_days"),
        (REFUSED_PERSONAL | {"cards_held": 0}, "general_news", "holds_no_card"),
    ],
)
def test_each_is_refused_with_a_named_reason(row: Row, offer: str, code: str) -> None:
    decision = decided([row])[0]
    candidate = next(each for each in considered(DecisionSettings()) if each.offer.name == offer)
    assert code in codes(decision, candidate)
    assert decision["winner"] != offer


@pytest.mark.parametrize("settings", [DecisionSettings(), ALLOW])
def test_equals_the_plain_evaluator(settings: DecisionSettings) -> None:
    seed, allowed = 20_260_630, settings == ALLOW
    customers = random_customers(20_000, seed)
    for row, decision in zip(customers, decided(customers, settings), strict=True):
        message = f"seed {seed}, {row}"
        assert {each.offer.name: codes(decision, each) for each in considered(settings)} == refused(row, allowed), (
            message
        )
        assert {name: decision[f"{name}__value_cents"] for name in values(row)} == values(row), message
        assert (decision["winner"], decision["winner_value_cents"]) == best(row, allowed), message


@pytest.mark.parametrize("settings", [DecisionSettings(), ALLOW])
def test_no_decision_breaks_a_policy(settings: DecisionSettings) -> None:
    """Stated from the rules alone: no gate is asked."""
    seed = 7
    customers = random_customers(20_000, seed)
    won = 0
    for row, decision in zip(customers, decided(customers, settings), strict=True):
        if decision["winner"] == "do_nothing":
            assert decision["winner_value_cents"] == 0
            continue
        won += 1
        consents = ("given",) if settings != ALLOW else ("given", "unknown", None)
        assert row["marketing_consent"] in consents, f"seed {seed}, {row}"
        assert not row["days_past_due"], f"seed {seed}, {row}"
        assert row["complaints_open"] == 0, f"seed {seed}, {row}"
        assert row["marketing_contacts_7d"] < 2, f"seed {seed}, {row}"
        assert row["marketing_contacts_30d"] < 4, f"seed {seed}, {row}"
        if row["consent_personalisation"] == 0:
            assert decision["winner"] == "general_news", f"seed {seed}, {row}"
        assert decision["winner_value_cents"] > 0, f"seed {seed}, {row}"
    assert won > 400


def test_the_same_input_gives_the_same_decision() -> None:
    customers = random_customers(500, 3)
    assert decided(customers) == decided(list(reversed(customers)))


def test_ties_go_to_doing_nothing_then_by_name() -> None:
    free = {"response_bp": 0, "response_revolver_bp": 0, "channel_cents": 0}
    level = DecisionSettings({"bill_instalment": free})
    assert decided([BIG_BILL], level)[0]["winner"] == "do_nothing"
    both = BIG_BILL | {"stage": "dormant", "days_since_last_use": 400, "spend_365d_cents": 0}
    worth = values(both)
    gap = worth["wake_up"] - worth["bill_instalment"]
    tied = DecisionSettings({"wake_up": {"channel_cents": 30 + gap}})
    decision = decided([both], tied)[0]
    assert decision["wake_up__value_cents"] == decision["bill_instalment__value_cents"]
    assert decision["winner"] == "bill_instalment"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"nothing": {}}, "name no offer or policy: nothing"),
        ({"wake_up": {"bonus": 1}}, "wake_up has no parameter bonus=1"),
        ({"wake_up": {"channel_cents": "30"}}, "wake_up has no parameter channel_cents='30'"),
    ],
)
def test_wrong_settings_are_named(settings: dict[str, dict[str, int | str]], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        considered(DecisionSettings(settings))


def test_unknown_consent_is_refuse_or_allow() -> None:
    with pytest.raises(BadInput, match="must be refuse or allow"):
        unknown_consent("maybe", "me")


def test_a_view_that_lacks_a_column_is_named() -> None:
    with pytest.raises(BadInput, match="days_past_due"):
        next_best_action(view_of_inputs().drop("days_past_due"))
    with pytest.raises(BadInput, match="no column currency"):
        next_best_action(view_of_inputs().drop("currency"))
