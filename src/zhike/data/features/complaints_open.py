"""Complaints that nobody has closed yet: delivered by the bank's systems, and taken here."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features
from zhike.data.rows import OPERATIONS


def _open(rows: ibis.Table, *, here: bool) -> ir.BooleanValue:
    return rows.is_open & ((rows.source == OPERATIONS) == here)


for _name, _here, _zh, _en in (
    ("complaints_open_delivered", False, "未结投诉数（其他系统）", "Open complaints, of other systems"),
    ("complaints_open_recorded", True, "未结投诉数（本系统受理）", "Open complaints, taken here"),
):
    features.register(
        Feature(
            name=_name,
            title=Text(_zh, _en),
            meaning=Text("已受理、尚未办结的投诉", "Received, and not closed since"),
            unit="count",
            table="complaint_state",
            measure=Measure("count"),
            where=partial(_open, here=_here),
            empty=0,
        )
    )

COMPLAINTS_OPEN = features.register(
    Derived(
        name="complaints_open",
        title=Text("未结投诉数", "Open complaints"),
        meaning=Text("已受理、尚未办结的投诉，不论在何处受理", "Received, and not closed since, wherever taken"),
        unit="count",
        type="int64",
        needs=("complaints_open_delivered", "complaints_open_recorded"),
        expression=lambda view, as_of: view.complaints_open_delivered + view.complaints_open_recorded,
    )
)
