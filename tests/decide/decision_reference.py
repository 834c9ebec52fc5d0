# ruff: noqa: E501 - one field, one place
"""The decision in plain Python, one customer at a time, and customers to decide: the tests' second opinion."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ibis
import pyarrow as pa

from zhike.core.engine import DuckSession, Limits, duckdb_session
from zhike.data.segments import classifications
from zhike.decide.arbitrate import inputs, next_best_action
from zhike.decide.inputs import VIEW, declared_view
from zhike.decide.offers import offers
from zhike.decide.terms import DecisionSettings, considered

Row = dict[str, Any]
STAGES = [label.name for each in classifications() if each.name == "stage" for label in each.labels]
ASLEEP = {"inactive": 500, "pre_dormant": 350, "dormant": 200, "regulatory_dormant": 80}
CHANNELS = {"bill_instalment": offers.get("bill_instalment").channels, "first_use_gift": ("app", "sms", "wallet"),
            "wake_up": ("sms", "app", "phone"), "general_news": ("app", "sms", "email")}  # fmt: skip
READ = tuple(inputs(declared_view().schema(), considered(DecisionSettings())))
SCHEMA = pa.schema(
    [("customer_id", pa.string()), *((name, declared_view().schema()[name].to_pyarrow()) for name in READ)]
)

# An everyday customer: one used credit card, paid in time, nothing to split.
CALM: Row = {
    "customer_id": "c", "accounts_open": 1, "cards_activated": 1, "cards_held": 1, "credit_accounts": 1, "currency": "CNY",
    "days_past_due": 0, "days_since_card_issued": 700, "days_since_last_use": 3, "largest_purchase_30d_cents": 9_900,
    "limit_cents": 2_000_000, "marketing_consent": "given", "owed_cents": 30_000, "revolving_cents": 0,
    "spend_365d_cents": 900_000, "stage": "active", "utilisation": 0.015,
    "consent_all": None, "consent_app": 1, "consent_phone": None, "consent_sms": 1, "consent_wallet": None,
    "consent_email": None, "consent_personalisation": None, "complaints_open": 0, "marketing_contacts_7d": 0,
    "marketing_contacts_30d": 0,
}  # fmt: skip
NEW_CARD: Row = CALM | {
    "days_since_card_issued": 20, "days_since_last_use": None, "largest_purchase_30d_cents": None, "owed_cents": None,
    "revolving_cents": None, "spend_365d_cents": 0, "stage": "activated", "utilisation": None, "days_past_due": None,
}  # fmt: skip
BIG_BILL: Row = CALM | {"owed_cents": 800_000, "largest_purchase_30d_cents": 600_000, "utilisation": 0.4}
ASLEEP_CARD: Row = CALM | {
    "days_since_last_use": 400, "stage": "dormant", "spend_365d_cents": 0, "owed_cents": 0,
    "largest_purchase_30d_cents": None, "utilisation": 0.0,
}  # fmt: skip
REFUSED_PERSONAL: Row = ASLEEP_CARD | {"consent_personalisation": 0}


@contextmanager
def session_of(rows: Sequence[Row]) -> Iterator[DuckSession]:
    with duckdb_session({}, Limits()) as session:
        session.add(VIEW, pa.Table.from_pylist(list(rows), SCHEMA))
        yield session


def view_of_inputs() -> ibis.Table:
    return ibis.table(ibis.Schema.from_pyarrow(SCHEMA), name=VIEW)


def decided(rows: Sequence[Row], settings: DecisionSettings | None = None) -> list[Row]:
    """Decision rows in the order of their customer ids."""
    with session_of(rows) as session:
        return session.query(next_best_action(view_of_inputs(), settings).order_by("customer_id")).to_pylist()


def random_customers(count: int, seed: int) -> list[Row]:
    """Customers of every kind, each field sometimes unknown, edges of every gate included."""
    dice = random.Random(seed)
    return [_random_customer(dice, f"c{number:06}") for number in range(count)]


def _random_customer(dice: random.Random, customer_id: str) -> Row:
    money = [0, 1, 99_999, 100_000, 200_000, 5_555_555, -3_000, 10**12, dice.randrange(10_000_000)]
    days = [0, 1, 30, 90, 180, 181, 366, 549, 1095, 1096, dice.randrange(2000)]
    choices: dict[str, list[Any]] = {
        "accounts_open": [0, 1, 2], "cards_activated": [0, 1], "cards_held": [0, 1, 2], "credit_accounts": [0, 1],
        "currency": ["CNY"], "days_past_due": [0, 0, 0, 1, 29, 90], "days_since_card_issued": days,
        "days_since_last_use": days, "largest_purchase_30d_cents": money, "limit_cents": money,
        "marketing_consent": ["given", "given", "given", "withdrawn", "unknown"], "owed_cents": money,
        "revolving_cents": money, "spend_365d_cents": money, "stage": STAGES,
        "utilisation": [0.0, 0.949, 0.95, 0.951, 1.3, dice.random()],
        **{f"consent_{channel}": [1, 0, None] for channel in ("all", "app", "email", "phone", "sms", "wallet")},
        "consent_personalisation": [1, 1, 1, 0], "complaints_open": [0, 0, 0, 0, 0, 1, 2],
        "marketing_contacts_7d": [0, 0, 0, 1, 1, 2, 3], "marketing_contacts_30d": [0, 0, 1, 2, 3, 4, 5],
    }  # fmt: skip
    found = {name: None if dice.random() < 0.08 else dice.choice(options) for name, options in choices.items()}
    return found | {"customer_id": customer_id, "currency": "CNY"}


def refused(row: Row, allow_unknown: bool = False) -> dict[str, set[str]]:
    """Codes of the gates that each offer fails."""
    policies = {
        name: _policies(row, channels, allow_unknown, name != "general_news") for name, channels in CHANNELS.items()
    }
    to_split = max(row["owed_cents"] or 0, row["largest_purchase_30d_cents"] or 0)
    used = row["utilisation"]
    return {
        "do_nothing": set(),
        "bill_instalment": policies["bill_instalment"] | _codes(
            no_credit_account=_than(row["credit_accounts"], lambda n: n > 0),
            nothing_to_split=to_split >= 100_000,
            late_on_bill=(row["days_past_due"] or 0) <= 0,
            limit_exhausted=used is None or used * 10_000 <= 9_500,
        ),
        "first_use_gift": policies["first_use_gift"] | _codes(
            no_card=_than(row["cards_held"], lambda n: n > 0),
            card_not_new=row["days_since_card_issued"] is None or row["days_since_card_issued"] <= 180,
            card_in_use=_than(row["spend_365d_cents"], lambda n: n <= 0),
            no_limit=row["limit_cents"] is None or row["limit_cents"] > 0,
        ),
        "general_news": policies["general_news"] | _codes(
            holds_no_card=_than(row["cards_held"], lambda n: n > 0),
            personalisation_on=row["consent_personalisation"] == 0,
        ),
        "wake_up": policies["wake_up"] | _codes(
            no_open_account=_than(row["accounts_open"], lambda n: n > 0),
            never_used=row["days_since_last_use"] is not None,
            not_asleep=_than(row["stage"], lambda stage: stage in ASLEEP),
            silent_too_long=(row["days_since_last_use"] or 0) <= 1095,
        ),
    }  # fmt: skip


def _policies(row: Row, channels: tuple[str, ...], allow_unknown: bool, personal: bool) -> set[str]:
    consents = [row["consent_all"] if row[f"consent_{one}"] is None else row[f"consent_{one}"] for one in channels]
    return _codes(
        arrears=(row["days_past_due"] or 0) < 1,
        consent_withdrawn=row["marketing_consent"] != "withdrawn",
        consent_other_channel=row["marketing_consent"] != "given" or 1 in consents,
        consent_unknown=row["marketing_consent"] in ("given", "withdrawn") or allow_unknown,
        complaint_open=_than(row["complaints_open"], lambda n: n == 0),
        personalisation_refused=not personal or row["consent_personalisation"] != 0,
        cap_7_days=_than(row["marketing_contacts_7d"], lambda n: n < 2),
        cap_30_days=_than(row["marketing_contacts_30d"], lambda n: n < 4),
    )


def _than(value: Any, test: Any) -> bool | None:
    return None if value is None else test(value)


def _codes(**passed: bool | None) -> set[str]:
    return {code if held is False else f"{code}_unknown" for code, held in passed.items() if not held}


def values(row: Row) -> dict[str, int]:
    """Cents that each offer is worth."""

    def amount(name: str) -> int:
        return max(-(10**11), min(10**11, row[name] or 0))

    principal = min(share(max(amount("owed_cents"), amount("largest_purchase_30d_cents")), 9_000), 5_000_000)
    replaced = min(share(amount("revolving_cents"), 5_000), principal)
    instalment = share(principal, 60 * 12 - 108) - share(replaced, 989) - share(principal, 81)
    spend = min(600_000 if row["limit_cents"] is None else share(amount("limit_cents"), 5_000), 3_000_000)
    gift = share(spend, 90) - 2_000 - share(spend, 20)
    waking = max(share(amount("spend_365d_cents"), 90), 8_000) - 1_000 - 500
    return {
        "do_nothing": 0,
        "bill_instalment": share(instalment, 600 if amount("revolving_cents") > 0 else 300) - 30,
        "first_use_gift": share(gift, 1_200 if (row["cards_activated"] or 0) > 0 else 500) - 30,
        "general_news": share(12_000 - 500, 40) - 30,
        "wake_up": share(waking, ASLEEP.get(row["stage"], 80)) - 30,
    }


def share(cents: int, basis_points: int) -> int:
    """Halves up, in whole numbers."""
    return (cents * basis_points + 5_000) // 10_000


def best(row: Row, allow_unknown: bool = False) -> tuple[str, int]:
    """The winner and its value."""
    worth, faults = values(row), refused(row, allow_unknown)
    order = ["do_nothing", "bill_instalment", "first_use_gift", "general_news", "wake_up"]
    standing = [name for name in order if not faults[name]]
    winner = max(standing, key=lambda name: (worth[name], -order.index(name)))
    return winner, worth[winner]
