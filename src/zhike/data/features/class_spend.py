"""Spend by class of merchant, in the last 90 days and in the 90 days before."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features
from zhike.data.merchant_classes import TITLES
from zhike.data.rows import net_spend

_DAYS = 90


def _of_class(rows: ibis.Table, *, name: str) -> ir.BooleanValue:
    return rows.merchant_class == name


for _name, _title in TITLES.items():
    for _column, _offset, _zh, _en in (
        (f"spend_{_name}_90d_cents", 0, "近90天", "90 days"),
        (f"spend_{_name}_previous_90d_cents", _DAYS, "前90天", "previous 90 days"),
    ):
        features.register(
            Feature(
                name=_column,
                title=Text(f"{_zh}{_title.zh}消费额", f"Spend on {_title.en}, {_en}"),
                meaning=Text(
                    f"{_zh}在{_title.zh}类商户的消费减退货，按商户类别码",
                    f"Purchases less refunds at merchants of the class {_title.en}, {_en}, by merchant category code",
                ),
                unit="cents",
                table="class_spend",
                measure=Measure("sum", net_spend),
                where=partial(_of_class, name=_name),
                window_days=_DAYS,
                offset_days=_offset,
                empty=0,
            )
        )
