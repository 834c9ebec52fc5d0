"""How often the bank turned to the customer to sell something, over all channels."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.rows import OPERATIONS, marketing_contacts

WINDOWS_DAYS = (7, 30)


def _contacts(rows: ibis.Table, *, here: bool) -> ir.BooleanValue:
    return marketing_contacts(rows) & ((rows.source == OPERATIONS) == here)


for _kind, _here, _zh, _en in (
    ("delivered", False, "其他系统", "by other systems"),
    ("recorded", True, "本系统记录", "recorded here"),
):
    register_windows(
        Windowed(
            name=f"marketing_contacts_{_kind}_{{days}}d",
            title=Text(f"近{{days}}天营销触达（{_zh}）", f"Marketing contacts {_en}, {{days}} days"),
            meaning=Text(
                "近{days}天银行主动的营销触达次数，不论渠道与结果，计划中和未成功的除外",
                "Marketing contacts that the bank began in {days} days, by any channel; neither planned nor failed",
            ),
            unit="count",
            table="interaction",
            measure=Measure("count"),
            where=partial(_contacts, here=_here),
            windows_days=WINDOWS_DAYS,
            empty=0,
        )
    )


def _total(view: ibis.Table, _as_of: ir.DateValue, *, days: int) -> ir.IntegerValue:
    return view[f"marketing_contacts_delivered_{days}d"] + view[f"marketing_contacts_recorded_{days}d"]


for _days in WINDOWS_DAYS:
    features.register(
        Derived(
            name=f"marketing_contacts_{_days}d",
            title=Text(f"近{_days}天营销触达", f"Marketing contacts, {_days} days"),
            meaning=Text(
                f"近{_days}天营销触达次数，不论在何处记录",
                f"Marketing contacts in {_days} days, wherever recorded",
            ),
            unit="count",
            type="int64",
            needs=(f"marketing_contacts_delivered_{_days}d", f"marketing_contacts_recorded_{_days}d"),
            expression=partial(_total, days=_days),
        )
    )
