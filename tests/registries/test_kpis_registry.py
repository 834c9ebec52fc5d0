"""Contract of every KPI."""

from datetime import date

import ibis
import pytest

from zhike.data.asof import Facts
from zhike.data.kpis import Kpi, kpis
from zhike.data.tables import TABLES
from zhike.decide.inputs import declared_view

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize("kpi", list(kpis), ids=lambda kpi: kpi.name)
def test_definition_card(kpi: Kpi) -> None:
    for text in (kpi.title, kpi.meaning, kpi.formula, kpi.population):
        assert text.zh != text.en
    assert kpi.owner
    assert (kpi.kind == "flow") == (kpi.period_days > 0)
    period = kpi.period(AS_OF)
    assert period.start <= period.end <= AS_OF
    assert kpi.previous(AS_OF) < AS_OF


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
@pytest.mark.parametrize("kpi", list(kpis), ids=lambda kpi: kpi.name)
def test_compiles_to_one_number(kpi: Kpi, dialect: str) -> None:
    facts = Facts(lambda name: TABLES[name].unbound(), AS_OF)
    value = kpi.value(facts, declared_view())
    assert isinstance(value, ibis.expr.types.Scalar)
    assert ibis.to_sql(value, dialect=dialect)


def test_there_are_the_six() -> None:
    assert set(kpis.all()) >= {
        "valid_cards", "active_card_rate", "activation_rate_30d", "spend_30d", "utilisation", "dormant_ratio",
    }  # fmt: skip
