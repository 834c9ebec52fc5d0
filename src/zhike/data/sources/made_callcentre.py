"""The made bank's call centre: one workbook a month with sheets of calls, complaints and surveys."""

import ibis

from zhike.core.text import Text
from zhike.data.columns import Code, Ignored, Moment, Party, RawColumn, Whole, Words
from zhike.data.source import Companion, Map, RawFile, Rule, Source, Workbook, sources
from zhike.data.sources._made_contact import ANSWERS, OUTCOMES, answered, own_campaign
from zhike.data.sources._made_format import daily
from zhike.data.tables import TABLES

_PATTERN = daily("callcentre", "callcentre.xlsx")
_WHO: dict[str, RawColumn] = {
    "customer_no": Party(name="party_id"), "day": Moment("%Y-%m-%d %H:%M:%S", and_column="time", name="at"),
    "time": Ignored(),
}  # fmt: skip
_CHANNEL = Code({name: name for name in TABLES["complaint"].column("channel").codes})


def _counted(sheet: str) -> Companion:
    return Companion(rf"sheet={sheet} day=\S+ rows=(?P<count>\d+)")


CALLS = RawFile(
    name="calls",
    pattern=_PATTERN,
    format=Workbook("calls"),
    columns={
        "call_no": Words(), **_WHO, "direction": Code({"in": "inbound", "out": "outbound"}), "topic": Words(),
        "result": Code(OUTCOMES, name="outcome"), "seconds": Whole(least=0, optional=True),
        "offer": Words(optional=True), "answer": Code(ANSWERS, optional=True), "ref": Words(optional=True),
        "remark": Ignored(masked=True),
    },
    maps=(
        # Of calls that were made, those of the bank's own campaigns; those asked for from here are recorded here.
        Map("interaction", lambda raw: {
            "interaction_id": raw.call_no, "party_id": raw.party_id, "channel": ibis.literal("phone"),
            "contact_direction": raw.direction,
            "topic": ibis.ifelse(raw.direction == "outbound", raw.offer.fill_null(raw.topic), raw.topic),
            "outcome": raw.outcome,
            "purpose": ibis.ifelse(raw.direction == "inbound", "service", "marketing"), "reference": raw.ref,
            "event_at": raw["at"], "business_date": raw.at__day,
        }, where=lambda raw: (raw.direction == "inbound") | own_campaign(raw)),
        answered("call_no", lambda _raw: ibis.literal("phone")),
    ),
    control=_counted("calls"),
)  # fmt: skip

COMPLAINTS = RawFile(
    name="complaints",
    pattern=_PATTERN,
    format=Workbook("complaints"),
    columns={
        "step_no": Words(), "complaint_no": Words(), **_WHO,
        "step": Code({name: name for name in ("received", "answered", "closed")}), "cause": Words(),
        "channel": _CHANNEL, "regulator": Code({"Y": "yes", "N": "no"}), "text": Ignored(masked=True),
    },
    maps=(
        Map("complaint", lambda raw: {
            "complaint_event_id": raw.step_no, "complaint_id": raw.complaint_no, "party_id": raw.party_id,
            "step": raw.step, "cause": raw.cause, "channel": raw.channel, "by_regulator": raw.regulator == "yes",
            "event_at": raw["at"], "business_date": raw.at__day,
        }),
    ),
    control=_counted("complaints"),
)  # fmt: skip

SURVEYS = RawFile(
    name="surveys",
    pattern=_PATTERN,
    format=Workbook("surveys"),
    columns={
        "survey_no": Words(), **_WHO, "kind": Code({"csat": "csat", "nps": "nps"}), "score": Whole(least=0, most=10),
        "channel": Code(_CHANNEL.codes, optional=True),
    },
    rules=(Rule("out_of_range", "score", lambda raw: (raw["kind"] == "nps") | raw.score.between(1, 5)),),
    maps=(
        Map("survey_response", lambda raw: {
            "survey_response_id": raw.survey_no, "party_id": raw.party_id, "kind": raw["kind"], "score": raw.score,
            "channel": raw.channel.fill_null("other"), "event_at": raw["at"], "business_date": raw.at__day,
        }),
    ),
    control=_counted("surveys"),
)  # fmt: skip

MADE_CALLCENTRE = sources.register(
    Source(
        name="made_callcentre",
        title=Text(zh="样例银行客服中心", en="The made bank's call centre"),
        meaning=Text(
            zh="每月一个工作簿（XLSX，带控制文件）：电话、投诉处理、满意度调查三张表。",
            en="One workbook a month (XLSX, a control file beside it) with three sheets: calls, steps of complaints, "
            "surveys.",
        ),
        currency="",
        zone="Asia/Shanghai",
        files=(CALLS, COMPLAINTS, SURVEYS),
        consent="assumed_refused",
        keys_of="made_cards",
    )
)
