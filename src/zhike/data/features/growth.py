"""Growth score (成长性): whether spend, use and deposits go up or down, on one scale."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived
from zhike.data.features import features


@dataclass(frozen=True)
class Assumptions:
    """What each movement weighs; together 100."""

    spend_weight: int = assumption(
        40, "count", Text("消费变化权重", "Weight of spend"), owner="product", origin="the bank's choice"
    )
    use_weight: int = assumption(
        30, "count", Text("频次变化权重", "Weight of use"), owner="product", origin="the bank's choice"
    )
    deposits_weight: int = assumption(
        30, "count", Text("存款变化权重", "Weight of deposits"), owner="product", origin="the bank's choice"
    )


ASSUMED = Assumptions()
_MOVES = (
    ("spend_90d_cents", "spend_previous_90d_cents", ASSUMED.spend_weight),
    ("transactions_90d", "transactions_previous_90d", ASSUMED.use_weight),
    ("deposits_cents", "deposits_90d_ago_cents", ASSUMED.deposits_weight),
)


def _score(view: ibis.Table) -> ir.IntegerValue:
    """Whole numbers throughout, so that every engine rounds alike."""
    moved = sum(_percent(view[now], view[before]) * weight for now, before, weight in _MOVES)
    known = ibis.or_(*((view[before] > 0).fill_null(False) for _, before, _ in _MOVES))
    return ibis.ifelse(known, 50 + moved // 200, ibis.null("int64"))


def _percent(now: ir.IntegerValue, before: ir.IntegerValue) -> ir.IntegerValue:
    """The change in per cent of what was before, from -100 to 100; 0 where there was nothing."""
    base = ibis.ifelse(before > 0, before, ibis.null("int64"))
    change = ((now - base) * 100 // base).fill_null(0)
    return ibis.greatest(ibis.least(change, 100), -100)


features.register(
    Derived(
        name="growth_score",
        title=Text("成长性评分", "Growth score"),
        meaning=Text(
            f"0至100，50为不变：近90天对前90天的消费（权重{ASSUMED.spend_weight}）、交易频次"
            f"（{ASSUMED.use_weight}）与存款（{ASSUMED.deposits_weight}）变化，每项限于±100%；前期全无为空",
            f"0 to 100, 50 is no change: 90 days against the 90 before, of spend (weight {ASSUMED.spend_weight}), "
            f"transactions ({ASSUMED.use_weight}) and deposits ({ASSUMED.deposits_weight}), each within ±100 %; empty "
            "where there was nothing before",
        ),
        unit="score",
        type="int64",
        needs=tuple(name for now, before, _ in _MOVES for name in (now, before)),
        expression=lambda view, as_of: _score(view),
        theme="worth",
        assumptions=ASSUMED,
    )
)
