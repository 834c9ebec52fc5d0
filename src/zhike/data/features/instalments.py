"""Use of instalments: plans that run, and what was booked lately. Loans are apart."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure, Windowed
from zhike.data.features import features, register_windows


def _running(rows: ibis.Table, *, loans: bool) -> ir.BooleanValue:
    return ((rows.kind == "loan") == loans) & rows.status.isin(["running", "running_in_debt"])


for _prefix, _loans, _zh, _en in (("instalments", False, "分期", "instalment plans"), ("loans", True, "贷款", "loans")):
    _of = partial(_running, loans=_loans)
    for _name, _unit, _measure, _title, _meaning in (
        (
            f"{_prefix}_running", "count", Measure("count"),
            Text(f"在途{_zh}笔数", f"Running {_en}"),
            Text(f"当日未结清的{_zh}笔数", f"Number of {_en} not yet paid off"),
        ),
        (
            f"{_prefix}_principal_cents", "cents", Measure("sum", "principal_cents"),
            Text(f"在途{_zh}本金", f"Principal of running {_en}"),
            Text(f"当日未结清{_zh}的入账本金之和", f"Booked principal of {_en} not yet paid off"),
        ),
        (
            f"{_prefix}_monthly_cents", "cents", Measure("sum", "payment_cents"),
            Text(f"在途{_zh}月供", f"Monthly payment of running {_en}"),
            Text(f"当日未结清{_zh}的每月还款之和", f"Payments per month of {_en} not yet paid off"),
        ),
    ):  # fmt: skip
        features.register(
            Feature(
                name=_name, title=_title, meaning=_meaning, unit=_unit, table="instalment_plan", measure=_measure,
                where=_of, empty=0,
            )
        )  # fmt: skip

register_windows(
    Windowed(
        name="instalments_booked_{days}d",
        title=Text("近{days}天办理分期笔数", "Instalment plans booked, {days} days"),
        meaning=Text(
            "近{days}天办理的分期笔数，不含贷款与撤销", "Plans booked in {days} days; neither loans nor cancelled"
        ),
        unit="count",
        table="plan_booking",
        measure=Measure("count"),
        windows_days=(90, 365),
        empty=0,
    )
)
register_windows(
    Windowed(
        name="instalment_volume_{days}d_cents",
        title=Text("近{days}天分期金额", "Instalment volume, {days} days"),
        meaning=Text("近{days}天办理的分期本金之和", "Principal of the plans booked in {days} days"),
        unit="cents",
        table="plan_booking",
        measure=Measure("sum", "principal_cents"),
        windows_days=(365,),
        empty=0,
    )
)
