"""Numbers and texts as banks write them, as expressions that the engine runs."""

import ibis
import pyarrow as pa
from ibis.expr.types import IntegerValue, StringValue, Value

from zhike.core.money import exponent
from zhike.data.columns import Money, Number, RawColumn, Whole, Words

KINDS = (Words, Whole, Number, Money)
TYPES = {Words: pa.string(), Whole: pa.int64(), Number: pa.float64(), Money: pa.int64()}


def text(cell: StringValue, column: RawColumn) -> StringValue:
    """Stripped, null where it stands for nothing."""
    stripped = cell.strip().nullif("")
    for nothing in column.missing:
        stripped = stripped.nullif(nothing)
    return stripped


def typed(written: StringValue, column: RawColumn, currency: str) -> Value:
    """The value of a text, null where it is none. DuckDB's own casts take 1_000, 0x1F and 1e3; here they are none."""
    match column:
        case Whole() | Money(implied=True):
            return _if_like(written, r"^[+-]?[0-9]{1,18}$").try_cast("int64")
        case Money(scientific=True):
            plain = _cents(written, exponent(currency))
            return ibis.cases((written.re_search("[eE]"), _cents_of_exponent(written, exponent(currency))), else_=plain)
        case Money():
            return _cents(written, exponent(currency))
        case Number():
            return _if_like(written, r"^[+-]?[0-9]{1,15}(\.[0-9]{0,15})?$").try_cast("float64")
        case _:
            return written


def _cents(written: StringValue, digits: int) -> IntegerValue:
    # So many digits that the product still fits DuckDB's 18: for two decimals, amounts below 10^14.
    like = _if_like(written, rf"^[+-]?0*[0-9]{{1,{18 - 2 * digits}}}(\.[0-9]{{0,{digits}}}0*)?$")
    return (like.try_cast(f"decimal(18,{digits})") * 10**digits).cast("int64")


def _cents_of_exponent(written: StringValue, digits: int) -> IntegerValue:
    """``1.2E+05``, one digit before the point; below 10^13, where a float still holds every cent."""
    like = _if_like(written, r"^[+-]?[0-9](\.[0-9]{0,9})?[eE](-[0-9]{1,2}|\+?(0?[0-9]|1[0-2]))$")
    scaled = like.try_cast("float64") * 10**digits
    cents = scaled.try_cast("int64")
    return ibis.cases((cents.cast("float64") == scaled, cents), else_=ibis.null("int64"))


def _if_like(written: StringValue, pattern: str) -> StringValue:
    return ibis.cases((written.re_search(pattern), written), else_=ibis.null("string"))
