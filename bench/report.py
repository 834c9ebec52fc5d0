"""The figures as a table, and as docs/benchmarks.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

INTRO = """# Benchmarks

Written by `make bench`: one command, one run, both sides on the same made data, in turns, medians. Lower is better.
A ratio is ours divided by the best peer. The columns of all sides of the customer view were compared value by value
before any figure was taken; a run in which they differ prints no figures.

- **Customer view**: every feature of the comparison (as declared in `src/zhike/data/features/`) computed from the
  facts, from the start of the process to its end, written as one Parquet file in order of customer. Peers: one
  query of hand-written DuckDB SQL (`bench/view_duckdb.py`) and hand-written lazy, streaming Polars
  (`bench/view_polars.py`). Both pick the version of each account, limit, card and consent that was known on the day,
  as ours does. The same memory limit for DuckDB on both sides.
- **Segment count**: `parse + predicate + count` in one thread, as a web worker answers it, against the same condition
  by hand in DuckDB on the same file, also one thread; every call asks something new.
- **Customer API**: `GET /api/v1/customers/ID` through all of Django's middleware in process, on a real publication in
  the embedded PostgreSQL, against a view on the same server that reads one row.
"""


@dataclass(frozen=True)
class Line:
    """One figure beside the best peer's. ``goal`` bounds the ratio, ``limit`` our own figure; None: no goal."""

    job: str
    unit: str
    ours: float
    peer_name: str
    peer: float
    goal: float | None
    limit: float | None
    others: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.ours / self.peer

    @property
    def target(self) -> str:
        if self.goal is not None:
            return f"ratio ≤ {self.goal:g}"
        return f"≤ {self.limit:g} {self.unit.split()[-1]}" if self.limit is not None else ""

    @property
    def verdict(self) -> str:
        if self.goal is None and self.limit is None:
            return ""
        kept = self.ratio <= self.goal if self.goal is not None else self.ours <= (self.limit or 0)
        return "PASS" if kept else "FAIL"


@dataclass(frozen=True)
class Run:
    """One run of all jobs."""

    on: date
    customers: int
    transactions: int
    runs: int
    machine: str
    versions: Mapping[str, str]
    lines: Sequence[Line]


def table(lines: Sequence[Line]) -> str:
    """A table in Markdown, readable in a terminal."""
    head = ("job", "figure", "ours", "best peer", "peer", "ratio", "goal", "")
    rows = [head, *map(_cells, lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    padded = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([padded[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *padded[1:]])


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.job, line.unit, _number(line.ours), line.peer_name, _number(line.peer), f"{line.ratio:.2f}", line.target,
        line.verdict,
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def page(run: Run) -> str:
    """The whole of docs/benchmarks.md."""
    versions = ", ".join(f"{name} {number}" for name, number in run.versions.items())
    facts = f"{run.on}, {run.machine}, {versions}; {run.runs} runs of each side of the customer view."
    return "\n".join([INTRO, "## Figures\n", facts, "", table(run.lines), "", *_peers(run), *_short(run)]) + "\n"


def _peers(run: Run) -> list[str]:
    found = [line for line in run.lines if line.others]
    rows = [
        f"{line.unit}: " + ", ".join(f"{name} {_number(value)}" for name, value in line.others.items())
        for line in found
    ]
    return ["Both peers of the customer view: " + "; ".join(rows) + ".", ""] if rows else []


def _short(run: Run) -> list[str]:
    failed = [line for line in run.lines if line.verdict == "FAIL"]
    if not failed:
        return ["## What falls short\n", "Nothing in this run."]
    rows = [
        f"- {line.job}, {line.unit}: {_number(line.ours)} ({line.ratio:.2f} × {line.peer_name}), goal {line.target}."
        for line in failed
    ]
    return ["## What falls short\n", *rows]
