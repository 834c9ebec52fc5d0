"""The rows of core banking: CSV in UTF-8."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import branches, calendar, crm, damage, deposits, layouts, mistyped, names
from zhike.sandbox import text_columns as texts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.deposits import Movements
from zhike.sandbox.numbers import Bytes, core_customer_numbers, digits, scattered
from zhike.sandbox.parts import Sink
from zhike.sandbox.people import income_band
from zhike.sandbox.places import CITIES, DISTRICTS, STREETS, tier_code
from zhike.sandbox.record import Record
from zhike.sandbox.text_columns import Column
from zhike.sandbox.world import Today, World

_RISKS = ("C1", "C2", "C3", "C4", "C5")


class CoreFiles:
    """Writes core banking's rows of a day. ``identity``, ``phone``: numbers of everybody, as bytes."""

    def __init__(self, world: World, identity: Bytes, phone: Bytes) -> None:
        people, own = world.people, world.deposits
        self._people, self._deposits = people, own
        self._identity, self._phone = _with_old(world, identity, phone)
        self._first_block = world.numbers.start == 0
        self._upgrade_day, self._upgraded = world.parameters.upgrade_day, False
        self._names = pa.array(names.full_names_in_core())
        self._divisions = pa.array([district.code for district in DISTRICTS])
        self._tiers = pa.array([tier_code(district) for district in DISTRICTS])
        self._streets = pa.array([_address(place, street) for place in range(len(DISTRICTS)) for street in STREETS])
        self._branches = pa.array([branch.code for branch in branches.BRANCHES])
        self._accounts = texts.numbered("6000", scattered(own.serial, 12), 12)
        self._since = np.full(len(people), NEVER, np.int32)
        demand = ~own.time
        self._since[own.person[demand]] = own.opened[demand]

    def write(self, today: Today, sink: Sink) -> None:
        """Puts all rows of the day into ``sink``."""
        day, first = today.day, today.first
        self._upgraded = day >= self._upgrade_day
        started = (self._since <= day) if first else (self._since == day)
        self._save(sink, layouts.CORE_CUSTOMER, self._customers(np.flatnonzero(started)))
        opened = (self._deposits.opened <= day) if first else (self._deposits.opened == day)
        self._save(sink, layouts.CORE_ACCOUNT, self._opened(np.flatnonzero(opened)))
        moved = today.deposits
        self._save(sink, layouts.CORE_MOVEMENT, self._movements(moved, day, today.base), moved.amount)
        if calendar.day_of(day + 1).day == 1:
            held = np.flatnonzero(self._deposits.opened <= day)
            columns = {
                "account_no": self._accounts.take(held), "day": texts.days(np.full(len(held), day)),
                "balance": texts.yuan(self._deposits.balance[held]), "currency": texts.same("CNY", len(held)),
            }  # fmt: skip
            self._save(sink, layouts.CORE_BALANCE, columns, self._deposits.balance[held])

    def _customers(self, person: NDArray[np.integer]) -> dict[str, Column]:
        people = self._people
        rolls = people.rolls.at(person)
        street = people.district[person] * len(STREETS) + people.street[person]
        couple = people.partner[person] >= 0
        return {
            "customer_id": texts.strings(core_customer_numbers(people.number[person])),
            "name": self._names.take(people.name[person]), "id_no": texts.strings(self._identity[person]),
            "phone": texts.strings(self._phone[person]), "birth_date": texts.days(people.birth[person]),
            "sex": pa.array(["M", "F"]).take(people.female[person].astype(int)),
            "marital": pa.array(["S", "M"]).take((couple | rolls.happens("married", 0.45)).astype(int)),
            "household_no": texts.strings(digits(people.household[person] + 1_000_000, 9)),
            "division": self._divisions.take(people.district[person]), "address": self._streets.take(street),
            "occupation": texts.strings(digits(people.occupation[person], 2)),
            "income_band": texts.strings(digits(income_band(people.income[person]), 1)),
            "city_tier": self._tiers.take(people.district[person]),
            "segment": texts.strings(digits(people.group[person] + 1, 2)),
            "risk": pa.array(_RISKS).take(rolls.below("risk preference", len(_RISKS))),
            "branch_no": self._branches.take(branches.home(people.city[person], rolls)),
            "opened": texts.days(self._since[person]),
        }  # fmt: skip

    def _opened(self, account: NDArray[np.integer]) -> dict[str, Column]:
        own = self._deposits
        return {
            "account_no": self._accounts.take(account),
            "customer_id": texts.strings(core_customer_numbers(self._people.number[own.person[account]])),
            "kind": pa.array(["D", "T"]).take(own.time[account].astype(int)),
            "currency": texts.same("CNY", len(account)), "opened": texts.days(own.opened[account]),
            "status": texts.same("A", len(account)),
            "branch_no": self._branches.take(own.branch[account]),
        }  # fmt: skip

    def _movements(self, moved: Movements, day: int, base: int) -> dict[str, Column]:
        count = len(moved)
        reference = base + np.arange(count)
        broken_kind, broken_day = damage.of_movements(reference, calendar.day_of(day), self._first_block)
        kinds = pa.array([*deposits.KINDS, damage.UNKNOWN_KIND])
        days = pa.array([calendar.day_of(day).isoformat(), damage.impossible_day(calendar.day_of(day))])
        return {
            "ref": texts.numbered("M", reference, 16),
            "account_no": self._accounts.take(moved.account), "day": days.take(broken_day.astype(int)),
            "time": texts.clock(moved.second),
            "kind": kinds.take(np.where(broken_kind, len(deposits.KINDS), moved.kind)),
            "amount": texts.yuan(moved.amount), "currency": texts.same("CNY", count),
            "channel": pa.array(deposits.CHANNELS).take(moved.channel),
            "memo": pa.array(deposits.MEMOS).take(moved.memo),
        }  # fmt: skip

    def _save(
        self, sink: Sink, record: Record, columns: Mapping[str, Column], amount: NDArray[np.int64] | None = None
    ) -> None:
        """Writes rows; a file without rows is not written unless it is summed."""
        table = texts.in_order(record, columns, self._upgraded)
        if table.num_rows or amount is not None:
            total = int(amount.sum()) if amount is not None and record.total else 0
            sink.put(record, texts.delimited(table), table.num_rows, total)


def _address(district: int, street: str) -> str:
    place = DISTRICTS[district]
    return CITIES[place.city].full_name + place.name + street


def _with_old(world: World, identity: Bytes, phone: Bytes) -> tuple[Bytes, Bytes]:
    """Numbers as core banking has them: some people's from before a correction."""
    old, identity, phone = crm.old_in_core(world), identity.copy(), phone.copy()
    people = world.people
    identity[old] = mistyped.old_identity(
        identity[old][:, :6], identity[old][:, 6:14], people.female[old], people.number[old]
    )
    phone[old] = mistyped.old_phones(people.number[old])
    return identity, phone
