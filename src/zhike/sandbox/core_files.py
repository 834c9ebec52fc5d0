"""The files of core banking: CSV in UTF-8, each with a companion that holds its control totals."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute, csv

from zhike.sandbox import branches, calendar, damage, deposits, layouts, names
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.deposits import Deposits, Movements
from zhike.sandbox.numbers import Bytes, digits, scattered
from zhike.sandbox.people import People, income_band
from zhike.sandbox.places import CITIES, DISTRICTS, STREETS, tier_code
from zhike.sandbox.record import Record

Column = pa.Array
_RISKS = ("C1", "C2", "C3", "C4", "C5")


class CoreFiles:
    """Writes the day's folder of core banking. ``identity``, ``phone``: numbers of everybody, as bytes."""

    def __init__(self, people: People, own: Deposits, identity: Bytes, phone: Bytes) -> None:
        self._people, self._deposits, self._identity, self._phone = people, own, identity, phone
        self._names = pa.array(names.full_names_in_core())
        self._divisions = pa.array([district.code for district in DISTRICTS])
        self._tiers = pa.array([tier_code(district) for district in DISTRICTS])
        self._streets = pa.array([_address(place, street) for place in range(len(DISTRICTS)) for street in STREETS])
        self._branches = pa.array([branch.code for branch in branches.BRANCHES])
        number = digits(scattered(np.arange(len(own)), 12), 12)
        self._accounts = _strings(np.concatenate([_prefix("6000", len(own)), number], axis=1))
        self._since = np.full(len(people), NEVER, np.int32)
        demand = ~own.time
        self._since[own.person[demand]] = own.opened[demand]
        self.bytes = self.rows = self.files = 0

    def write(self, folder: Path, day: int, first: bool, moved: Movements) -> None:
        """All files of the day; ``folder`` exists."""
        today = calendar.day_of(day)
        started = (self._since <= day) if first else (self._since == day)
        self._save(folder, layouts.CORE_CUSTOMER, today, self._customers(np.flatnonzero(started)))
        opened = (self._deposits.opened <= day) if first else (self._deposits.opened == day)
        self._save(folder, layouts.CORE_ACCOUNT, today, self._opened(np.flatnonzero(opened)))
        self._save(folder, layouts.CORE_MOVEMENT, today, self._movements(moved, day), even_empty=True)
        if calendar.day_of(day + 1).day == 1:
            held = np.flatnonzero(self._deposits.opened <= day)
            self._save(folder, layouts.CORE_BALANCE, today, {
                "account_no": self._accounts.take(held), "day": _days(np.full(len(held), day)),
                "balance": _yuan(self._deposits.balance[held]), "currency": _same("CNY", len(held)),
            })  # fmt: skip

    def _customers(self, person: NDArray[np.integer]) -> dict[str, Column]:
        people = self._people
        rolls = people.rolls.at(person)
        number = digits(scattered(person, 10), 10)
        street = people.district[person] * len(STREETS) + people.street[person]
        couple = people.partner[person] >= 0
        return {
            "customer_id": _strings(np.concatenate([_prefix("K", len(person)), number], axis=1)),
            "name": self._names.take(people.name[person]), "id_no": _strings(self._identity[person]),
            "phone": _strings(self._phone[person]), "birth_date": _days(people.birth[person]),
            "sex": pa.array(["M", "F"]).take(people.female[person].astype(int)),
            "marital": pa.array(["S", "M"]).take((couple | rolls.happens("married", 0.45)).astype(int)),
            "household_no": _strings(digits(people.household[person] + 1_000_000, 9)),
            "division": self._divisions.take(people.district[person]), "address": self._streets.take(street),
            "occupation": _strings(digits(people.occupation[person], 2)),
            "income_band": _strings(digits(income_band(people.income[person]), 1)),
            "city_tier": self._tiers.take(people.district[person]),
            "segment": _strings(digits(people.group[person] + 1, 2)),
            "risk": pa.array(_RISKS).take(rolls.below("risk preference", len(_RISKS))),
            "branch_no": self._branches.take(branches.home(people.city[person], rolls)),
            "opened": _days(self._since[person]),
        }  # fmt: skip

    def _opened(self, account: NDArray[np.integer]) -> dict[str, Column]:
        own = self._deposits
        holder = digits(scattered(own.person[account], 10), 10)
        return {
            "account_no": self._accounts.take(account),
            "customer_id": _strings(np.concatenate([_prefix("K", len(account)), holder], axis=1)),
            "kind": pa.array(["D", "T"]).take(own.time[account].astype(int)), "currency": _same("CNY", len(account)),
            "opened": _days(own.opened[account]), "status": _same("A", len(account)),
            "branch_no": self._branches.take(own.branch[account]),
        }  # fmt: skip

    def _movements(self, moved: Movements, day: int) -> dict[str, Column]:
        count = len(moved)
        reference = int(calendar.day_of(day).strftime("%Y%m%d")) * 10**8 + np.arange(count)
        broken_kind, broken_day = damage.of_movements(reference, calendar.day_of(day))
        kinds = pa.array([*deposits.KINDS, damage.UNKNOWN_KIND])
        days = pa.array([calendar.day_of(day).isoformat(), damage.impossible_day(calendar.day_of(day))])
        return {
            "ref": _strings(np.concatenate([_prefix("M", count), digits(reference, 16)], axis=1)),
            "account_no": self._accounts.take(moved.account), "day": days.take(broken_day.astype(int)),
            "time": _clock(moved.second), "kind": kinds.take(np.where(broken_kind, len(deposits.KINDS), moved.kind)),
            "amount": _yuan(moved.amount), "currency": _same("CNY", count),
            "channel": pa.array(deposits.CHANNELS).take(moved.channel),
            "memo": pa.array(deposits.MEMOS).take(moved.memo),
        }  # fmt: skip

    def _save(
        self, folder: Path, record: Record, day: date, columns: Mapping[str, Column], even_empty: bool = False
    ) -> None:
        table = pa.table({field.name: columns[field.name] for field in record.fields})
        if not table.num_rows and not even_empty:
            return
        path = folder / record.file
        csv.write_csv(table, path, csv.WriteOptions(quoting_style="needed"))
        amount = Decimal(0)
        if record.total and table.num_rows:
            amount = compute.sum(table.column(record.total)).as_py()
        line = layouts.COMPANION.format(file=record.file, day=day, count=table.num_rows, total=amount)
        companion = path.with_name(path.name + ".ctl")
        companion.write_text(line + "\n")
        self.bytes += path.stat().st_size + companion.stat().st_size
        self.rows += table.num_rows
        self.files += 2


def _address(district: int, street: str) -> str:
    place = DISTRICTS[district]
    return CITIES[place.city].full_name + place.name + street


def _prefix(text: str, count: int) -> Bytes:
    return np.broadcast_to(np.frombuffer(text.encode(), np.uint8), (count, len(text)))


def _strings(matrix: Bytes) -> Column:
    """A string column of texts of one length, made without touching the rows one by one."""
    count, width = matrix.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix))]
    return pa.Array.from_buffers(pa.large_string(), count, buffers)


def _same(text: str, count: int) -> Column:
    return pa.array([text]).take(pa.array(np.zeros(count, np.int64)))


def _days(day: NDArray[np.integer]) -> Column:
    return pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()).cast(pa.string())


def _clock(second: NDArray[np.integer]) -> Column:
    return pa.array(second.astype(np.int32), pa.int32()).cast(pa.time32("s")).cast(pa.string())


def _yuan(cents: NDArray[np.integer]) -> Column:
    """Decimals with two places from fen."""
    wide = np.empty((len(cents), 2), np.int64)
    wide[:, 0], wide[:, 1] = cents, cents >> 63
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(wide)])
