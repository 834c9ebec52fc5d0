"""Every compiled feature equals plain Python over the rows, with late and future rows planted in the history."""

import pyarrow as pa
import pytest

from tests.data.brute_force import features as by_hand
from tests.data.random_facts import AS_OF, history
from zhike.core.engine import Files, Limits, duckdb_session
from zhike.data.asof import Facts
from zhike.data.compiler import compile_view
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features
from zhike.data.tables import TABLES


def compiled(rows: dict[str, list[dict]]) -> dict[str, dict]:
    """The compiled view over ``rows``, by customer."""
    view = compile_view(Facts(lambda name: TABLES[name].unbound(), AS_OF), features)
    empty = {name: Files(table.arrow_schema(), []) for name, table in TABLES.items()}
    with duckdb_session(empty, Limits()) as session:
        for name, table in rows.items():
            session.add(name, pa.Table.from_pylist(table, TABLES[name].arrow_schema()))
        return {row["customer_id"]: row for row in session.query(view).to_pylist()}


@pytest.mark.parametrize("seed", range(5))
def test_features_equal_brute_force(seed: int) -> None:
    rows = history(seed)
    expected, found = by_hand(rows, AS_OF), compiled(rows)
    assert found.keys() == expected.keys()
    for customer, values in expected.items():
        assert {name: found[customer][name] for name in values} == values, f"seed {seed}, {customer}"
    assert len(next(iter(expected.values()))) >= 150
    told = {name: {values[name] for values in expected.values()} for name in next(iter(expected.values()))}
    assert {name for name, values in told.items() if len(values) == 1} <= {"sex"}, "each is put to the test"


def test_nothing_from_the_future_changes_anything() -> None:
    rows = history(7)
    known = {
        name: [row for row in table if max(row.get("business_date") or row["valid_from"],
                                           row.get("known_at") or row["known_from"]) <= AS_OF]
        for name, table in rows.items()
    }  # fmt: skip
    assert sum(map(len, known.values())) < sum(map(len, rows.values())), "the history must hold future rows"
    assert compiled(known) == compiled(rows)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = history(3)
    assert compiled({name: table[::-1] for name, table in rows.items()}) == compiled(rows)


def test_what_a_table_cannot_give_is_refused() -> None:
    title = features.get("cards_held").title
    asked = Feature("newest_card", title, title, "count", "card", Measure("count"), newest_per_account=True)
    with pytest.raises(ValueError, match="newest_card: rows of card belong to a party"):
        compile_view(Facts(lambda name: TABLES[name].unbound(), AS_OF), [asked])


def test_a_feature_that_needs_itself_is_refused() -> None:
    title = features.get("utilisation").title
    circle = Derived("circle", title, title, "", "int64", ("circle",), lambda view, as_of: view.circle)
    with pytest.raises(ValueError, match="circle"):
        compile_view(Facts(lambda name: TABLES[name].unbound(), AS_OF), [circle])
