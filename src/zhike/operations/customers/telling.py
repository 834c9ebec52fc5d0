"""Operational rows become files of the source ``operations``: a folder for each day that is over, a file a kind."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from zhike.core.actor import Actor
from zhike.core.clock import business_date, now
from zhike.core.settings import settings
from zhike.core.snapshot import Manifest
from zhike.core.workspace import write_atomically
from zhike.data.rows import OPERATIONS
from zhike.data.sources.operations import FILES
from zhike.operations.contact import queries as contact
from zhike.operations.service import queries as service

_FIRST = date(2000, 1, 1)
Told = dict[tuple[date, str], list[dict[str, str]]]


def days(manifest: Manifest) -> tuple[date, date]:
    """The first day that was not loaded yet and the last that is over, bank-local; first > last: nothing to tell."""
    loaded = [key.split("@")[1].split(":")[0] for key in manifest.batches if key.startswith(f"{OPERATIONS}/")]
    last = business_date(now(), settings().zone) - timedelta(days=1)
    return (date.fromisoformat(max(loaded)) + timedelta(days=1) if loaded else _FIRST), last


def told(actor: Actor, first: date, last: date) -> Told:
    """By day and file the rows that came to be known from ``first`` to ``last``, as the files hold them."""
    found: Told = defaultdict(list)
    for row in contact.consents_told(actor, first, last):
        found[row["known_on"], "consent"].append(_texts("consent", row))
    for row in contact.contacts_told(actor, first, last):
        found[row["known_on"], "interaction"].append(_texts("interaction", row))
    for row in service.complaint_events_between(actor, first, last):
        found[row["known_at"], "complaint"].append(_texts("complaint", row))
    return found


def write(rows: Mapping[tuple[date, str], Iterable[dict[str, str]]], folder: Path) -> None:
    """Writes the files and the counts beside them; what stood there of an interrupted export is written anew."""
    for (day, name), kept in sorted(rows.items()):
        place = folder / f"{day:%Y%m%d}"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = list(kept)
        lines = _Lines()
        sheet = csv.DictWriter(lines, FILES[name], lineterminator="\n")
        sheet.writeheader()
        sheet.writerows(written)
        write_atomically(place / f"{name}.csv", "".join(lines).encode())
        write_atomically(place / f"{name}.csv.ctl", f"rows={len(written)}\n".encode())


class _Lines(list[str]):
    """Where a csv writer writes to."""

    def write(self, line: str) -> None:
        self.append(line)


def _texts(name: str, row: Mapping[str, Any]) -> dict[str, str]:
    return {column: _text(row[column]) for column in FILES[name]}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" if isinstance(value, datetime) else str(value)
