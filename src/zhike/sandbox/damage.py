"""A few broken rows, as real feeds have them, so that quarantine has something to show.

Some days are sure to have one, so that the smallest bank shows it too. `SENTENCE` says the whole of it.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.dice import Dice
from zhike.sandbox.fixed_width import Bytes
from zhike.sandbox.record import Record

SENTENCE = (
    "About one movement in 50,000, and one on the 3rd and 17th of each month, is broken on purpose: an impossible\n"
    "day, an unknown code, letters in the original amount, or a torn line. Broken rows happened: their amounts are\n"
    "readable and control totals count and sum them. A torn line is an extra one that ends before its amount: it is\n"
    "counted and adds nothing to the sum. The online log has a torn line on the 4th and 18th."
)
UNKNOWN_KIND, UNKNOWN_TYPE = "7X", b"9Z99"
_ONE_IN = 50_000
_SURE_DAYS = (3, 17)
_SURE_TORN = (4, 18)  # in the online log
_TORN_AFTER = 37
_TORN = 3  # the way that leaves the row whole


def chosen(reference: NDArray[np.integer], day: date, sure: bool) -> NDArray[np.intp]:
    """Positions of the rows to break, by their reference; ``sure`` where the sure days are to have one."""
    hit = Dice(0).rolls("damage", reference).below("one in", _ONE_IN) == 0
    if sure and day.day in _SURE_DAYS and len(hit):
        hit[len(hit) // 2] = True
    return np.flatnonzero(hit)


def impossible_day(day: date) -> str:
    """A day that no calendar has, in the year of the file."""
    return f"{day.year}-02-30"


def of_movements(reference: NDArray[np.integer], day: date, sure: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows of core banking to get an unknown kind, and rows to get an impossible day."""
    broken = np.zeros((2, len(reference)), bool)
    for turn, row in enumerate(chosen(reference, day, sure)):
        broken[(day.day + day.month + turn) % 2, row] = True
    return broken[0], broken[1]


def _ways(reference: NDArray[np.integer], day: date, sure: bool) -> list[tuple[np.intp, int]]:
    """The rows of the card system's file to break, and how."""
    return [(row, (day.day + day.month + turn) % 4) for turn, row in enumerate(chosen(reference, day, sure))]


def unreadable(reference: NDArray[np.integer], day: date, sure: bool) -> NDArray[np.bool_]:
    """Which rows of the card system's file `break_lines` breaks; of a torn line the row itself stays whole."""
    found = np.zeros(len(reference), bool)
    found[[row for row, way in _ways(reference, day, sure) if way != _TORN]] = True
    return found


def break_lines(lines: Bytes, record: Record, reference: NDArray[np.integer], day: date, sure: bool) -> list[bytes]:
    """Breaks some lines of a movement file in place; gives torn lines to be put behind them."""
    torn: list[bytes] = []
    for row, way in _ways(reference, day, sure):
        if way == 0:
            _put(lines, row, record, "txn_date", f"{day.year}0230".encode())
        elif way == 1:
            _put(lines, row, record, "type", UNKNOWN_TYPE)
        elif way == 2:
            _put(lines, row, record, "orig_amount", b"+00000O12.5O0 ")
        else:
            torn.append(lines[row, :_TORN_AFTER].tobytes())
    return torn


def torn_line(rows: bytes, day: date, sure: bool) -> bytes:
    """On some days an extra line that ends in the middle: the first row of the file once more, cut off."""
    if not sure or day.day not in _SURE_TORN or not rows:
        return b""
    first = rows[: rows.index(b"\n")]
    return first[: len(first) // 2] + b"\n"


def _put(lines: Bytes, row: np.intp, record: Record, name: str, text: bytes) -> None:
    field = record.field(name)
    lines[row, field.start : field.start + field.width] = np.frombuffer(text, np.uint8)
