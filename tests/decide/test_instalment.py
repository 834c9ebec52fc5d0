"""Instalment arithmetic against DOMAIN section 2, and whole-number shares."""

from decimal import ROUND_HALF_UP, Decimal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhike.core.engine import Limits, duckdb_session
from zhike.core.errors import BadInput
from zhike.decide.arithmetic import bounded, share
from zhike.decide.instalment import simple_annual_bp
from zhike.decide.offers import offers


@pytest.mark.parametrize(
    ("fee_bp", "term_months", "annual_bp"), [(60, 3, 1077), (60, 12, 1303), (75, 12, 1622), (0, 12, 0)]
)
def test_twelve_times_the_internal_rate(fee_bp: int, term_months: int, annual_bp: int) -> None:
    assert simple_annual_bp(fee_bp, term_months) == annual_bp


def test_the_rate_repays_the_principal() -> None:
    for fee_bp in (1, 30, 150):
        for term_months in (2, 6, 24, 60):
            rate = simple_annual_bp(fee_bp, term_months) / 120_000
            payment = 1 / term_months + fee_bp / 10_000
            present = sum(payment / (1 + rate) ** month for month in range(1, term_months + 1))
            assert present == pytest.approx(1, abs=2e-4)


@pytest.mark.parametrize(("fee_bp", "term_months"), [(-1, 12), (60, 0), (60, 61)])
def test_impossible_terms_are_refused(fee_bp: int, term_months: int) -> None:
    with pytest.raises(BadInput, match="1 to 60 months"):
        simple_annual_bp(fee_bp, term_months)


def test_the_offer_shows_its_annual_rate() -> None:
    assert offers.get("bill_instalment").shown_values == {"annual_rate_bp": 1303}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.none() | st.integers(-(2**62), 2**62), st.integers(0, 10_000)), min_size=1, max_size=200))
def test_share_is_exact(cases: list[tuple[int | None, int]]) -> None:
    amounts, parts = zip(*cases, strict=True)
    with duckdb_session({}, Limits()) as session:
        session.add("t", pa.table({"a": pa.array(amounts, pa.int64()), "b": pa.array(parts, pa.int64())}))
        table = ibis.table({"a": "int64", "b": "int64"}, name="t")
        found = session.query(table.select(share=share(bounded(table.a), table.b)))["share"].to_pylist()
    assert found == [None if a is None else _share(max(-(10**11), min(10**11, a)), b) for a, b in cases]


def _share(cents: int, basis_points: int) -> int:
    exact = Decimal(cents) * basis_points / 10_000
    down = exact.to_integral_value(ROUND_HALF_UP)
    return int(down if exact >= 0 or exact % 1 != Decimal("-0.5") else down + 1)
