"""Consent to marketing by each means."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

_CHANNELS = {
    "sms": Text("短信", "text message"), "phone": Text("电话", "phone"), "app": Text("手机银行", "app"),
    "email": Text("邮件", "e-mail"), "wallet": Text("钱包", "wallet"), "mail": Text("信函", "mail"),
    "branch": Text("网点", "branch"), "online": Text("线上", "online"), "all": Text("所有渠道", "every channel"),
}  # fmt: skip
_OTHER = Text("其他渠道", "any other means")
# Every column of consent to marketing: whatever the channel, one of them tells of it.
CONSENT_COLUMNS = tuple(f"consent_{channel}" for channel in (*_CHANNELS, "other"))


def _of_channel(rows: ibis.Table, *, channel: str) -> ir.BooleanValue:
    return (rows.purpose == "marketing") & (rows.channel == channel)


def _of_other(rows: ibis.Table) -> ir.BooleanValue:
    return (rows.purpose == "marketing") & rows.channel.notin(list(_CHANNELS))


def _given(rows: ibis.Table) -> ir.IntegerValue:
    return ibis.ifelse(rows.given, 1, 0)


for _channel, _title in {**_CHANNELS, "other": _OTHER}.items():
    features.register(
        Feature(
            name=f"consent_{_channel}",
            title=Text(f"营销同意：{_title.zh}", f"Consent, {_title.en}"),
            meaning=Text(
                f"对{_title.zh}营销：1 已同意，0 已撤回，空为从未记录",
                f"To marketing by {_title.en}: 1 given, 0 withdrawn, empty if never recorded",
            ),
            unit="",
            table="consent",
            measure=Measure("max", _given),
            where=_of_other if _channel == "other" else partial(_of_channel, channel=_channel),
        )
    )
