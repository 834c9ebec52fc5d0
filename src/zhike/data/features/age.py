"""Age."""

import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features

AGE = features.register(
    Derived(
        name="age_years",
        title=Text("年龄", "Age"),
        meaning=Text("周岁；生日未知为空", "Completed years; empty where the birthday is unknown"),
        unit="years",
        type="int64",
        needs=("birth_date",),
        # Completed years as whole digits of YYYYMMDD: exact on leap days and equal on every engine.
        expression=lambda view, as_of: (_digits(as_of) - _digits(view.birth_date)) // 10_000,
    )
)


def _digits(day: ir.DateValue) -> ir.IntegerValue:
    return day.year() * 10_000 + day.month() * 100 + day.day()
