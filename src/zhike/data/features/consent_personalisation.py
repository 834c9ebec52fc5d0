"""Whether the customer lets the bank choose by what it knows of them (PIPL article 24)."""

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features


def _whole(rows: ibis.Table) -> ir.BooleanValue:
    return (rows.purpose == "personalisation") & (rows.channel == "all")


def _refused_elsewhere(rows: ibis.Table) -> ir.BooleanValue:
    return (rows.purpose == "personalisation") & (rows.channel != "all") & ~rows.given


def _given(rows: ibis.Table) -> ir.IntegerValue:
    return ibis.ifelse(rows.given, 1, 0)


features.register(
    Feature(
        name="personalisation_all",
        title=Text("个性化推荐同意（所有渠道）", "Consent to personalisation, every channel"),
        meaning=Text("1 已同意，0 已拒绝，空为从未记录", "1 given, 0 refused, empty if never recorded"),
        unit="",
        table="consent",
        measure=Measure("max", _given),
        where=_whole,
    )
)
features.register(
    Feature(
        name="personalisation_refusals",
        title=Text("个性化推荐拒绝数（单一渠道）", "Refusals of personalisation by one channel"),
        meaning=Text("对单一渠道个性化推荐的拒绝，当日有效", "Refusals for single channels, valid on the day"),
        unit="count",
        table="consent",
        measure=Measure("count"),
        where=_refused_elsewhere,
        empty=0,
    )
)
CONSENT_PERSONALISATION = features.register(
    Derived(
        name="consent_personalisation",
        title=Text("个性化推荐同意", "Consent, personalisation"),
        meaning=Text(
            "按个人信息作推荐：1 已同意，0 已拒绝（任一渠道拒绝即拒绝），空为从未记录",
            "To choices made by personal data: 1 given, 0 refused (by any channel), empty if never recorded",
        ),
        unit="",
        type="int64",
        needs=("personalisation_all", "personalisation_refusals"),
        expression=lambda view, as_of: ibis.ifelse(view.personalisation_refusals > 0, 0, view.personalisation_all),
    )
)
