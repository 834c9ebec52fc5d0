"""Mortgage payments: a steady payer may want a renovation or parking-space loan."""

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows


def _mortgage(rows: ibis.Table) -> ir.BooleanValue:
    return (rows.kind == "transfer_out") & (rows.purpose == "mortgage")


register_windows(
    Windowed(
        name="mortgage_payments_{days}d",
        title=Text("近{days}天房贷还款次数", "Mortgage payments, {days} days"),
        meaning=Text("近{days}天从存款账户扣划的房贷次数", "Mortgage payments from deposit accounts in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(90, 365),
        where=_mortgage,
        empty=0,
        theme="assets",
    )
)
register_windows(
    Windowed(
        name="mortgage_{days}d_cents",
        title=Text("近{days}天房贷还款额", "Mortgage paid, {days} days"),
        meaning=Text("近{days}天从存款账户扣划的房贷金额", "Amount of mortgage payments in {days} days"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", "amount_cents"),
        windows_days=(90,),
        where=_mortgage,
        empty=0,
        theme="assets",
    )
)
