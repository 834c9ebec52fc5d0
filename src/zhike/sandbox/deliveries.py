"""What happens to movements between the card system and its file: some come late, some twice, some are wrong at first.

- late: the row stands in a file of one to five days later, under the reference and the day of the movement;
- twice: the same row, under the same reference, stands in the next day's file again;
- wrong: a purchase or a charge is posted a second time under a reference of its own; one to three days later a
  reversal (of a purchase) or a correction (of a charge) names that reference and takes it back.

Nothing of it touches what people owe. `SENTENCE` says the whole of it; each kind is sure on some days of a month.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import calendar, entries
from zhike.sandbox.dice import Dice
from zhike.sandbox.entries import APPROVED, CORRECTION, PURCHASE, REVERSAL, Entries

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LATE, TWICE, WRONG = "late", "twice", "wrong"
# Of so many purchases (and of charges, for wrong ones) one; days of the month on which the first block has one surely.
_ONE_IN = {LATE: 1_500, TWICE: 3_000, WRONG: 4_000}
_SURE_DAYS = {LATE: (6, 20), TWICE: (8, 22), WRONG: (10, 24)}
_CHARGES = (entries.INTEREST, entries.LATE_FEE, entries.CASH_FEE, entries.ANNUAL_FEE)
_MOST_DAYS_LATE, _MOST_DAYS_WRONG = 5, 3
SENTENCE = (
    "About one purchase in 1,500 comes late, in the movement file of one to five days after its day; one in 3,000\n"
    "stands again in the next day's file, under the same reference; one in 4,000 (and as many charges) is posted a\n"
    "second time by mistake, under a reference of its own, and taken back within three days by a reversal (`1009`) or\n"
    "a correction (`3009`) that names it. Control totals count every row that stands in the file. Events of the\n"
    "online log come late and twice as well."
)


@dataclass
class Deliveries:
    """Holds back what comes on a later day. ``first_block``: it has one of each kind on the sure days."""

    first_block: bool
    _held: dict[int, list[tuple[Entries, Ints]]] = field(default_factory=dict)

    def of_day(self, today: Entries, reference: Ints, day: int, number: int) -> tuple[Entries, Ints]:
        """The rows of the day's file and their references; from ``number`` on references are free."""
        buys = (today.type == PURCHASE) & (today.response == APPROVED) & (today.ago == 0)
        charges = np.isin(today.type, _CHARGES) & (today.ago == 0)
        late = chosen(LATE, reference, buys, day, self.first_block)
        twice = chosen(TWICE, reference, buys & ~late, day, self.first_block)
        wrong = chosen(WRONG, reference, buys & ~late & ~twice, day, self.first_block)
        wrong |= chosen(WRONG, reference, charges, day, self.first_block)
        rolls = Dice(0).rolls("delivery days", reference)
        self._hold(today, reference, late, day, 1 + rolls.below(LATE, _MOST_DAYS_LATE))
        self._hold(today, reference, twice, day, np.ones(len(today), np.int64))
        parts = [(today.at(~late), reference[~late])]
        again, back = _posted_again(today.at(wrong), number)
        parts.append(again)
        if len(back[1]):
            wait = 1 + rolls.at(np.flatnonzero(wrong)).below(WRONG, _MOST_DAYS_WRONG)
            self._hold(*back, np.ones(len(back[1]), bool), day, wait)
        number += len(again[1])
        for rows, names in self._held.pop(day, []):
            parts.append(_numbered(rows, names, number))
            number += int((names == 0).sum())
        return _joined([part for part in parts if len(part[1])] or parts[:1])

    def _hold(self, rows: Entries, reference: Ints, which: Bools, day: int, days: Ints) -> None:
        for wait in np.unique(days[which]):
            mine = which & (days == wait)
            self._held.setdefault(day + int(wait), []).append((_later(rows.at(mine), int(wait)), reference[mine]))


def chosen(kind: str, reference: Ints, among: Bools, day: int, first_block: bool) -> Bools:
    """Which of some rows are treated so, by their references."""
    hit: Bools = among & (Dice(0).rolls(f"delivery {kind}", reference).below("one in", _ONE_IN[kind]) == 0)
    possible = np.flatnonzero(among)
    if first_block and len(possible) and calendar.day_of(day).day in _SURE_DAYS[kind]:
        hit[possible[len(possible) // 2]] = True
    return hit


def _posted_again(twin: Entries, number: int) -> tuple[tuple[Entries, Ints], tuple[Entries, Ints]]:
    """The second postings, and what takes them back; the latter gets its references when it comes."""
    fresh = number + np.arange(len(twin))
    back = Entries(**{
        **vars(twin), "type": np.where(twin.type == PURCHASE, REVERSAL, CORRECTION), "amount": -twin.amount,
        "original": -twin.original, "of": fresh,
    })  # fmt: skip
    return (twin, fresh), (back, np.zeros(len(twin), np.int64))


def _numbered(rows: Entries, reference: Ints, number: int) -> tuple[Entries, Ints]:
    """Gives references to rows that have none yet; those happen on the day itself."""
    fresh = reference == 0
    given = np.where(fresh, number + np.cumsum(fresh) - 1, reference)
    return Entries(**{**vars(rows), "ago": np.where(fresh, 0, rows.ago)}), given


def _later(rows: Entries, days: int) -> Entries:
    return Entries(**{**vars(rows), "ago": rows.ago + days})


def _joined(parts: list[tuple[Entries, Ints]]) -> tuple[Entries, Ints]:
    names = vars(parts[0][0])
    whole = Entries(**{name: np.concatenate([getattr(rows, name) for rows, _ in parts]) for name in names})
    return whole, np.concatenate([reference for _, reference in parts])
