"""What the customer asked the bank for."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure, Windowed
from zhike.data.features import features, register_windows


def _with_outcome(rows: ibis.Table, *, outcome: str) -> ir.BooleanValue:
    return rows.outcome == outcome


for _outcome, _zh, _en in (("received", "申请", "Applications"), ("refused", "被拒申请", "Applications refused")):
    register_windows(
        Windowed(
            name="applications_{days}d" if _outcome == "received" else f"applications_{_outcome}_{{days}}d",
            title=Text(f"近{{days}}天{_zh}数", f"{_en}, {{days}} days"),
            meaning=Text(f"近{{days}}天的{_zh}数，不论产品", f"{_en} in {{days}} days, for any product"),
            unit="count",
            table="application",
            measure=Measure("count"),
            windows_days=(365,),
            where=partial(_with_outcome, outcome=_outcome),
            empty=0,
        )
    )
features.register(
    Feature(
        name="last_application_on",
        title=Text("最近申请日", "Last application"),
        meaning=Text("最近一次申请的日期；从未为空", "Day of the newest application; empty if never"),
        unit="date",
        table="application",
        measure=Measure("last"),
        where=lambda rows: rows.outcome == "received",
    )
)
