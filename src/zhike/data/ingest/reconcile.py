"""Counts and sums: what files claim against what they hold, and what became of every row."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from zhike.core.errors import BadInput
from zhike.core.money import major_units, minor_units
from zhike.data import formats, quarantine
from zhike.data.columns import Money
from zhike.data.ingest.delivery import Delivered
from zhike.data.ingest.outcome import PLACE
from zhike.data.ingest.staging import Record, Staging
from zhike.data.source import Source


def check_controls(source: Source, files: Sequence[Delivered], records: Sequence[Record]) -> None:
    """Raises BadInput unless every file holds as many rows, and as much money, as its control says."""
    rows: Counter[int] = Counter()
    totals: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    first: dict[int, int] = {}
    for record in records:
        for index, (count, line) in record.unsummed.items():
            lost[index] += count
            first.setdefault(index, line)
        rows.update(record.rows_in)
        totals.update(record.totals)
    for one in files:
        claimed, held = one.layout.count, rows[one.index]
        if claimed is not None and claimed != held:
            raise _mismatch(one, f"{claimed:,} rows", f"{held:,}")
        if one.layout.total is not None and one.kind.control is not None and one.kind.control.total:
            total = _claimed_total(source, one)
            if total != totals[one.index] and lost[one.index]:
                raise _unreadable(one, lost[one.index], first[one.index])
            if total != totals[one.index]:
                raise _mismatch(one, *(_shown(amount, source) for amount in (total, totals[one.index])))


def _claimed_total(source: Source, one: Delivered) -> int:
    """The sum in the control, written as the column that it adds up."""
    text = (one.layout.total or "").strip()
    _, column = one.kind.controlled
    if isinstance(column, Money) and column.implied and text.lstrip("+-").isdecimal():
        return int(text)
    return minor_units(text, source.currency)


def _shown(amount: int, source: Source) -> str:
    return f"{major_units(amount, source.currency):,} {source.currency}"


def _mismatch(one: Delivered, claimed: str, held: str) -> BadInput:
    return BadInput(
        f"{one.name}: its control total says {claimed}, the file holds {held}; ask for the file again. "
        "The whole delivery is held, nothing was loaded."
    )


def _unreadable(one: Delivered, rows: int, line: int) -> BadInput:
    said = "1 row has" if rows == 1 else f"{rows:,} rows have"
    where = f"line {line}" if rows == 1 else f"the first in line {line}"
    return BadInput(
        f"{one.name}: {said} no readable amount ({where}), so the control sum cannot be checked: ask for the file with "
        "these rows mended. The whole delivery is held, nothing was loaded."
    )


def counts(
    files: Sequence[Delivered], records: Sequence[Record], staging: Staging, extra: pa.Table
) -> dict[int, dict[str, object]]:
    """What to record of each file: kind, name, rows in, accepted, quarantined."""
    rows: Counter[int] = Counter()
    refused: Counter[int] = Counter(extra["_file"].to_pylist())
    for record in records:
        rows.update(record.rows_in)
        for batch in staging.rows(record, quarantine.TABLE):
            refused.update(batch["_file"].to_pylist())
    return {
        one.index: {
            "kind": one.kind.name, "file": one.name, "rows_in": rows[one.index],
            "accepted": rows[one.index] - refused[one.index], "quarantined": refused[one.index],
        }
        for one in files
    }  # fmt: skip


def reread(source: Source, files: Sequence[Delivered], refused: Mapping[tuple[int, int], str]) -> pa.Table:
    """Quarantine rows for raw rows (file, line) refused after they were staged: looked up in their files again."""
    wanted: dict[int, dict[int, str]] = {}
    for (index, line), code in refused.items():
        wanted.setdefault(index, {})[line] = code
    parts = [_lines(source, files[index], codes) for index, codes in sorted(wanted.items())]
    return pa.Table.from_pylist([row for part in parts for row in part], pa.schema([*quarantine.SCHEMA, *PLACE]))


def _lines(source: Source, one: Delivered, codes: Mapping[int, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for rows in formats.read(one.path, one.kind, one.layout, one.layout.begin):
        at = np.flatnonzero(np.isin(rows.lines, list(codes)))
        found += [
            {
                "source": source.name, "kind": one.kind.name, "file": one.name, "line": int(line),
                "code": codes[int(line)], "column": None, "_file": one.index, "_line": int(line),
                "raw": quarantine.masked_row(row, one.kind),
            }
            for line, row in zip(rows.lines[at], rows.rows.take(pa.array(at)).to_pylist(), strict=True)
        ]  # fmt: skip
    return found
