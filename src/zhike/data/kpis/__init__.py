"""KPIs: one file is one number of the bank, the same on every screen (DOMAIN section 2).

A KPI says which rows it counts: each with its ``part`` and, of a quotient, its ``whole``, and with the keys by which it
belongs to an account, a customer, a product or a channel. Nothing in it speaks of splits: whatever a row can be placed
by, the KPI can be split by (`zhike.data.splits`), and parts and wholes of the pieces add up to those of the bank.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from zhike.core.clock import months_before
from zhike.core.registry import Registry
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.assumption import NoAssumptions

# A stock stands at the end of the as-of day (存量); a flow happened over a period that ends with it (新增).
Kind = Literal["stock", "flow"]
Unit = Literal["count", "number", "ratio", "cents", "days", "points"]
AREAS = {
    "cards": Text("发卡与用卡", "Cards and their use"),
    "spend": Text("消费与分期", "Spend and instalments"),
    "balances": Text("余额与额度", "Balances and limits"),
    "income": Text("收入", "Income"),
    "risk": Text("风险", "Risk"),
    "customers": Text("客户", "Customers"),
    "marketing": Text("营销与成本", "Marketing and cost"),
    "service": Text("服务与投诉", "Service and complaints"),
    "loyalty": Text("积分", "Points"),
}
# By which a row can be placed. A row may hold several; what one of them does not tell, another may.
KEYS = ("account_id", "party_id", "product_code", "channel")


@dataclass(frozen=True)
class Period:
    """Days, both included. Of a stock both are the as-of day."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> date:
        """The day before the first: what stood at the start."""
        return self.start - timedelta(days=1)

    def holds(self, day: ir.DateValue) -> ir.BooleanValue:
        """Which of these days lie in the period."""
        return (day >= self.start) & (day <= self.end)


Rows: TypeAlias = Callable[[Facts, Period], ibis.Table]


@dataclass(frozen=True)
class Sums:
    """What the rows of a KPI add up to; ``known`` False where the sources do not tell of it at all."""

    part: int | None
    whole: int | None = None
    known: bool = True

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(_added(self.part, other.part), _added(self.whole, other.whole), self.known or other.known)


@dataclass(frozen=True)
class Kpi:
    """A number with its definition card.

    ``rows(facts, period)`` has a ``part`` and, of a ``quotient``, a ``whole`` (int64), and some of `KEYS`. The value is
    Σ part, or Σ part ÷ Σ whole; parts in fractions of the unit say so by ``per``. ``known(facts)`` is false where the
    sources tell nothing of the matter: then the value is null, never 0. ``period_ends_days_before`` moves a cohort back
    until it is complete. ``rolling``: the period is of fixed length, and is no calendar month in a series of months.
    """

    name: str
    title: Text
    meaning: Text
    formula: Text
    population: Text
    unit: Unit
    direction: Literal["up", "down"]
    owner: str
    kind: Kind
    area: str
    rows: Rows
    quotient: bool = False
    per: int = 1
    known: Callable[[Facts], ir.BooleanScalar] | None = None
    period_days: int = 0
    period_months: int = 0
    period_ends_days_before: int = 0
    rolling: bool = False
    compared_days_before: int = 30
    target: float | None = None
    assumptions: Any = field(default_factory=NoAssumptions)
    tile: int = 0  # its place among the tiles of the overview; 0: it stands in the table below them

    def period(self, as_of: date) -> Period:
        """The days that the number of ``as_of`` speaks of."""
        end = as_of - timedelta(days=self.period_ends_days_before)
        if self.period_months:
            return Period(months_before(end, self.period_months) + timedelta(days=1), end)
        return Period(end - timedelta(days=max(self.period_days - 1, 0)), end)

    def previous(self, as_of: date) -> date:
        """The as-of day to compare with."""
        return as_of - timedelta(days=self.compared_days_before)

    @property
    def as_of_rule(self) -> Text:
        """Of which days the number of an as-of day speaks; always as the facts were known on that day."""
        if self.kind == "stock":
            return Text(
                "统计日日终的状态，只用当日已知的数据",
                "As it stood at the end of the as-of day, from what was known that day",
            )
        zh = f"{self.period_months}个月" if self.period_months else f"{self.period_days}天"
        en = f"{self.period_months} months" if self.period_months else f"{self.period_days} days"
        lag = self.period_ends_days_before
        if lag:
            return Text(
                f"截至统计日前第{lag}天的{zh}，只用统计日已知的数据",
                f"The {en} that end {lag} days before the as-of day, from what was known on the as-of day",
            )
        return Text(
            f"截至统计日的{zh}，只用统计日已知的数据", f"The {en} until the as-of day, from what was known that day"
        )

    def sums(self, facts: Facts, period: Period | None = None) -> ibis.Table:
        """One row: part, whole (null unless a quotient), known."""
        rows = self.rows(facts, period or self.period(facts.as_of))
        sums = rows.aggregate(**self.measures(rows))
        return self._with_known(sums, facts)

    def sums_by(self, labelled: ibis.Table, facts: Facts) -> ibis.Table:
        """label, part, whole, known of each label of rows that have a ``label``."""
        sums = labelled.group_by("label").aggregate(**self.measures(labelled))
        return self._with_known(sums, facts)

    def measures(self, rows: ibis.Table) -> dict[str, ir.Value]:
        """The sums over some rows."""
        whole = rows.whole.cast("int64").sum() if self.quotient else ibis.null("int64")
        return {"part": rows.part.cast("int64").sum().cast("int64"), "whole": whole.cast("int64")}

    def value(self, sums: Sums) -> float | int | None:
        """The number: a float of a quotient and of parts in fractions of no amount, else a whole number."""
        if not sums.known or (self.quotient and not sums.whole):
            return None
        part = sums.part or 0
        if not self.quotient:
            return None if sums.part is None and self.known is None else part // self.per
        found = part / ((sums.whole or 0) * self.per)
        return int(found // 1) if self.unit in ("cents", "count") else found

    def _with_known(self, sums: ibis.Table, facts: Facts) -> ibis.Table:
        if self.known is None:
            return sums.mutate(known=ibis.literal(True))
        known = self.known(facts).name("known").as_table()
        return sums.cross_join(known.mutate(known=known.known.fill_null(False)))


kpis: Registry[Kpi] = Registry("kpis", __name__)


def stacked(*tables: ibis.Table) -> ibis.Table:
    """Rows of several kinds as one: parts of one table, wholes of another. A column that one of them lacks is null
    there."""
    names = [name for name in _TYPES if any(name in table.columns for table in tables)]
    return ibis.union(*(table.select(**{name: _typed(table, name) for name in names}) for table in tables))


_TYPES = {"part": "int64", "whole": "int64", **dict.fromkeys(KEYS, "string"), "account_id": "int64", "kpi": "string"}


def _typed(table: ibis.Table, name: str) -> ir.Value:
    return table[name].cast(_TYPES[name]) if name in table.columns else ibis.null(_TYPES[name])


def _added(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other
