# ruff: noqa: E501 - one case, one line
"""The KPIs of cards, spend and limits on a small bank counted by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from zhike.core.clock import months_before
from zhike.core.engine import DuckSession, Limits, duckdb_session
from zhike.data.asof import Facts
from zhike.data.kpis import kpis
from zhike.data.measuring import whole
from zhike.data.tables import TABLES

AS_OF = date(2026, 6, 30)
LONG_AGO = date(2020, 1, 1)
Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def bank(rows: Rows) -> Iterator[DuckSession]:
    with duckdb_session({}, Limits()) as session:
        for name, table in TABLES.items():
            filled = [_filled(row) for row in rows.get(name, [])]
            session.add(name, pa.Table.from_pylist(filled, table.arrow_schema()))
        yield session


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    day = row.get("business_date", row.get("valid_from", LONG_AGO))
    return {"source": "test", "currency": "CNY", "valid_from": day, "known_from": day, "known_at": day, **row}


def value(rows: Rows, name: str, as_of: date = AS_OF) -> Any:
    with bank(rows) as session:
        facts = Facts(lambda table: TABLES[table].unbound(), as_of)
        kpi = kpis.get(name)
        return kpi.value(whole(session, kpi, facts).sums)


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def account(account_id: int, kind: str = "credit", status: str = "open") -> dict[str, Any]:
    return {"account_id": account_id, "kind": kind, "status": status, "opened_on": LONG_AGO}


def card(card_id: int, account_id: int, issued_days_ago: int, **more: Any) -> dict[str, Any]:
    issued = ago(issued_days_ago)
    return {"card_id": card_id, "account_id": account_id, "issued_on": issued, "valid_from": issued, **more}


def step(card_id: int, kind: str, days_ago: int) -> dict[str, Any]:
    return {"card_event_id": f"{card_id}{kind}", "card_id": card_id, "kind": kind, "business_date": ago(days_ago)}


def moved(card_id: int | None, kind: str, days_ago: int, cents: int = 100, initiated: bool = True) -> dict[str, Any]:
    return {
        "transaction_id": f"{card_id}{kind}{days_ago}", "account_id": 1, "card_id": card_id, "kind": kind,
        "amount_cents": cents, "customer_initiated": initiated, "business_date": ago(days_ago),
    }  # fmt: skip


def statement(account_id: int, days_ago: int, cents: int) -> dict[str, Any]:
    return {
        "statement_id": f"{account_id}-{days_ago}", "account_id": account_id, "balance_cents": cents,
        "business_date": ago(days_ago),
    }  # fmt: skip


BANK: Rows = {
    "account": [account(1), account(2), account(3, status="closed"), account(4), account(5, kind="deposit")],
    "card": [
        card(11, 1, 1000), card(12, 1, 1000), card(13, 2, 100), card(14, 3, 1000), card(15, 4, 60),
        card(16, 4, 600, policy_function=True), card(17, 5, 1000), card(18, 2, 40),
    ],
    "card_event": [
        step(12, "closed", 10), step(13, "activated", 70), step(15, "activated", 29), step(18, "activated", 20),
        step(14, "activated", 900),
    ],
    "transaction": [
        moved(11, "purchase", 5, 1000), moved(11, "refund", 4, 300, initiated=False), moved(11, "cash_advance", 3, 9999),
        moved(13, "purchase", 95, 5000), moved(17, "purchase", 700), moved(12, "purchase", 2, 50),
        moved(14, "purchase", 29, 7), moved(11, "purchase", 30, 4000), moved(None, "purchase", 1, 6),
    ],
    "statement": [statement(1, 40, 7000), statement(1, 10, 6000), statement(2, 10, 0), statement(3, 10, 5)],
    "limit_event": [
        {"account_id": 1, "kind": "permanent", "limit_cents": 10_000},
        {"account_id": 1, "kind": "temporary", "limit_cents": 14_000},
        {"account_id": 2, "kind": "permanent", "limit_cents": 10_000},
        {"account_id": 4, "kind": "permanent", "limit_cents": 10_000},
    ],
}  # fmt: skip


def test_stocks() -> None:
    assert value(BANK, "valid_cards") == 6  # 12 is closed, 14 stands on a closed account
    assert value(BANK, "active_card_rate_3m") == pytest.approx(1 / 6)  # card 11; 13 is 95 days ago, 12 no longer valid


def test_every_limit_counts_and_every_balance_is_of_the_day() -> None:
    # Account 1 was billed 6000 ten days ago; since then it moved by 1000 − 300 + 9999 + 50 + 6. Account 4 was never
    # billed and owes what it spent, 400; 2 owes nothing; 3 is closed.
    rows = {**BANK, "transaction": [*BANK["transaction"], {**moved(15, "purchase", 6, 400), "account_id": 4}]}
    assert value(rows, "utilisation") == pytest.approx((6000 + 10_755 + 400) / (14_000 + 10_000 + 10_000))
    assert value(rows, "receivables") == 6000 + 10_755 + 400 + 5
    paid = {"payment_id": "p", "account_id": 4, "amount_cents": 500, "business_date": ago(1)}
    assert value({**rows, "payment": [paid]}, "receivables") == 6000 + 10_755 + 0 + 5, "overpaid counts as nothing"


def test_movements_without_statements_are_no_balance() -> None:
    assert value({**BANK, "statement": []}, "utilisation") is None
    assert value({**BANK, "statement": []}, "receivables") is None
    other = {**moved(13, "purchase", 1, 900), "transaction_id": "other", "account_id": 2, "source": "shop"}
    assert value({**BANK, "transaction": [*BANK["transaction"], other]}, "receivables") == value(BANK, "receivables")


def test_spend_is_net_and_without_cash() -> None:
    assert value(BANK, "spend_30d") == 1000 - 300 + 50 + 7 + 6
    assert value(BANK, "spend_30d", kpis.get("spend_30d").previous(AS_OF)) == 4000


def test_activation_of_the_cohort() -> None:
    # Issued 30 to 119 days ago: 13 (activated on day 30), 15 (on day 31), 18 (on day 20).
    assert value(BANK, "activation_rate_30d") == pytest.approx(2 / 3)
    period = kpis.get("activation_rate_30d").period(AS_OF)
    assert (period.start, period.end) == (ago(119), ago(30))


def test_dormant_by_regulation() -> None:
    # Valid credit cards without a policy function: 11, 13, 15, 18. None is silent for more than 18 months.
    assert value(BANK, "dormant_ratio") == 0
    silent = [card(20, 2, 900), card(21, 1, 900)]  # account 2 owes nothing, account 1 does
    assert value({**BANK, "card": BANK["card"] + silent}, "dormant_ratio") == pytest.approx(1 / 6)


@pytest.mark.parametrize("name", list(kpis.all()))
def test_nothing_known_is_not_zero(name: str) -> None:
    assert value({}, name) is None


@pytest.mark.parametrize("name", ["active_card_rate_3m", "dormant_ratio"])
def test_cards_without_known_use_have_no_rate(name: str) -> None:
    assert value({**BANK, "transaction": [moved(None, "purchase", 1)]}, name) is None


def test_activation_is_unknown_where_none_is_recorded() -> None:
    assert value({**BANK, "card_event": [step(12, "closed", 10)]}, "activation_rate_30d") is None


@pytest.mark.parametrize("name", list(kpis.all()))
def test_later_facts_change_nothing(name: str) -> None:
    before = value(BANK, name, ago(60))
    later = {**BANK, "account": [*BANK["account"], {**account(1, status="closed"), "valid_from": ago(30)}]}
    assert value(later, name, ago(60)) == before


def test_months_before() -> None:
    assert months_before(date(2026, 6, 30), 3) == date(2026, 3, 30)
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 31), 2) == date(2025, 11, 30)
    assert months_before(date(2026, 6, 30), 18) == date(2024, 12, 30)
