"""What the customer last said in surveys."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features


def _on_scale(rows: ibis.Table, *, kind: str) -> ir.BooleanValue:
    return rows.kind == kind


for _kind, _zh, _en in (
    ("csat", "满意度（1至5分）", "Satisfaction, 1 to 5"),
    ("nps", "净推荐打分（0至10分）", "Would recommend, 0 to 10"),
):
    features.register(
        Feature(
            name=f"{_kind}_last",
            title=Text(f"最近{_zh}", f"{_en}, newest"),
            meaning=Text(f"最近一次{_zh}；从未作答为空", f"{_en}: the newest answer; empty without one"),
            unit="score",
            table="newest_survey",
            measure=Measure("max", "score"),
            where=partial(_on_scale, kind=_kind),
        )
    )
