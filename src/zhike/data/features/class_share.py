"""The share of each class of merchant in what the customer spends."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.merchant_classes import TITLES
from zhike.data.ratio import ratio


def _share(view: ibis.Table, _as_of: ir.DateValue, *, name: str) -> ir.FloatingValue:
    return ratio(view[f"spend_{name}_90d_cents"], view.spend_90d_cents)


for _name, _title in TITLES.items():
    features.register(
        Derived(
            name=f"share_{_name}_90d",
            title=Text(f"近90天{_title.zh}消费占比", f"Share of {_title.en}, 90 days"),
            meaning=Text(
                f"近90天{_title.zh}消费 ÷ 全部消费；无消费为空",
                f"Spend on {_title.en} over all spend of 90 days; empty without any",
            ),
            unit="ratio",
            type="float64",
            needs=(f"spend_{_name}_90d_cents", "spend_90d_cents"),
            expression=partial(_share, name=_name),
        )
    )
