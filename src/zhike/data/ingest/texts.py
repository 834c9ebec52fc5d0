"""Numbers and texts as banks write them, read a column at a time.

Amounts and whole numbers hardly repeat, so their digits are read as a matrix of bytes. What that does not decide (many
leading zeros, zeros behind the last cent, exponents, fractions) is read once for each distinct text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhike.core.money import exponent
from zhike.data.columns import Money, Number, RawColumn, Whole, Words
from zhike.data.ingest.distinct import FINE, MISSING, UNREADABLE, State

KINDS = (Words, Whole, Number, Money)
TYPES = {Words: pa.string(), Whole: pa.int64(), Number: pa.float64(), Money: pa.int64()}
OUT_OF_RANGE = 3
_BLANKS = " \t\n\r\v\f"
_MOST_DIGITS = 18
Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Texts:
    """Reads one column of these kinds."""

    column: RawColumn
    currency: str

    def typed(self, cells: pa.Array) -> tuple[list[pa.Array], State]:
        """As `distinct.Distinct.typed`; a value outside the column's bounds is kept, and ``OUT_OF_RANGE``."""
        given = _given(cells, self.column)
        state = np.where(given.is_valid().to_numpy(False), FINE, MISSING).astype(np.int8)
        if isinstance(self.column, Words):
            return [given], state
        values = self._values(given)
        state[(state == FINE) & values.is_null().to_numpy(False)] = UNREADABLE
        least, most = getattr(self.column, "least", None), getattr(self.column, "most", None)
        for bound, beyond in ((least, pc.less), (most, pc.greater)):
            if bound is not None:
                state[pc.fill_null(beyond(values, bound), False).to_numpy(False)] = OUT_OF_RANGE
        return [values], state

    def _values(self, given: pa.Array) -> pa.Array:
        match self.column:
            case Whole() | Money(implied=True):
                values, fine = _whole(given)
                return pa.array(values, pa.int64(), mask=~fine)
            case Money(scientific=scientific):
                digits = exponent(self.currency)
                values, fine = _cents(given, digits)
                read = _one_cents_of_exponent if scientific else _one_cents
                return _with_rest(given, values, fine, lambda text: read(text, digits))
            case _:
                nothing = np.zeros(len(given))
                return _with_rest(given, nothing, nothing != 0, _one_fraction)


def _given(cells: pa.Array, column: RawColumn) -> pa.Array:
    """Stripped, null where it stands for nothing."""
    stripped = pc.ascii_trim(cells, characters=_BLANKS)
    nothing = pc.equal(stripped, "")
    if column.missing:
        nothing = pc.or_(nothing, pc.is_in(stripped, pa.array(list(column.missing), pa.string())))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), stripped) if pc.any(nothing).as_py() else stripped


def _whole(given: pa.Array) -> tuple[Numbers, Marks]:
    """Of each text its value, and whether it is a sign, if any, and 1 to 18 digits."""
    data, ends, lengths = _bytes(given)
    width = min(int(lengths.max(initial=0)), _MOST_DIGITS + 1)
    fine = (lengths > 0) & (lengths <= width)
    values, negative = np.zeros(len(given), np.int64), np.zeros(len(given), bool)
    digits = np.zeros(len(given), np.int64)
    for place in range(width, 0, -1):  # from the left, each text at the right edge
        inside = lengths >= place
        byte = data[np.where(inside, ends - place, 0)]
        figure = byte - np.uint8(ord("0"))
        sign = (lengths == place) & ((byte == ord("+")) | (byte == ord("-")))
        negative |= sign & (byte == ord("-"))
        is_digit = inside & (figure <= 9)
        fine &= is_digit | sign | ~inside
        np.multiply(values, 10, out=values)
        values += np.where(is_digit, figure, 0)
        digits += is_digit
    fine &= (digits > 0) & (digits <= _MOST_DIGITS)
    return np.where(negative, -values, values), fine


def _cents(given: pa.Array, digits: int) -> tuple[Numbers, Marks]:
    """As `_whole` for amounts with a point; not read are those with more figures than are needed."""
    _, _, lengths = _bytes(given)
    point = pc.fill_null(pc.find_substring(given, "."), -1).to_numpy(False).astype(np.int64)
    behind = np.where(point >= 0, lengths - point - 1, 0)
    mantissa, fine = _whole(pc.replace_substring(given, ".", "", max_replacements=1))
    # A digit stands before the point, and so few that the product still fits 18.
    before = np.where(point >= 0, point, lengths)
    signed = pc.fill_null(pc.match_substring_regex(given, "^[+-]"), False).to_numpy(False)
    figures = before - signed
    fine &= (behind <= digits) & (figures >= 1) & (figures <= 18 - 2 * digits)
    return mantissa * 10 ** np.clip(digits - behind, 0, digits), fine


def _bytes(given: pa.Array) -> tuple[npt.NDArray[np.uint8], Numbers, Numbers]:
    """The bytes of texts, where each ends, and how long it is (0 where null)."""
    _, offsets, data = given.buffers()
    bounds = np.frombuffer(offsets, np.int32)[given.offset : given.offset + len(given) + 1].astype(np.int64)
    held = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    lengths = np.diff(bounds)
    if given.null_count:
        lengths = np.where(given.is_valid().to_numpy(False), lengths, 0)
    return held, bounds[1:], lengths


def _with_rest(given: pa.Array, values: Any, fine: Marks, read: Callable[[str], Any]) -> pa.Array:
    """The values, and where they are not fine what ``read`` makes of the text; null where it is none."""
    kind = pa.from_numpy_dtype(values.dtype)
    known = pa.array(values, kind, mask=~fine)
    rest = given.filter(pa.array(~fine)).dictionary_encode()
    if not len(rest) or rest.null_count == len(rest):
        return known
    found = pa.array([read(text) for text in rest.dictionary.to_pylist()], kind)
    return pc.replace_with_mask(known, pa.array(~fine), found.take(rest.indices))


def _one_cents(text: str, digits: int) -> int | None:
    """So many digits that the product still fits 18: for two decimals, amounts below 10^14."""
    like = re.fullmatch(rf"([+-]?)0*([0-9]{{1,{18 - 2 * digits}}})(?:\.([0-9]{{0,{digits}}})0*)?", text)
    if like is None:
        return None
    sign, whole, behind = like.groups()
    cents: int = int(whole) * 10**digits + int((behind or "").ljust(digits, "0") or 0)
    return -cents if sign == "-" else cents


def _one_cents_of_exponent(text: str, digits: int) -> int | None:
    """``1.2E+05``, one digit before the point; below 10^13."""
    if "e" not in text.lower():
        return _one_cents(text, digits)
    if re.fullmatch(r"[+-]?[0-9](\.[0-9]{0,9})?[eE](-[0-9]{1,2}|\+?(0?[0-9]|1[0-2]))", text) is None:
        return None
    cents = Decimal(text).scaleb(digits)
    return int(cents) if cents == cents.to_integral_value() else None


def _one_fraction(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{0,15})?", text) else None
