"""Purchases of round amounts: where they dominate, a sign of cash-out (DOMAIN section 4): suspected, no more."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.ratio import ratio
from zhike.data.rows import purchases


@dataclass(frozen=True)
class Assumptions:
    """What counts as round."""

    multiple_cents: int = assumption(
        10_000,
        "cents",
        Text("整额：此数的倍数", "Round: a multiple of"),
        owner="risk",
        origin="convention of the trade",
    )


ASSUMED = Assumptions()


def _round(rows: ibis.Table) -> ir.BooleanValue:
    return purchases(rows) & (rows.amount_cents > 0) & (rows.amount_cents % ASSUMED.multiple_cents == 0)


register_windows(
    Windowed(
        name="round_purchases_{days}d",
        title=Text("近{days}天整额消费笔数", "Round-amount purchases, {days} days"),
        meaning=Text(
            f"近{{days}}天金额为{ASSUMED.multiple_cents // 100}元整数倍的消费笔数",
            f"Purchases of a multiple of {ASSUMED.multiple_cents // 100} in {{days}} days",
        ),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(90,),
        where=_round,
        empty=0,
        theme="habits",
        assumptions=ASSUMED,
    )
)
features.register(
    Derived(
        name="round_share_90d",
        title=Text("近90天整额消费占比", "Round-amount share, 90 days"),
        meaning=Text(
            "近90天整额消费占比：按笔数，无消费为空",
            "Round-amount share, 90 days: by number of purchases; empty without one",
        ),
        unit="ratio",
        type="float64",
        needs=("round_purchases_90d", "purchases_90d"),
        expression=lambda view, as_of: ratio(view.round_purchases_90d, view.purchases_90d),
        assumptions=ASSUMED,
    )
)
