"""What the contact app does with consents: publish a wording, record a consent, withdraw one.

Every statement is a new row. An opt-out is lifted only by a new, explicit consent of the customer themselves, with
proof; nothing is ever given by default. Contacts: `contacting`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, Conflict
from zhike.core.text import Text
from zhike.operations.contact import asked, ledger, reading
from zhike.operations.contact.contacting import contact_advance, contact_plan, contact_record
from zhike.operations.contact.ledger import ALL
from zhike.operations.contact.models import Consent, Wording
from zhike.operations.contact.models.consent import CHANNELS, PURPOSES, SAYERS, SOURCES
from zhike.operations.governance.acting import action, note

__all__ = ["consent_record", "consent_withdraw", "contact_advance", "contact_plan", "contact_record", "wording_publish"]

_PURPOSE, _CHANNEL, _SOURCE = Text("用途", "purpose"), Text("渠道", "channel"), Text("来源", "source")
_WHEN = Text("生效时间", "time it was said")
_LONGEST_WORDING = 4_000


@dataclass(frozen=True)
class Recorded:
    """A statement that stands in the ledger; ``fresh`` is False when this very request was recorded before."""

    consent_id: int
    customer_id: str
    given: bool
    effective_at: datetime
    fresh: bool


@action(permission="publish_wording", audit="wording.publish", about="version")
def wording_publish(actor: Actor, *, purpose: str, version: str, zh: str, en: str) -> None:
    """Publishes one version of a text in both languages; raises Conflict where it stands: it is never rewritten."""
    asked.one_of(purpose, PURPOSES, _PURPOSE)
    version = asked.reference(version, Text("版本", "version"))
    texts = {"zh": zh.strip(), "en": en.strip()}
    if not version or len(version) > 32 or not all(0 < len(text) <= _LONGEST_WORDING for text in texts.values()):
        raise BadInput(
            Text(
                f"请给出版本号（至多 32 字）和中英文文本（各至多 {_LONGEST_WORDING} 字）。",
                f"A version of at most 32 characters and its text in both languages are needed, {_LONGEST_WORDING} "
                "characters each at most.",
            )
        )
    if Wording.objects.filter(purpose=purpose, version=version).exists():
        raise Conflict(
            Text(
                f"版本 {version} 已发布：请用新版本号。", f"Version {version} stands already: publish under a new one."
            )
        )
    Wording.objects.bulk_create(
        Wording(purpose=purpose, version=version, locale=locale, text=text, published_by=actor.name)
        for locale, text in texts.items()
    )
    note(purpose=purpose)


@action(permission="record_consent", audit="consent.record", about="customer")
def consent_record(
    actor: Actor, *, customer_id: str, purpose: str, channel: str = ALL, source: str, wording_version: str, key: str,
    proof: str = "", said_by: str = "customer", recipient: str = "", effective_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Recorded:  # fmt: skip
    """A customer agreed. After an opt-out by the same means only the customer's own word with proof lifts it.

    Raises BadInput for what cannot be recorded, Conflict for an opt-out that stands or a key used otherwise.
    """
    said = _Said(customer_id, purpose, channel, recipient, True, source, wording_version, proof, said_by, expires_at)
    return _record(actor, said, key, effective_at)


@action(permission="record_consent", audit="consent.withdraw", about="customer")
def consent_withdraw(
    actor: Actor, *, customer_id: str, purpose: str = "marketing", channel: str = ALL, source: str, key: str,
    proof: str = "", said_by: str = "customer", recipient: str = "", effective_at: datetime | None = None,
) -> Recorded:  # fmt: skip
    """A customer wants no more of it: always taken, needs no proof, and holds at the next decision."""
    said = _Said(customer_id, purpose, channel, recipient, False, source, "", proof, said_by, None)
    return _record(actor, said, key, effective_at)


@dataclass(frozen=True)
class _Said:
    """One statement as asked for."""

    customer_id: str
    purpose: str
    channel: str
    recipient: str
    given: bool
    source: str
    wording_version: str
    proof: str
    said_by: str
    expires_at: datetime | None


def _record(actor: Actor, said: _Said, key: str, effective_at: datetime | None) -> Recorded:
    key = asked.key(key)
    customer = asked.customer(actor, said.customer_id)
    values = _values(actor, said, customer)
    body = asked.fingerprint({**values, "effective_at": effective_at})
    asked.alone(customer)
    known = _known(actor, key, body)
    if known is not None:
        note(consent=known.id, repeated=True)
        return Recorded(known.id, customer, known.given, known.effective_at, fresh=False)
    at = asked.instant(effective_at, _WHEN)
    if said.given:
        _require_may_be_given(actor, customer, values, at)
    try:
        with transaction.atomic():
            made = Consent.objects.create(**values, effective_at=at, key=key, asked=body)
    except IntegrityError as fault:
        raise _refused(actor, fault) from None
    note(consent=made.id, purpose=said.purpose, channel=said.channel, given=said.given, source=said.source)
    return Recorded(made.id, customer, said.given, at, fresh=True)


def _values(actor: Actor, said: _Said, customer: str) -> dict[str, Any]:
    """The columns of a statement, each checked."""
    asked.one_of(said.purpose, PURPOSES, _PURPOSE)
    asked.one_of(said.channel, CHANNELS if said.purpose == "marketing" else (ALL,), _CHANNEL)
    asked.one_of(said.source, SOURCES, _SOURCE)
    asked.one_of(said.said_by, SAYERS, Text("表示人", "sayer"))
    recipient = asked.reference(said.recipient, Text("接收方", "recipient"))
    if bool(recipient) != (said.purpose == "partner_sharing"):
        raise BadInput(
            Text(
                "向合作方提供信息须写明接收方，其他用途不写（《个人信息保护法》第二十三条）。",
                "Sharing with a partner names the recipient, no other purpose does (PIPL article 23).",
            )
        )
    return {
        "customer_id": customer, "purpose": said.purpose, "channel": said.channel, "recipient": recipient,
        "given": said.given, "source": said.source, "wording_version": said.wording_version.strip()[:32],
        "proof": asked.reference(said.proof, Text("凭证", "proof")), "said_by": said.said_by,
        "recorded_by": f"{actor.kind}:{actor.name}",
        "expires_at": asked.zoned(said.expires_at, Text("到期时间", "time it expires")) if said.expires_at else None,
    }  # fmt: skip


def _require_may_be_given(actor: Actor, customer: str, values: dict[str, Any], at: datetime) -> None:
    """No consent without its words; none over an opt-out but the customer's own, with proof."""
    if not Wording.objects.filter(purpose=values["purpose"], version=values["wording_version"]).exists():
        raise BadInput(
            Text(
                "没有这一版告知文本：请先发布文本，再登记同意。",
                "There is no such version of the wording: publish it first, then record who agreed to it.",
            )
        )
    if values["expires_at"] is not None and values["expires_at"] <= at:
        raise BadInput(Text("到期时间须晚于生效时间。", "A consent expires after it began: give a later time."))
    if values["proof"] and values["said_by"] == "customer":
        return
    said = reading.latest(actor, [customer]).get(customer, {})
    row = reading.file_rows(actor, [customer]).get(customer, {})
    if _opted_out(row, said, values):
        raise Conflict(
            Text(
                "客户已退订：须由客户本人重新明确同意并附凭证，方可恢复（《广告法》第四十三条）。",
                "The customer has opted out: only their own new and explicit consent, with proof, lifts that "
                "(Advertising Law article 43).",
            )
        )


def _opted_out(row: Any, said: reading.Said, values: dict[str, Any]) -> bool:
    """Whether a withdrawal stands, in ledger or file, against what is to be given."""
    purpose, channel = values["purpose"], values["channel"]
    columns = {"marketing": "consent_{}", "personalisation": "consent_personalisation"}
    standing = [
        ledger.later(
            ledger.of_file(row, columns[purpose].format(each)) if purpose in columns else None,
            said.get((purpose, each, values["recipient"])),
        )
        for each in {channel, ALL}
    ]
    return any(each is not None and not each.given for each in standing)


def _known(actor: Actor, key: str, body: str) -> Consent | None:
    found: Consent | None = Consent.visible_to(actor).filter(key=key).first()
    if found is not None and (found.asked != body or found.recorded_by != f"{actor.kind}:{actor.name}"):
        raise asked.another(actor)
    return found


def _refused(actor: Actor, fault: IntegrityError) -> Exception:
    """The key of somebody whom this actor does not see is another's; whatever else the database refuses is a fault."""
    return asked.another(actor) if isinstance(fault.__cause__, UniqueViolation) else fault
