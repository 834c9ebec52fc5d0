"""What is recorded here itself comes back as facts: consents, contacts, complaints, a file of each for every day.

The files hold no name and no number of a person: the customer is the party id. ``day`` is the bank's, instants are UTC.
"""

from zhike.core.text import Text
from zhike.data.columns import Code, Day, Moment, Words
from zhike.data.rows import OPERATIONS
from zhike.data.source import Companion, Delimited, Map, RawFile, Rule, Source, sources
from zhike.data.tables import TABLES

_DAY = "%Y-%m-%d"
_AT = "%Y-%m-%dT%H:%M:%S"
_COUNTED = Companion(r"rows=(?P<count>\d+)")
_YES_NO = {"1": "yes", "0": "no"}


def _pattern(name: str) -> str:
    return rf"(?P<date>\d{{8}})/{name}\.csv"


def _codes(table: str, column: str) -> Code:
    return Code({code: code for code in TABLES[table].column(column).codes})


CONSENT = RawFile(
    name="consent",
    pattern=_pattern("consent"),
    format=Delimited(),
    columns={
        "party_id": Words(), "purpose": _codes("consent", "purpose"),
        "channel": _codes("consent", "channel"), "given": Code(_YES_NO), "wording_version": Words(optional=True),
        "proof": Words(optional=True), "valid_from": Day(_DAY), "valid_to": Day(_DAY, optional=True),
    },
    rules=(
        Rule("contradiction", "valid_to", lambda raw: raw.valid_to.isnull() | (raw.valid_to > raw.valid_from)),
    ),
    maps=(
        Map("consent", lambda raw: {
            "party_id": raw.party_id, "purpose": raw.purpose, "channel": raw.channel, "given": raw.given == "yes",
            "wording_version": raw.wording_version, "proof": raw.proof, "valid_from": raw.valid_from,
            "valid_to": raw.valid_to,
        }),
    ),
    control=_COUNTED,
    optional=True,
)  # fmt: skip

INTERACTION = RawFile(
    name="interaction",
    pattern=_pattern("interaction"),
    format=Delimited(),
    columns={
        "interaction_id": Words(), "party_id": Words(),
        "channel": _codes("interaction", "channel"), "contact_direction": _codes("interaction", "contact_direction"),
        "topic": Words(), "outcome": _codes("interaction", "outcome"),
        "purpose": _codes("interaction", "purpose"), "reference": Words(optional=True), "event_at": Moment(_AT),
        "business_date": Day(_DAY),
    },
    maps=(
        Map("interaction", lambda raw: {
            "interaction_id": raw.interaction_id, "party_id": raw.party_id, "channel": raw.channel,
            "contact_direction": raw.contact_direction, "topic": raw.topic, "outcome": raw.outcome,
            "purpose": raw.purpose, "reference": raw.reference, "event_at": raw.event_at,
            "business_date": raw.business_date,
        }),
    ),
    control=_COUNTED,
    optional=True,
)  # fmt: skip

COMPLAINT = RawFile(
    name="complaint",
    pattern=_pattern("complaint"),
    format=Delimited(),
    columns={
        "complaint_event_id": Words(), "complaint_id": Words(),
        "party_id": Words(), "step": _codes("complaint", "step"), "cause": Words(optional=True),
        "channel": _codes("complaint", "channel"), "by_regulator": Code(_YES_NO), "event_at": Moment(_AT),
        "business_date": Day(_DAY),
    },
    maps=(
        Map("complaint", lambda raw: {
            "complaint_event_id": raw.complaint_event_id, "complaint_id": raw.complaint_id, "party_id": raw.party_id,
            "step": raw.step, "cause": raw.cause, "channel": raw.channel, "by_regulator": raw.by_regulator == "yes",
            "event_at": raw.event_at, "business_date": raw.business_date,
        }),
    ),
    control=_COUNTED,
    optional=True,
)  # fmt: skip

FILES = {file.name: tuple(file.columns) for file in (CONSENT, INTERACTION, COMPLAINT)}

SELF = sources.register(
    Source(
        name=OPERATIONS,
        title=Text(zh="本系统的业务记录", en="What is recorded here"),
        meaning=Text(
            zh="同意台账、触达记录与投诉登记，按日写成文件（zhike operations export）",
            en="The ledger of consents, the record of contacts and the register of complaints, written as files by day "
            "(zhike operations export)",
        ),
        currency="",
        zone="UTC",
        files=(CONSENT, INTERACTION, COMPLAINT),
        consent="recorded",
    )
)
