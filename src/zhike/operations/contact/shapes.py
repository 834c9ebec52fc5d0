"""What the contact app answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from zhike.core.text import Locale, Text
from zhike.decide.offer import Rule
from zhike.operations.contact.ledger import State


@dataclass(frozen=True)
class ConsentLine:
    """What holds for one purpose and channel: since when, said where, agreed to in which words, shown by what.

    ``origin`` is whether the ledger or the bank's file said it; empty where nobody did.
    """

    purpose: str
    channel: str
    recipient: str
    state: State
    origin: Literal["ledger", "file", ""]
    since: date | None
    source: str
    wording_version: str
    proof: str
    expires_at: datetime | None


@dataclass(frozen=True)
class ConsentEntry:
    """One entry of the ledger, as it was written."""

    id: int
    purpose: str
    channel: str
    recipient: str
    given: bool
    source: str
    wording_version: str
    proof: str
    said_by: str
    recorded_by: str
    effective_at: datetime
    expires_at: datetime | None
    recorded_at: datetime


@dataclass(frozen=True)
class ConsentState:
    """What a customer agreed to as it stands this moment, and everything the ledger holds of them, newest first."""

    customer_id: str
    lines: tuple[ConsentLine, ...]
    history: tuple[ConsentEntry, ...]

    def of(self, purpose: str, channel: str = "all", recipient: str = "") -> ConsentLine:
        """The line of one purpose and channel; raises KeyError for one that is none."""
        for line in self.lines:
            if (line.purpose, line.channel, line.recipient) == (purpose, channel, recipient):
                return line
        raise KeyError(f"{purpose} {channel} {recipient}".strip())


@dataclass(frozen=True)
class WordingVersion:
    """One version of what customers agree to, in both languages."""

    purpose: str
    version: str
    text: Text
    published_by: str
    published_at: datetime


@dataclass(frozen=True)
class ContactCounts:
    """The bank's own contacts with a customer in the last days, today and what is still planned included.

    A contact that failed does not count. ``marketing_by_channel`` and ``marketing_by_days`` (1, 7 and 30 bank-local
    days, whatever was asked) are of marketing alone. ``sent_by_days`` leaves out what is only planned.
    """

    marketing: int = 0
    service: int = 0
    collections: int = 0
    marketing_by_channel: Mapping[str, int] = field(default_factory=dict)
    marketing_by_days: Mapping[int, int] = field(default_factory=dict)
    sent_by_days: Mapping[int, int] = field(default_factory=dict)
    last_marketing: date | None = None


@dataclass(frozen=True)
class Reason:
    """Why a contact may not be made: a code with parameters, the rule that says so, and its article."""

    code: str
    params: Mapping[str, Any]
    rule: Rule
    text: Text

    def in_(self, locale: Locale) -> str:
        """The reason in words, with rule and article."""
        said = self.text.in_(locale).format(**{name: _shown(value, locale) for name, value in self.params.items()})
        article = self.rule.article.in_(locale)
        return f"{said}（{self.rule.id}，{article}）" if locale == "zh" else f"{said} ({self.rule.id}, {article})"


@dataclass(frozen=True)
class Verdict:
    """Whether a contact may be made, and every rule that stands against it."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def codes(self) -> str:
        """The codes, for the audit log."""
        return ",".join(reason.code for reason in self.reasons)


@dataclass(frozen=True)
class ContactEntry:
    """One contact, as the record holds it."""

    id: int
    purpose: str
    channel: str
    direction: str
    state: str
    at: datetime
    planned_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    answered_at: datetime | None
    reference: str
    agency: bool
    informative: bool
    outcome: str
    breaches: tuple[str, ...]
    made_by: str


@dataclass(frozen=True)
class CapUse:
    """How much of one marketing cap is used today: ``channel`` empty means all channels together."""

    channel: str
    days: int
    used: int
    cap: int


@dataclass(frozen=True)
class ContactsOfCustomer:
    """The latest contacts of a customer, newest first, and how much of the caps they use."""

    customer_id: str
    contacts: tuple[ContactEntry, ...]
    caps: tuple[CapUse, ...]


@dataclass(frozen=True)
class Planned:
    """What came of planning or recording: the contact and its state, or no contact and the reasons."""

    contact_id: int | None
    state: str
    verdict: Verdict


def _shown(value: Any, locale: Locale) -> Any:
    return value.in_(locale) if isinstance(value, Text) else value
