"""How a feature is declared: measure, filter, window, entity, unit, titles.

A declaration carries all that the batch query, the incremental update and the live value need; the compiler
(`compiler.py`) is the only reader of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import NO_ASSUMPTIONS

Rows = Callable[[ibis.Table], ir.BooleanValue]
Values = Callable[[ibis.Table], ir.Value]
FeatureType = Literal["int64", "float64", "string", "date", "boolean"]


@dataclass(frozen=True)
class Measure:
    """What is computed over the rows of one customer.

    ``count`` rows · ``sum`` / ``max`` of ``column`` (a name, or an expression over the row) · ``first`` the least of
    a date ``column`` (or expression) · ``last`` the newest business date · ``distinct`` how many values of ``column``.
    ``account_how`` is how the rows of one account combine where that is not ``how`` itself (a limit: the greatest per
    account, summed over accounts).
    """

    how: Literal["count", "sum", "max", "first", "last", "distinct"]
    column: str | Values | None = None
    account_how: Literal["sum", "max"] | None = None

    @property
    def additive(self) -> bool:
        """True when entering days can be added and leaving days taken off."""
        return self.how in ("count", "sum") and self.account_how in (None, "sum")


@dataclass(frozen=True)
class Feature:
    """One column of the customer view, measured on one table.

    ``window_days`` counts whole bank-local days, the as-of day included; ``offset_days`` moves the window back.
    ``newest_per_account`` keeps only each account's newest row (its latest statement). ``accounts`` limits the accounts
    counted, by the as-of columns ``account_kind`` and ``account_status``. ``empty`` is the value of a customer without
    rows: 0 where nothing happened is a fact, None where nothing is known. ``theme`` is one of `themes.THEMES` where
    it is not that of the table; ``assumptions`` is a dataclass of the numbers that the feature rests on.
    """

    name: str
    title: Text
    meaning: Text
    unit: str
    table: str
    measure: Measure
    where: Rows | None = None
    window_days: int | None = None
    offset_days: int = 0
    newest_per_account: bool = False
    accounts: Rows | None = None
    empty: int | None = None
    theme: str = ""
    assumptions: Any = NO_ASSUMPTIONS

    @property
    def type(self) -> FeatureType:
        return "date" if self.measure.how in ("first", "last") else "int64"

    @property
    def counts_days(self) -> bool:
        """True for distinct business dates within a window: they are kept as bits."""
        return self.measure == Measure("distinct", "business_date") and self.window_days is not None


@dataclass(frozen=True)
class Derived:
    """A column computed from columns of the view that stand in ``needs``; ``as_of`` is at hand as a date literal.

    ``theme`` is one of `themes.THEMES` where it is not that of the first need.
    """

    name: str
    title: Text
    meaning: Text
    unit: str
    type: FeatureType
    needs: tuple[str, ...]
    expression: Callable[[ibis.Table, ir.DateValue], ir.Value]
    theme: str = ""
    assumptions: Any = NO_ASSUMPTIONS


@dataclass(frozen=True)
class Trait:
    """A column of the party itself, as it was and as it was known."""

    name: str
    title: Text
    meaning: Text
    column: str
    type: FeatureType = "string"
    unit: str = ""
    theme: str = "person"


AnyFeature = Feature | Derived | Trait


@dataclass(frozen=True)
class Windowed:
    """The same measure over several windows: ``{days}`` in name and titles is filled."""

    name: str
    title: Text
    meaning: Text
    unit: str
    table: str
    measure: Measure
    windows_days: tuple[int, ...]
    where: Rows | None = None
    accounts: Rows | None = None
    empty: int | None = None
    theme: str = ""
    assumptions: Any = NO_ASSUMPTIONS

    def features(self) -> list[Feature]:
        return [self._over(days) for days in self.windows_days]

    def _over(self, days: int) -> Feature:
        fill = str(days)
        return Feature(
            name=self.name.replace("{days}", fill),
            title=Text(self.title.zh.replace("{days}", fill), self.title.en.replace("{days}", fill)),
            meaning=Text(self.meaning.zh.replace("{days}", fill), self.meaning.en.replace("{days}", fill)),
            unit=self.unit,
            table=self.table,
            measure=self.measure,
            where=self.where,
            window_days=days,
            accounts=self.accounts,
            empty=self.empty,
            theme=self.theme,
            assumptions=self.assumptions,
        )
