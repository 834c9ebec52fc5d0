"""What the customers queries answer with. Money in minor units of the workspace's currency."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhike.core.text import Text


@dataclass(frozen=True)
class Published:
    """What is published: the number in the names of its tables, its snapshot, and the day it speaks of."""

    number: int
    snapshot: str
    as_of: date
    at: datetime

    def table(self, name: str) -> str:
        """The name of a published table inside the schema ``published``."""
        return f"{name}_{self.number:06d}"


@dataclass(frozen=True)
class SegmentCount:
    """How many customers an expression selects, and in which snapshot."""

    expression: str
    count: int
    snapshot: str
    as_of: date


@dataclass(frozen=True)
class SegmentPage:
    """One page of the customers that an expression selects, in order of id; count and rows from one snapshot.

    ``after`` continues with the next page, None on the last.
    """

    expression: str
    count: int
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    after: str | None
    snapshot: str
    as_of: date


@dataclass(frozen=True)
class KpiValue:
    """One KPI with its definition card. ``value`` None: nothing to measure (an empty denominator)."""

    name: str
    title: Text
    meaning: Text
    formula: Text
    unit: str
    direction: str
    owner: str
    value: float | None
    as_of: date
    previous: float | None
    previous_as_of: date | None
    area: str = ""
    tile: int = 0


@dataclass(frozen=True)
class KpiPiece:
    """One figure of a KPI: of a piece by some split, of a month, or of the whole bank (``label`` None, ``by`` empty).

    ``part`` and ``whole`` (of a quotient) are its sums; pieces of a split that ``adds_up`` add up to the bank's.
    """

    name: str
    by: str
    label: str | None
    title: Text | None
    value: float | int | None
    unit: str
    as_of: date
    start: date
    end: date
    part: int | None
    whole: int | None
    adds_up: bool


@dataclass(frozen=True)
class Share:
    """One label of a distribution: customers and their share of all."""

    label: str
    title: Text
    customers: int
    share: float


@dataclass(frozen=True)
class SourceState:
    """One source as loaded: files, rows, and the newest business date it told of."""

    source: str
    title: Text
    files: int
    rows_in: int
    accepted: int
    quarantined: int
    newest: date | None


@dataclass(frozen=True)
class PublicationState:
    """The publication in figures, for machines."""

    published: Published
    age_seconds: float
    customers: int


@dataclass(frozen=True)
class Freshness:
    """What is published, since when, and whether newer facts wait to be published."""

    published: Published
    current_snapshot: str
    behind: bool
    sources: tuple[SourceState, ...]


@dataclass(frozen=True)
class Reconciled:
    """One loaded file: rows in = accepted + quarantined."""

    source: str
    file: str
    rows_in: int
    accepted: int
    quarantined: int


@dataclass(frozen=True)
class MonthlySpend:
    """Posted purchases net of refunds in one month (its first day), and how many purchases."""

    month: date
    spend_cents: int
    purchases: int


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened. ``table`` is the canonical table, ``kind`` its code; amounts only where money moved."""

    on: date
    at: datetime | None
    table: str
    kind: str
    amount_cents: int | None
    currency: str | None
    direction: str | None
    channel: str | None
    detail: str | None


@dataclass(frozen=True)
class Found:
    """One customer that a search found: identity masked; which field matched."""

    customer_id: str
    matched: str
    name_masked: str
    tier: str | None
    stage: str | None
