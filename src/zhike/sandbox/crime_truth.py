"""The truth about crime: which cases, rings and movements are criminal. For judges only; no file tells it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import crime_cases, entries, rings
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.numbers import merchant_numbers
from zhike.sandbox.world import Today, World

Column = NDArray[Any]

_WHAT = ("purchase", "cash_advance", "refund", "chargeback")
_TYPES = (entries.PURCHASE, entries.CASH, entries.REFUND, entries.CHARGEBACK)
_STYLES, _TIMINGS = ("round", "repeated", "odd"), ("statement", "payment", "monthly")


@dataclass
class CrimeTruth:
    """Sees every day of a block; ``tables`` then tells its cases and deeds, and the rings of the whole bank."""

    world: World
    _seen: list[dict[str, Column]] = field(default_factory=list)
    _points: list[dict[str, Column]] = field(default_factory=list)

    def see(self, today: Today) -> None:
        """Keeps today's criminal movements, with the bank's reference of each."""
        which = np.flatnonzero(today.entries.case)
        if len(which):
            deeds = today.entries.at(which)
            self._seen.append({
                "reference": today.reference[which], "case": deeds.case - 1, "type": deeds.type, "of": deeds.of,
                "amount": deeds.amount, "approved": deeds.response == entries.APPROVED, "merchant": deeds.merchant,
                "second": deeds.second, "day": np.full(len(which), today.day), "account": deeds.account,
            })  # fmt: skip
        moved = np.flatnonzero(today.points.case)
        if len(moved):
            given = today.points.at(moved)
            self._points.append({
                "reference": today.base + 1 + moved, "case": given.case - 1, "account": given.account,
                "points": given.points, "day": np.full(len(moved), today.day),
            })  # fmt: skip

    def tables(self) -> dict[str, pa.Table]:
        """``crime_case``, ``crime_movement``, ``crime_points``, ``crime_ring``, by the numbers of the whole bank."""
        return {
            "crime_case": self._cases(), "crime_movement": self._movements(), "crime_points": self._points_table(),
            "crime_ring": self._rings() if self.world.numbers.start == 0 else self._rings().slice(0, 0),
        }  # fmt: skip

    def _case_numbers(self, case: Column) -> Column:
        """A case's number in the whole bank: its account's, an account has one at most."""
        return self.world.accounts.serial[self.world.crime.cases.account[case]]

    def _cases(self) -> pa.Table:
        """Cases that came to a deed: what was planned on a card that was closed or blocked by then, did not."""
        world, every = self.world, self.world.crime.cases
        since, count, worth = self._done()
        happened = np.flatnonzero((since != NEVER) & (since <= world.parameters.last_day))
        cases, own = every.at(happened), world.accounts
        return pa.table({
            "case": self._case_numbers(happened), "kind": _named(crime_cases.KINDS, cases.kind),
            "person": world.people.number[own.cards.holder[cases.card]],
            "account": own.serial[cases.account], "card": own.cards.serial[cases.card],
            "committed_by_holder": np.isin(cases.kind, crime_cases.BY_HOLDER),
            "ring": pa.array(cases.ring, mask=cases.ring < 0), "since": _days(since[happened]),
            "until": _days(cases.end), "reported": _days(cases.reported),
            "movements": count[happened], "amount_cents": worth[happened],
        })  # fmt: skip

    def _done(self) -> tuple[Column, Column, Column]:
        """Day of each case's first deed (NEVER for none), number of approved purchases and advances, and their sum.

        Who takes an account over begins with its phone number.
        """
        cases = self.world.crime.cases
        since = np.full(len(cases), NEVER, np.int64)
        seen = _joined(self._seen, "case", "type", "approved", "amount", "day")
        done = np.isin(seen["type"], (entries.PURCHASE, entries.CASH)) & (seen["approved"] > 0)
        np.minimum.at(since, seen["case"][done], seen["day"][done])
        since = np.where(cases.kind == crime_cases.TAKEN_OVER, cases.start, since)
        count = np.bincount(seen["case"][done], minlength=len(cases))
        worth = np.bincount(seen["case"][done], weights=seen["amount"][done], minlength=len(cases))
        return since, count, worth.astype(np.int64)

    def _movements(self) -> pa.Table:
        own, cases = self.world.accounts, self.world.crime.cases
        seen = _joined(self._seen, "reference", "case", "type", "of", "amount", "approved", "merchant", "second", "day",
                       "account")  # fmt: skip
        what = np.searchsorted(np.sort(_TYPES), seen["type"])
        names = [_WHAT[_TYPES.index(type_)] for type_ in sorted(_TYPES)]
        ring = cases.ring[seen["case"]]
        return pa.table({
            "reference": seen["reference"], "case": self._case_numbers(seen["case"]),
            "kind": _named(crime_cases.KINDS, cases.kind[seen["case"]]), "what": _named(names, what),
            "of_reference": pa.array(seen["of"], mask=seen["of"] == 0),
            "account": own.serial[seen["account"]], "ring": pa.array(ring, mask=ring < 0),
            "amount_cents": seen["amount"], "approved": seen["approved"].astype(bool),
            "merchant_no": _shops(seen["merchant"]), "second": seen["second"],
            "day": _days(seen["day"]),
        })  # fmt: skip

    def _points_table(self) -> pa.Table:
        seen = _joined(self._points, "reference", "case", "account", "points", "day")
        return pa.table({
            "reference": seen["reference"], "case": self._case_numbers(seen["case"]),
            "account": self.world.accounts.serial[seen["account"]], "points": seen["points"], "day": _days(seen["day"]),
        })  # fmt: skip

    def _rings(self) -> pa.Table:
        own = self.world.crime.rings
        flags = {name: getattr(own, name) for name in ("night", "many", "empties", "one_large", "quick_cash", "least")}
        return pa.table({
            "ring": np.arange(len(own)), "city": own.city,
            "merchants": pa.ListArray.from_arrays(
                pa.array(np.arange(len(own) + 1) * rings.SHOPS_A_RING, pa.int32()), _shops(own.shops.reshape(-1))
            ),
            "style": _named(_STYLES, own.style), "timing": _named(_TIMINGS, own.timing),
            "one_terminal": own.terminal >= 0, **flags,
        })  # fmt: skip


def _joined(parts: list[dict[str, Column]], *names: str) -> dict[str, Column]:
    none = np.empty(0, np.int64)
    return {name: np.concatenate([none, *(part[name] for part in parts)]).astype(np.int64) for name in names}


def _named(names: tuple[str, ...] | list[str], position: Column) -> pa.Array:
    return pa.array(names).take(pa.array(position, pa.int64()))


def _shops(position: Column) -> pa.Array:
    """The bank's numbers of shops; null where there is none."""
    texts = merchant_numbers(np.maximum(position, 0))
    found = np.ascontiguousarray(texts).view(f"S{texts.shape[1]}").ravel().astype(str)
    return pa.array(found.tolist(), pa.string(), mask=position < 0)


def _days(day: Column) -> pa.Array:
    whole = np.asarray(day, np.int64)
    never = whole >= NEVER
    return pa.array(np.where(never, 0, whole), pa.int32(), mask=never).cast(pa.date32())
