"""What serving and reaching the customer cost in twelve months."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived
from zhike.data.features import features

_ORIGIN = "convention of the trade, until the bank measures its own"


@dataclass(frozen=True)
class Service:
    """What one contact that the customer began costs."""

    call_cents: int = assumption(
        800, "cents", Text("一次来电成本", "One call answered"), owner="operations", origin=_ORIGIN
    )
    visit_cents: int = assumption(
        2_000, "cents", Text("一次网点来访成本", "One visit to a branch"), owner="operations", origin=_ORIGIN
    )
    chat_cents: int = assumption(
        200, "cents", Text("一次线上咨询成本", "One chat or message answered"), owner="operations", origin=_ORIGIN
    )
    complaint_cents: int = assumption(
        15_000, "cents", Text("一件投诉成本", "One complaint handled"), owner="operations", origin=_ORIGIN
    )


@dataclass(frozen=True)
class Channels:
    """What one contact that the bank began costs; app and e-mail cost nothing worth counting."""

    sms_cents: int = assumption(
        5, "cents", Text("一条短信成本", "One text message"), owner="marketing", origin="price list of the carriers"
    )
    call_cents: int = assumption(300, "cents", Text("一次外呼成本", "One call made"), owner="marketing", origin=_ORIGIN)
    letter_cents: int = assumption(500, "cents", Text("一封信函成本", "One letter"), owner="marketing", origin=_ORIGIN)


SERVICE, CHANNELS = Service(), Channels()


def _service(view: ibis.Table) -> ir.IntegerValue:
    return (
        view.contacts_phone_365d * SERVICE.call_cents
        + view.contacts_branch_365d * SERVICE.visit_cents
        + (view.contacts_app_365d + view.contacts_online_365d) * SERVICE.chat_cents
        + view.complaints_365d * SERVICE.complaint_cents
    )


def _channels(view: ibis.Table) -> ir.IntegerValue:
    return (
        view.outreach_sms_365d * CHANNELS.sms_cents
        + view.outreach_phone_365d * CHANNELS.call_cents
        + view.outreach_mail_365d * CHANNELS.letter_cents
    )


features.register(
    Derived(
        name="service_cost_12m_cents",
        title=Text("近12个月服务成本", "Cost of service, 12 months"),
        meaning=Text(
            f"来电{SERVICE.call_cents}分、网点来访{SERVICE.visit_cents}分、线上咨询{SERVICE.chat_cents}分、"
            f"投诉{SERVICE.complaint_cents}分，按次数",
            f"Calls at {SERVICE.call_cents} cents, visits at {SERVICE.visit_cents}, chats at {SERVICE.chat_cents}, "
            f"complaints at {SERVICE.complaint_cents}",
        ),
        unit="cents",
        type="int64",
        needs=(
            "contacts_phone_365d", "contacts_branch_365d", "contacts_app_365d", "contacts_online_365d",
            "complaints_365d",
        ),
        expression=lambda view, as_of: _service(view),
        theme="worth",
        assumptions=SERVICE,
    )
)  # fmt: skip
features.register(
    Derived(
        name="channel_cost_12m_cents",
        title=Text("近12个月触达成本", "Cost of channels, 12 months"),
        meaning=Text(
            f"短信{CHANNELS.sms_cents}分、外呼{CHANNELS.call_cents}分、信函{CHANNELS.letter_cents}分，按次数",
            f"Text messages at {CHANNELS.sms_cents} cents, calls at {CHANNELS.call_cents}, letters at "
            f"{CHANNELS.letter_cents}",
        ),
        unit="cents",
        type="int64",
        needs=("outreach_sms_365d", "outreach_phone_365d", "outreach_mail_365d"),
        expression=lambda view, as_of: _channels(view),
        theme="worth",
        assumptions=CHANNELS,
    )
)
