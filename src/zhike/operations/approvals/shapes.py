"""What crosses from approvals to pages, the command line and the API: frozen, with its words in both languages."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.approvals.effect import Effect
from zhike.operations.approvals.kind import Kind
from zhike.operations.approvals.models import Signature, Version
from zhike.operations.approvals.payload import fields_of, from_canonical, shown


@dataclass(frozen=True)
class Row:
    """One line of a list; ``given`` of ``needed`` signatures stand for the current version."""

    id: int
    kind: str
    kind_title: Text
    maker: str
    reason: str
    state: str
    version: int
    given: int
    needed: int
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Asking:
    """One version: what it asks for in plain words, its digest, and the effect that was shown."""

    number: int
    fields: tuple[tuple[str, Text, Any], ...]
    payload: dict[str, Any]
    digest: str
    reason: str
    effect: Effect
    at: datetime


@dataclass(frozen=True)
class Sign:
    """One signature; void when it was given for a version that was edited since."""

    checker: str
    on_behalf_of: str | None
    decision: str
    note: str
    version: int
    digest: str
    effect: Effect
    at: datetime


@dataclass(frozen=True)
class Difference:
    """One field that an edit changed."""

    title: Text
    before: Any
    after: Any


@dataclass(frozen=True)
class Lent:
    """A delegation; ``kind`` is None where it is for every kind."""

    id: int
    delegator: str
    delegate: str
    kind: Text | None
    valid_from: date
    valid_to: date
    own: bool


@dataclass(frozen=True)
class Whole:
    """A request as one reads it before signing; ``barred`` says why this reader may not sign it, if so."""

    row: Row
    meaning: Text
    versions: tuple[Asking, ...]
    signatures: tuple[Sign, ...]
    own: bool
    barred: Text | None
    failure: Text | None
    tolerance: float
    files: tuple[str, ...]

    @property
    def current(self) -> Asking:
        return self.versions[-1]

    @property
    def may_sign(self) -> bool:
        return self.row.state == "open" and self.barred is None

    @property
    def changes(self) -> tuple[Difference, ...]:
        """What the last edit changed against the version before; nothing when there was none."""
        if len(self.versions) < 2:
            return ()
        before = {name: value for name, _, value in self.versions[-2].fields}
        return tuple(
            Difference(title, before.get(name), value)
            for name, title, value in self.current.fields
            if before.get(name) != value
        )


def version(kind: Kind, kept: Version) -> Asking:
    raw = json.loads(kept.payload)
    try:
        told = tuple(shown(from_canonical(kind.payload, kept.payload)))
    except BadInput:  # asked for under an earlier declaration: told as it was written
        titles = {each.name: each.asked.title for each in fields_of(kind.payload)}
        told = tuple((name, titles.get(name, Text(name, name)), value) for name, value in raw.items())
    return Asking(kept.number, told, raw, kept.digest, kept.reason, Effect.from_json(kept.effect), kept.at)


def signature(kept: Signature) -> Sign:
    return Sign(
        kept.checker, kept.on_behalf_of, kept.decision, kept.note, kept.version, kept.digest,
        Effect.from_json(kept.effect), kept.at,
    )  # fmt: skip
