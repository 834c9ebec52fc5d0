"""How the customer turns to the bank, by channel, and which one they prefer."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.rows import began_by_customer

_CHANNELS = {
    "phone": Text("电话", "by phone"), "branch": Text("网点", "at a branch"), "app": Text("手机银行", "in the app"),
    "online": Text("线上", "online"),
}  # fmt: skip
_DAYS = 365


def _by(rows: ibis.Table, *, channel: str) -> ir.BooleanValue:
    return began_by_customer(rows) & (rows.channel == channel)


for _channel, _title in _CHANNELS.items():
    register_windows(
        Windowed(
            name=f"contacts_{_channel}_{{days}}d",
            title=Text(f"近{{days}}天{_title.zh}来访", f"Contacts {_title.en}, {{days}} days"),
            meaning=Text(
                f"近{{days}}天客户主动通过{_title.zh}联系的次数，不含登录",
                f"Times in {{days}} days that the customer turned to the bank {_title.en}; log-ins apart",
            ),
            unit="count",
            table="interaction",
            measure=Measure("count"),
            windows_days=(_DAYS,),
            where=partial(_by, channel=_channel),
            empty=0,
        )
    )


def _preferred(view: ibis.Table) -> ir.StringValue:
    """Of equal ones the first in the order above."""
    counts = {channel: view[f"contacts_{channel}_{_DAYS}d"] for channel in _CHANNELS}
    most = ibis.greatest(*counts.values())
    return ibis.cases(
        *(((count == most) & (most > 0), channel) for channel, count in counts.items()), else_=ibis.null("string")
    )


features.register(
    Derived(
        name="preferred_channel",
        title=Text("偏好服务渠道", "Preferred channel"),
        meaning=Text(
            "近一年客户主动联系最多的渠道；从未联系为空",
            "Channel by which the customer turned to the bank most in a year; empty if never",
        ),
        unit="",
        type="string",
        needs=tuple(f"contacts_{channel}_{_DAYS}d" for channel in _CHANNELS),
        expression=lambda view, as_of: _preferred(view),
    )
)
