"""Every KPI equals plain Python over the rows; pieces add up to the whole; no row or version from the future counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pyarrow as pa
import pytest

from tests.data.kpi_brute_force import sums as by_hand
from tests.data.random_dialogue import with_dialogue
from tests.data.random_facts import AS_OF, Rows, history
from zhike.core.engine import DuckSession, Limits, duckdb_session
from zhike.data.kpis import Kpi, Sums, kpis
from zhike.data.measuring import added, by_branch, facts_in, months, pieces, whole
from zhike.data.splits import Beside, splits
from zhike.data.tables import TABLES


@contextmanager
def session_of(rows: Rows) -> Iterator[DuckSession]:
    with duckdb_session({}, Limits()) as session:
        for name, table in TABLES.items():
            session.add(name, pa.Table.from_pylist(rows.get(name, []), table.arrow_schema()))
        yield session


def all_sums(rows: Rows, day: object = AS_OF) -> dict[str, Sums]:
    with session_of(rows) as session:
        found = by_branch(session, kpis, facts_in(session, day))
    return {name: added(branches) for name, branches in found.items()}


def _plain(kpi: Kpi, sums: Sums) -> tuple[int, int | None]:
    return sums.part or 0, (sums.whole or 0) if kpi.quotient else None


@pytest.mark.parametrize("seed", range(4))
def test_every_kpi_equals_brute_force(seed: int) -> None:
    rows = with_dialogue(history(seed, 120), seed)
    for day in (AS_OF, AS_OF - timedelta(days=47)):
        found, expected = all_sums(rows, day), by_hand(rows, day)
        assert expected.keys() == kpis.all().keys()
        for kpi in kpis:
            assert _plain(kpi, found[kpi.name]) == expected[kpi.name], f"seed {seed}, {day}, {kpi.name}"
    counted = [name for name, (part, _) in expected.items() if part]
    assert len(counted) > 60, "the history must give most KPIs something to count"


def test_nothing_from_the_future_changes_anything() -> None:
    rows = with_dialogue(history(7), 7)
    known = {
        name: [row for row in table if max(row.get("business_date") or row["valid_from"],
                                           row.get("known_at") or row["known_from"]) <= AS_OF]
        for name, table in rows.items()
    }  # fmt: skip
    assert sum(map(len, known.values())) < sum(map(len, rows.values())), "the history must hold future rows"
    assert all_sums(known) == all_sums(rows)


def test_a_late_row_counts_from_the_day_it_is_known() -> None:
    rows = with_dialogue(history(5), 5)
    account = rows["account"][0]["account_id"]
    day = AS_OF - timedelta(days=3)
    late = {"transaction_id": "late", "account_id": account, "card_id": None, "kind": "purchase", "currency": "CNY",
            "direction": "debit", "amount_cents": 777, "customer_initiated": True, "channel": "pos", "source": "made",
            "business_date": day, "known_at": AS_OF}  # fmt: skip
    with_late = {**rows, "transaction": [*rows["transaction"], late]}
    before, after = (
        (all_sums(rows, on)["spend_30d"].part, all_sums(with_late, on)["spend_30d"].part)
        for on in (AS_OF - timedelta(days=1), AS_OF)
    )
    assert before[0] == before[1]
    assert after[1] - after[0] == 777


def test_pieces_add_up_to_the_whole() -> None:
    rows = with_dialogue(history(2, 80), 2)
    people = pa.table({"party_id": [f"party-{n:04d}" for n in range(40)], "person": ["lin", "wu"] * 20})
    with session_of(rows) as session:
        session.add("people", people)
        facts = facts_in(session, AS_OF)
        beside = Beside(people=session.keep("kept_people", _table("people", people)))
        for kpi in kpis:
            bank = whole(session, kpi, facts).sums
            columns = kpi.rows(facts, kpi.period(AS_OF)).columns
            for by in (splits()[name] for name in ("branch", "product", "channel", "person")):
                if not by.places(columns):
                    continue
                split = pieces(session, kpi, facts, by, beside)
                assert len({piece.label for piece in split}) == len(split)
                told = added({str(place): piece.sums for place, piece in enumerate(split)}) if split else Sums(None)
                assert _plain(kpi, told) == _plain(kpi, bank), f"{kpi.name} by {by.name}"


def test_months_are_as_known_when_complete() -> None:
    rows = with_dialogue(history(1, 60), 1)
    with session_of(rows) as session:
        facts = facts_in(session, AS_OF)
        spend = list(months(session, kpis.get("spend_30d"), facts, 4))
        assert [piece.label for piece in spend] == ["2026-03", "2026-04", "2026-05", "2026-06"]
        for piece in spend:
            counted = [r for r in rows["transaction"] if piece.period.start <= r["business_date"] <= piece.period.end
                       and r["known_at"] <= piece.as_of]  # fmt: skip
            signs = {"purchase": 1, "refund": -1}
            assert piece.sums.part == sum(signs.get(r["kind"], 0) * r["amount_cents"] for r in counted)
        # A cohort of the last 30 days is not complete; stocks stand at the end of each month.
        cohorts = [piece.label for piece in months(session, kpis.get("activation_rate_60d"), facts, 4)]
        assert cohorts == ["2026-03", "2026-04", "2026-05"]
        stocks = list(months(session, kpis.get("receivables"), facts, 2))
        assert [piece.as_of for piece in stocks] == [AS_OF - timedelta(days=30), AS_OF]
        expected = [by_hand(rows, piece.as_of)["receivables"][0] for piece in stocks]
        assert [piece.sums.part or 0 for piece in stocks] == expected


def _table(name: str, rows: pa.Table) -> object:
    import ibis

    return ibis.table(ibis.Schema.from_pyarrow(rows.schema), name=name)
