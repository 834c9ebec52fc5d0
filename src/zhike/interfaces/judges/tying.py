"""Do KPIs tie to the truth? Each beside the true figure, and beside what a bank can know of it by its files.

A bank that counts without fault finds the second one to the cent. Where that is not the true figure, the difference has
a reason, and what it comes to is said; what is left over is a fault of the count.
"""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from zhike.data.kpis import Kpi, kpis

_MOVEMENTS = "movements that came late, were posted twice by mistake, or could not be read"
_BALANCES = f"{_MOVEMENTS}; what moved before the bank's first file"
_PARTIES = "people whose papers in core banking are old count as two parties; movements that could not be read"
_REASONS = {
    "spend": _MOVEMENTS, "fee_income": _MOVEMENTS, "first_use": _MOVEMENTS, "third_use": _MOVEMENTS,
    "active_card": _MOVEMENTS, "cost_per_active": _MOVEMENTS, "recovery": _MOVEMENTS, "active_customer": _PARTIES,
    "silent_churn": _PARTIES, "products_per": _PARTIES,
}  # fmt: skip
_NOT_TOLD = "not told by the truth: which contacts count is a word of the systems that tell them"
_ALMOST = 1e-9


@dataclass(frozen=True)
class Tied:
    """One KPI. ``true`` of the world, ``told`` of what the files let a bank know; None where nothing is to divide by.

    ``explained`` is told − true, for ``reason``; ``left`` is claimed − told: 0 where the count is right.
    """

    kpi: str
    claimed: float | None
    true: float | None
    told: float | None
    reason: str

    @property
    def explained(self) -> float:
        return (self.told or 0) - (self.true or 0)

    @property
    def left(self) -> float:
        """Nothing, where both are the same number but for the last bit, and where no file ever told of the matter."""
        if self.claimed is None or self.told is None:
            return 0.0 if self.claimed is None and not self.told else float("inf")
        off = self.claimed - self.told
        return 0.0 if abs(off) <= _ALMOST * abs(self.told) else off

    @property
    def note(self) -> str:
        if self.claimed is None and not self.told:
            return "nothing of it has happened, in truth as in the claim"
        said = f"claimed {_said(self.claimed)}, true {_said(self.true)}"
        return f"{said}; {self.explained:+,.6g}: {self.reason}" if abs(self.explained) > _ALMOST else said


def tie(figures: pa.Table, day: date, claimed: dict[str, float | None]) -> list[Tied]:
    """Every KPI that the truth's table ``key_figures`` tells of a day, beside what is claimed of it."""
    rows = figures.filter(pc.equal(figures["as_of"], pa.scalar(day, pa.date32())))
    sums = rows.group_by("kpi").aggregate([(name, "sum") for name in ("part", "whole", "told_part", "told_whole")])
    found = {row["kpi"]: row for row in sums.to_pylist()}
    return [
        Tied(
            kpi.name, claimed.get(kpi.name), _value(kpi, row["part_sum"], row["whole_sum"]),
            _value(kpi, row["told_part_sum"], row["told_whole_sum"]), _reason(kpi.name),
        )
        for kpi in kpis
        if (row := found.get(kpi.name)) is not None
    ]  # fmt: skip


def not_told(figures: pa.Table) -> list[tuple[str, str]]:
    """KPIs that no table of the truth tells, each with the reason."""
    known = set(figures["kpi"].to_pylist())
    return [(kpi.name, _NOT_TOLD) for kpi in kpis if kpi.name not in known]


def _value(kpi: Kpi, part: float, whole: float) -> float | None:
    """As the KPI says it: amounts and counts in whole units, rounded down."""
    if kpi.quotient and not whole:
        return None
    value = part / whole if kpi.quotient else part
    return float((value + _ALMOST * abs(value)) // 1) if kpi.unit in ("cents", "count") else value


def _reason(name: str) -> str:
    return next((reason for start, reason in _REASONS.items() if name.startswith(start)), _BALANCES)


def _said(value: float | None) -> str:
    return "nothing" if value is None else f"{value:,.12g}"
