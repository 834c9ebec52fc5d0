"""Consent to marketing by each means."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Feature, Measure
from zhike.data.features import features

_CHANNELS = {
    "sms": Text("短信", "text message"), "phone": Text("电话", "phone"), "app": Text("手机银行", "app"),
    "email": Text("邮件", "e-mail"), "wallet": Text("钱包", "wallet"), "all": Text("所有渠道", "every channel"),
}  # fmt: skip


def _of_channel(rows: ibis.Table, *, channel: str) -> ir.BooleanValue:
    return (rows.purpose == "marketing") & (rows.channel == channel)


def _given(rows: ibis.Table) -> ir.IntegerValue:
    return ibis.ifelse(rows.given, 1, 0)


for _channel, _title in _CHANNELS.items():
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
            where=partial(_of_channel, channel=_channel),
        )
    )
