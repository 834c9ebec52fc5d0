"""Consent to marketing."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features
from zhike.data.features.consent_by_channel import CONSENT_COLUMNS


def _consents(rows: ibis.Table, *, given: bool) -> ir.BooleanValue:
    return (rows.purpose == "marketing") & (rows.given == given)


for _name, _given, _zh, _en in (
    ("marketing_consents_given", True, "营销同意数", "Marketing consents given"),
    ("marketing_consents_withdrawn", False, "营销同意撤回数", "Marketing consents withdrawn"),
):
    features.register(
        Feature(
            name=_name,
            title=Text(_zh, _en),
            meaning=Text(f"{_zh}（按渠道，当日有效）", f"{_en}, by channel, valid on the day"),
            unit="count",
            table="consent",
            measure=Measure("count"),
            where=partial(_consents, given=_given),
            empty=0,
        )
    )

MARKETING_CONSENT = features.register(
    Derived(
        name="marketing_consent",
        title=Text("营销同意", "Marketing consent"),
        meaning=Text(
            "given：至少一个渠道同意；withdrawn：全部撤回；unknown：从未记录",
            "given: for at least one channel; withdrawn: for every one; unknown: never recorded",
        ),
        unit="",
        type="string",
        # From the very columns that a consent given this minute is laid over: the two never disagree.
        needs=CONSENT_COLUMNS,
        expression=lambda view, as_of: ibis.cases(
            (ibis.or_(*(view[name].fill_null(0) > 0 for name in CONSENT_COLUMNS)), "given"),
            (ibis.or_(*(view[name].notnull() for name in CONSENT_COLUMNS)), "withdrawn"),
            else_="unknown",
        ),
    )
)
