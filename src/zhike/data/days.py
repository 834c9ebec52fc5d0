"""Distinct days counted as bits: masks of one account add up to those of a customer, and no value is counted twice.

One bit is one day, a word holds 30 of them, the newest word is 0: a shift of a whole number then fits every engine's
smallest integer. One table of words serves every window.
"""

from datetime import date

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

_DAYS_PER_WORD = 30


def word_and_bit(days: ir.DateValue, as_of: date) -> tuple[ir.IntegerValue, ir.IntegerValue]:
    """Of a day until ``as_of`` the number of its word, and its bit in it."""
    age = ibis.literal(as_of).delta(days, unit="day")
    return age // _DAYS_PER_WORD, ibis.literal(1, "int32") << (age % _DAYS_PER_WORD)


def days_counted(words: ibis.Table, window_days: int) -> ir.IntegerValue:
    """An aggregate over rows of ``word`` and ``days`` (its mask): how many days of the window the masks hold."""
    whole, rest = divmod(window_days, _DAYS_PER_WORD)
    kept = ibis.ifelse(words.word < whole, words.days, words.days & (2**rest - 1))
    return _bit_count(kept).cast("int64").sum(where=words.word <= whole)


@ibis.udf.scalar.builtin(name="bit_count", signature=((dt.int64,), dt.int8))  # type: ignore[untyped-decorator]
def _bit_count(mask: int) -> int:
    """The engine's own count of bits that are set, declared as narrow as DuckDB gives it, so that a cast is written.

    Ibis reads the signature and calls the engine: the body never runs.
    """
    raise NotImplementedError
