"""Which decision stands this moment: the published one, or the same expression over what is known now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.text import Locale
from zhike.decide.inputs import declared_view
from zhike.decide.live import laid_over
from zhike.decide.record import DecisionRecord
from zhike.decide.render import title_of
from zhike.operations.marketing import present
from zhike.operations.marketing.live import decide_again, make_ready

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """A decision row. ``decided_at`` None: as published. ``changed``: input -> (as published, as it is now)."""

    row: Row
    decided_at: datetime | None = None
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def as_json(self, locale: Locale) -> dict[str, Any] | None:
        """``{"decided_at", "changed": [{"column", "title", "published", "now"}]}``; None for a published one."""
        if self.decided_at is None:
            return None
        changed = [
            {"column": name, "title": title_of(name, locale), "published": before, "now": after}
            for name, (before, after) in self.changed.items()
        ]
        return {"decided_at": self.decided_at.isoformat(timespec="seconds"), "changed": changed}


def decisions(actor: Actor, rows: Sequence[Row], published: Sequence[Row], kept: DecisionRecord) -> list[Standing]:
    """The decision that stands of each customer, of their rows of the view and of the decisions, in the same order."""
    make_ready(kept)
    known = present.of_rows(actor, rows)
    laid = {row["customer_id"]: laid_over(row, known[row["customer_id"]]) for row in rows}
    again = [
        {**row, **laid[row["customer_id"]]}
        for row, decided in zip(rows, published, strict=True)
        if laid[row["customer_id"]] or _behind(row, decided, kept)
    ]
    fresh = {row["customer_id"]: row for row in decide_again(again, kept)} if again else {}
    at = now()
    return [_standing(decided, fresh.get(decided["customer_id"]), at, kept) for decided in published]


def _behind(row: Row, decided: Row, kept: DecisionRecord) -> bool:
    """Whether a decision was made over something that was laid over its row then, and is no longer."""
    columns = [name for name in kept.inputs if name in declared_view().columns]
    return any(row.get(name) != decided[name] for name in columns)


def _standing(decided: Row, fresh: Row | None, at: datetime, kept: DecisionRecord) -> Standing:
    if fresh is None or dict(fresh) == dict(decided):
        return Standing(decided)
    changed = {name: (decided[name], fresh[name]) for name in kept.inputs if decided[name] != fresh[name]}
    return Standing(fresh, at, changed)
