"""Distinct days counted as bits: masks of one account add up to those of a customer, and no value is counted twice.

One bit is one day, a word holds 30 of them: a shift of a whole number then fits every engine's smallest integer.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

_DAYS_PER_WORD = 30


def day_words(days: ir.DateValue, chosen: ir.BooleanValue | None, as_of: date, window_days: int) -> list[ir.Value]:
    """Aggregates over rows: the masks of the ``chosen`` rows' days within the window, newest word first."""
    age = ibis.literal(as_of).delta(days, unit="day")
    bit = ibis.literal(1, "int32") << (age % _DAYS_PER_WORD)
    words = range(-(-window_days // _DAYS_PER_WORD))
    within = [(age // _DAYS_PER_WORD) == word for word in words]
    return [bit.bit_or(where=each if chosen is None else each & chosen) for each in within]


def days_counted(words: list[ir.IntegerValue]) -> ir.IntegerValue:
    """How many days the masks hold; null where there is no mask."""
    counts = [_bit_count(word).cast("int64") for word in words]
    some = ibis.coalesce(*words).notnull()
    return ibis.ifelse(some, sum(count.fill_null(0) for count in counts), ibis.null("int64"))


@ibis.udf.scalar.builtin(name="bit_count")  # type: ignore[untyped-decorator]
def _bit_count(mask: int) -> int:
    """The engine's own count of bits that are set. Ibis reads the signature and calls it: the body never runs."""
    raise NotImplementedError
