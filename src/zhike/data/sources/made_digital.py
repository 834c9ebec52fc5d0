"""The made bank's log of online and mobile banking: an object of JSON a line, packed, daily.

Of messages, those of the bank's own campaigns are contacts; of those sent from here the log tells nothing new.
"""

import ibis

from zhike.core.text import Text
from zhike.data.columns import Code, Ignored, Moment, Party, Words
from zhike.data.source import JsonLines, Map, RawFile, Rule, Source, sources
from zhike.data.sources._made_contact import ANSWERS, OUTCOMES, answered, own_campaign
from zhike.data.sources._made_format import COUNTED, coded, daily

_EVENTS = ("login", "view", "click", "chat", "message", "answer")
_PURPOSES = {"login": "digital", "view": "digital", "click": "digital", "chat": "service", "message": "marketing"}

EVENT = RawFile(
    name="event",
    pattern=daily("digital", "event.jsonl"),
    format=JsonLines(),
    columns={
        "id": Words(), "at": Moment("%Y-%m-%dT%H:%M:%S+08:00"), "customer": Party(name="party_id"),
        "event": Code({name: name for name in _EVENTS}),
        "channel": Code({"app": "app", "sms": "sms", "email": "email"}),
        "page": Words(optional=True), "result": Code(OUTCOMES, name="outcome", optional=True),
        "offer": Words(optional=True), "answer": Code(ANSWERS, optional=True), "ref": Words(optional=True),
        "seconds": Ignored(), "device.os": Ignored(), "device.version": Ignored(),
    },
    rules=(
        Rule("missing_value", "offer", lambda raw: (raw.event != "answer") | raw.offer.notnull()),
        Rule("missing_value", "answer", lambda raw: (raw.event != "answer") | raw.answer.notnull()),
    ),
    maps=(
        Map("interaction", lambda raw: {
            "interaction_id": raw.id, "party_id": raw.party_id, "channel": raw.channel,
            "contact_direction": ibis.ifelse(raw.event == "message", "outbound", "inbound"),
            "topic": ibis.ifelse(raw.event == "message", ibis.coalesce(raw.offer, raw.page, raw.event),
                                 ibis.coalesce(raw.page, raw.event)),
            "outcome": raw.outcome, "purpose": coded(raw.event, _PURPOSES), "reference": raw.ref,
            "event_at": raw["at"], "business_date": raw.at__day,
        }, where=lambda raw: raw.event.isin(list(_PURPOSES)) & ((raw.event != "message") | own_campaign(raw))),
        answered("id", lambda raw: raw.channel),
    ),
    control=COUNTED,
)  # fmt: skip

MADE_DIGITAL = sources.register(
    Source(
        name="made_digital",
        title=Text(zh="样例银行网上与手机银行日志", en="The made bank's online and mobile log"),
        meaning=Text(
            zh="每日 JSON 行文件（gzip，带控制文件）：登录、浏览、点击、在线客服、消息送达、对活动的答复。",
            en="Daily files of JSON lines (gzip, a control file beside each): log-ins, pages, clicks, chats, messages "
            "delivered, answers to offers.",
        ),
        currency="",
        zone="Asia/Shanghai",
        files=(EVENT,),
        consent="assumed_refused",
        keys_of="made_cards",
    )
)
