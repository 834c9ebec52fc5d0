"""Contract of every KPI."""

from datetime import date

import ibis
import pytest

from zhike.core.clock import months_before
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.assumption import assumptions
from zhike.data.kpis import AREAS, KEYS, Kpi, Sums, kpis
from zhike.data.splits import Beside, labelled, splits
from zhike.data.tables import TABLES

AS_OF = date(2026, 6, 30)
FACTS = Facts(lambda name: TABLES[name].unbound(), AS_OF)
each = pytest.mark.parametrize("kpi", list(kpis), ids=lambda kpi: kpi.name)


@each
def test_definition_card(kpi: Kpi) -> None:
    for text in (kpi.title, kpi.meaning, kpi.formula, kpi.population, kpi.as_of_rule):
        assert isinstance(text, Text)
        assert text.zh != text.en
        assert text.zh
        assert text.en
    assert kpi.owner
    assert kpi.area in AREAS
    assert (kpi.kind == "flow") == (kpi.period_days > 0 or kpi.period_months > 0)
    assert not (kpi.period_days and kpi.period_months)
    assert kpi.unit != "ratio" or kpi.quotient
    assert kpi.per >= 1
    for stated in assumptions(kpi.assumptions):
        assert stated.unit


@each
def test_period_never_reaches_past_the_day(kpi: Kpi) -> None:
    period = kpi.period(AS_OF)
    assert period.start <= period.end <= AS_OF
    assert kpi.previous(AS_OF) < AS_OF
    assert kpi.kind == "flow" or (period.start, period.end) == (AS_OF, AS_OF)
    if kpi.period_months and not kpi.period_ends_days_before:
        assert period.before == months_before(AS_OF, kpi.period_months)


@each
def test_rows_are_parts_with_keys(kpi: Kpi) -> None:
    rows = kpi.rows(FACTS, kpi.period(AS_OF))
    assert set(rows.columns) - {"part", "whole"} <= set(KEYS)
    assert rows.schema()["part"].is_integer()
    assert ("whole" in rows.columns) == kpi.quotient
    assert splits()["branch"].places(rows.columns), "every KPI is split by branch: whose staff see their own"


@pytest.mark.parametrize("dialect", ["duckdb", "databricks"])
@each
def test_compiles_whole_and_split(kpi: Kpi, dialect: str) -> None:
    sums = kpi.sums(FACTS)
    assert sums.columns == ("part", "whole", "known")
    assert ibis.to_sql(sums, dialect=dialect)
    rows = kpi.rows(FACTS, kpi.period(AS_OF))
    by_branch = kpi.sums_by(labelled(kpi, splits()["branch"], FACTS, rows, Beside()), FACTS)
    assert ibis.to_sql(by_branch, dialect=dialect)


@each
def test_unknown_is_not_zero(kpi: Kpi) -> None:
    assert kpi.value(Sums(None, None, False)) is None
    assert kpi.value(Sums(5, 10, False)) is None
    assert not kpi.quotient or kpi.value(Sums(5, 0)) is None


def test_every_row_of_the_table_is_there() -> None:
    assert set(kpis.all()) >= {
        "valid_cards", "spend_30d", "utilisation", "dormant_ratio", "receivables", "revolving_share", "fee_income_30d",
        "net_interest_income_30d", "instalment_volume_30d", "instalment_penetration", "spend_per_active_card_30d",
        "non_performing_rate", "net_loss_rate_90d", "recovery_rate_12m", "silent_churn_rate", "products_per_customer",
        "assets_under_management", "contact_to_sale_rate_30d", "wasted_contacts_30d", "cost_per_active_new_card",
        "cost_to_serve_30d", "complaints_per_million_30d", "complaint_on_time_rate_90d", "csat_mean_90d",
        "complaint_first_response_days_90d", "complaint_cycle_days_90d", "application_cycle_days_90d",
        "issue_cycle_days_90d", "first_contact_resolution_30d", "csat_top2_share_90d", "nps_90d", "points_liability",
        "breakage_rate_12m", "redemption_rate_12m",
        *(f"activation_rate_{days}d" for days in (30, 60, 90)),
        *(f"{name}_rate_{days}d" for name in ("binding", "first_use", "third_use") for days in (30, 60)),
        *(f"active_{whom}_rate_{months}m" for whom in ("card", "customer") for months in (1, 3, 6, 12)),
        *(f"m{number}_rate{lagged}" for number in range(1, 8) for lagged in ("", "_lagged")),
        *(f"roll_rate_m{number}_m{number + 1}" for number in range(7)),
        *(f"churn_rate_{by}_30d" for by in ("customer", "bank", "charge_off")),
    }  # fmt: skip


def test_the_tiles_of_the_overview() -> None:
    tiles = sorted((kpi.tile, kpi.name) for kpi in kpis if kpi.tile)
    assert [place for place, _ in tiles] == [1, 2, 3, 4, 5, 6]
