"""The class of merchant that takes most of the customer's spend, and how many classes take any."""

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.merchant_classes import CLASSES

_SPENT = {each.name: f"spend_{each.name}_90d_cents" for each in CLASSES}


def _favourite(view: ibis.Table) -> ir.StringValue:
    """Of equal ones the first in the order of `CLASSES`."""
    most = ibis.greatest(*(view[column] for column in _SPENT.values()))
    found = [((view[column] == most) & (most > 0), name) for name, column in _SPENT.items()]
    return ibis.cases(*found, else_=ibis.null("string"))


features.register(
    Derived(
        name="favourite_class_90d",
        title=Text("近90天首要消费类别", "Favourite class, 90 days"),
        meaning=Text(
            "近90天消费额最高的商户类别，观察所得，非客户声明；无消费为空",
            "Class of merchants with the greatest spend in 90 days, as observed, not as declared; empty without any",
        ),
        unit="",
        type="string",
        needs=tuple(_SPENT.values()),
        expression=lambda view, as_of: _favourite(view),
    )
)
features.register(
    Derived(
        name="classes_used_90d",
        title=Text("近90天消费类别数", "Classes used, 90 days"),
        meaning=Text(
            "近90天有消费净额的商户类别数，其他商户不计",
            "Classes of merchants with net spend in 90 days, other merchants apart",
        ),
        unit="count",
        type="int64",
        needs=tuple(_SPENT.values()),
        expression=lambda view, as_of: sum(ibis.ifelse(view[column] > 0, 1, 0) for column in _SPENT.values()),
    )
)
