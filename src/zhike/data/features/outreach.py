"""How often the bank turned to the customer, for whatever purpose, by what it costs."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Measure, Windowed
from zhike.data.features import register_windows
from zhike.data.rows import went_out

_CHANNELS = {"sms": Text("短信", "Text messages"), "phone": Text("电话", "Calls"), "mail": Text("信函", "Letters")}


def _by(rows: ibis.Table, *, channel: str) -> ir.BooleanValue:
    return went_out(rows) & (rows.channel == channel)


for _channel, _title in _CHANNELS.items():
    register_windows(
        Windowed(
            name=f"outreach_{_channel}_{{days}}d",
            title=Text(f"近{{days}}天银行{_title.zh}触达", f"{_title.en} to the customer, {{days}} days"),
            meaning=Text(
                f"近{{days}}天银行发出的{_title.zh}次数，不论用途",
                f"{_title.en} to the customer in {{days}} days, whatever for",
            ),
            unit="count",
            table="interaction",
            measure=Measure("count"),
            windows_days=(365,),
            where=partial(_by, channel=_channel),
            empty=0,
        )
    )


def _collecting(rows: ibis.Table) -> ir.BooleanValue:
    return went_out(rows) & (rows.purpose == "collections")


register_windows(
    Windowed(
        name="collection_contacts_{days}d",
        title=Text("近{days}天催收触达", "Collection contacts, {days} days"),
        meaning=Text("近{days}天催收触达次数，不论渠道", "Contacts for collections in {days} days, by any channel"),
        unit="count",
        table="interaction",
        measure=Measure("count"),
        windows_days=(30,),
        where=_collecting,
        empty=0,
    )
)
