"""How spend in each class of merchant moves."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.merchant_classes import TITLES
from zhike.data.ratio import ratio


def _trend(view: ibis.Table, _as_of: ir.DateValue, *, name: str) -> ir.FloatingValue:
    return ratio(view[f"spend_{name}_90d_cents"], view[f"spend_{name}_previous_90d_cents"])


for _name, _title in TITLES.items():
    features.register(
        Derived(
            name=f"trend_{_name}",
            title=Text(f"{_title.zh}消费趋势", f"Trend of {_title.en}"),
            meaning=Text(
                f"近90天{_title.zh}消费 ÷ 前90天；前期无此类消费为空",
                f"Spend on {_title.en} in 90 days over that of the 90 days before; empty without the latter",
            ),
            unit="ratio",
            type="float64",
            needs=(f"spend_{_name}_90d_cents", f"spend_{_name}_previous_90d_cents"),
            expression=partial(_trend, name=_name),
        )
    )
