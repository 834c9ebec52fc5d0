# ruff: noqa: E501 - one case, one line
"""Tier, stage and the named segments at their edges, and on customers without a card."""

from typing import Any

import ibis
import pyarrow as pa
import pytest

from zhike.core.engine import Limits, duckdb_session
from zhike.core.text import Text
from zhike.data.segments import Segment, _layers, add_segments, named_segments, view_fields
from zhike.decide.inputs import declared_view

_QUIET = {
    "accounts_open": 1, "accounts_closed": 0, "cards_held": 1, "cards_activated": 1, "days_since_card_issued": 900,
    "days_since_last_use": 5, "tenure_days": 900, "owed_cents": 0, "limit_cents": 1_000_000, "days_past_due": 0,
    "largest_purchase_30d_cents": 0, "contribution_12m_cents": 0, "deposits_cents": 0,
}  # fmt: skip


def classified(**given: Any) -> dict[str, Any]:
    declared = declared_view()
    own = [name for name in declared.columns if name in _QUIET]
    view = ibis.table({name: declared.schema()[name] for name in own}, name="view")
    with duckdb_session({}, Limits()) as session:
        session.add("view", pa.Table.from_pylist([{**_QUIET, **given}], view.schema().to_pyarrow()))
        return session.query(add_segments(view)).to_pylist()[0]


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ({"days_since_last_use": 0}, "active"),
        ({"days_since_last_use": 90}, "active"),
        ({"days_since_last_use": 91}, "slipping"),
        ({"days_since_last_use": 181}, "slipping"),
        ({"days_since_last_use": 182}, "inactive"),
        ({"days_since_last_use": 274}, "pre_dormant"),
        ({"days_since_last_use": 365}, "pre_dormant"),
        ({"days_since_last_use": 366}, "dormant"),
        ({"days_since_last_use": 548}, "dormant"),
        ({"days_since_last_use": 549}, "regulatory_dormant"),
        ({"days_since_last_use": 549, "owed_cents": 1}, "dormant"),
        ({"days_since_last_use": 5, "tenure_days": 90}, "new"),
        ({"accounts_open": 0, "accounts_closed": 2}, "closed"),
        ({"days_since_last_use": None, "cards_activated": 0, "days_since_card_issued": 10}, "issued"),
        ({"days_since_last_use": None, "days_since_card_issued": 10}, "activated"),
        ({"days_since_last_use": None, "days_since_card_issued": 365}, "activated"),
        ({"days_since_last_use": None, "days_since_card_issued": 366}, "dormant"),
        ({"days_since_last_use": None, "days_since_card_issued": 549}, "regulatory_dormant"),
    ],
)
def test_stage_of_card_holders(given: dict[str, Any], stage: str) -> None:
    assert classified(**given)["stage"] == stage


_NO_CARD = {
    "cards_held": 0,
    "cards_activated": 0,
    "days_since_card_issued": None,
    "limit_cents": None,
    "owed_cents": None,
}


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ({"days_since_last_use": 12}, "active"),
        ({"days_since_last_use": 400}, "dormant"),
        ({"days_since_last_use": None, "tenure_days": 20}, "new"),
        ({"days_since_last_use": None, "tenure_days": 200}, "inactive"),
        ({"days_since_last_use": None, "tenure_days": 200, "owed_cents": 5_000}, "active"),  # statements only
        ({"days_since_last_use": None, "tenure_days": None}, "unknown"),
    ],
)
def test_stage_of_depositors_and_buyers(given: dict[str, Any], stage: str) -> None:
    assert classified(**{**_NO_CARD, **given})["stage"] == stage


@pytest.mark.parametrize(
    ("contribution", "deposits", "tier"),
    [
        (500_000, None, "private"), (499_999, 100_000_000, "private"), (50_000, 0, "value"), (None, 10_000_000, "value"),
        (49_999, 9_999_999, "mass"), (None, None, "mass"), (-10, -10, "mass"),
    ],
)  # fmt: skip
def test_tier(contribution: int | None, deposits: int | None, tier: str) -> None:
    assert classified(contribution_12m_cents=contribution, deposits_cents=deposits)["tier"] == tier


def test_named_segments() -> None:
    new = classified(days_since_last_use=None, days_since_card_issued=10)
    assert (new["segment__new_unused"], new["segment__sleeping"]) == (True, False)
    prospect = classified(owed_cents=200_000, days_past_due=None)
    assert prospect["segment__instalment_prospects"]
    assert not classified(owed_cents=200_000, days_past_due=1)["segment__instalment_prospects"]
    assert not classified(owed_cents=199_999)["segment__instalment_prospects"]
    assert classified(days_since_last_use=400)["segment__sleeping"]


def test_segments_may_name_segments_but_not_each_other() -> None:
    def segment(name: str, expression: str) -> Segment:
        return Segment(name, Text("一", "one"), Text("一", "one"), "product", expression)

    known = view_fields(declared_view().drop(*(each.column for each in named_segments())).schema())
    layers = _layers([segment("b", "segment('a') and tier = 'mass'"), segment("a", "stage = 'active'")], known)
    assert [list(layer) for layer in layers] == [["segment__a"], ["segment__b"]]
    with pytest.raises(ValueError, match="name each other: segment__a, segment__b"):
        _layers([segment("a", "segment('b')"), segment("b", "not segment('a')")], known)
