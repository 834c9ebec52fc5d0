"""The truth about a block: what the bank's files do not say. Written apart from them, for judges only."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import applications, calendar, contact_truth, crm
from zhike.sandbox.accounts import CHARGED_OFF, CLOSED_BY_BANK, CLOSED_BY_CUSTOMER
from zhike.sandbox.aggregates import Aggregates
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.crime_truth import CrimeTruth
from zhike.sandbox.figures import KeyFigures
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.numbers import card_customer_numbers, core_customer_numbers
from zhike.sandbox.profit import COMPONENTS, Profit
from zhike.sandbox.silence import Silence
from zhike.sandbox.temporary_limits import ENDED_EARLY, REASON_NAMES, Told
from zhike.sandbox.world import Today, World

_STATES = ("waiting", "active", "slipping", "asleep")
_CLOSED_BY = {CLOSED_BY_CUSTOMER: "customer", CLOSED_BY_BANK: "bank", CHARGED_OFF: "charge_off"}


class Truth:
    """Sees every day of a block and tells its tables at the end, one position per person or thing, by global number."""

    def __init__(self, world: World) -> None:
        self._world, self._crime = world, CrimeTruth(world)
        self._silence = Silence(world)
        self._figures = KeyFigures(world)
        self._aggregates = Aggregates(world)
        self._profit = Profit(world, world.parameters.first_day - 1)
        self._months: list[tuple[int, NDArray[np.int64]]] = []
        self._limits: list[tuple[int, Told]] = []

    def see(self, today: Today) -> None:
        """Notes what only the day itself tells."""
        self._crime.see(today)
        self._limits.append((today.day, today.temporary_limits))
        self._silence.moved(today.entries, today.day)
        self._figures.see(today)
        self._aggregates.see(today)
        self._profit.see(today)
        if calendar.day_of(today.day + 1).day == 1 or today.day == self._world.parameters.last_day:
            self._silence.mark(today.day)
            self._months.append((today.day, self._profit.so_far()))

    def tables(self) -> dict[str, pa.Table]:
        """Tables by name; those of all blocks together are the bank's."""
        return {
            "people": _people(self._world), "numbers": _numbers(self._world), "accounts": _accounts(self._world),
            "temporary_limits": _temporary_limits(self._world, self._limits),
            "account_months": _account_months(self._world, self._silence),
            "churn": _churn(self._world, self._silence), "profit": _profit(self._world, self._months),
            "key_figures": self._figures.table(), "aggregates": self._aggregates.table(), **self._crime.tables(),
            "uplift": contact_truth.table(self._world, self._world.parameters.last_day),
        }  # fmt: skip


def _people(world: World) -> pa.Table:
    own, since = world.people, world.since
    group = pa.array([group.name for group in GROUPS]).take(pa.array(own.group))
    return pa.table({
        "person": own.number, "group": group, "household": own.household, "card_customer_since": _days(since),
        "need_for_credit": own.need_for_credit, "digital": own.digital, "diligence": own.diligence,
        "travel": own.travel,
    })  # fmt: skip


def _numbers(world: World) -> pa.Table:
    """Every number under which a system knows a person, and how what stands there differs from the true person.

    ``difference`` and ``papers`` (how the identity number stands) as in `mistyped`; person -1 is a prospect in no other
    system.
    """
    own, day = world.people, world.parameters.last_day
    applied = applications.known_since(world.applications, len(own))
    parts = []
    for system, inside, numbers in (
        ("cards", (world.since <= day) | (applied <= day), card_customer_numbers),
        ("core", own.in_core & (_core_since(world) <= day), core_customer_numbers),
    ):
        person = own.number[np.flatnonzero(inside)]
        texts = numbers(person)
        old = crm.old_in_core(world)[person - own.number[0]] & (system == "core")
        parts.append(pa.table({
            "person": person, "system": pa.array([system] * len(person), pa.string()),
            "number": pa.array(texts.view(f"S{texts.shape[1]}").ravel().astype(str).tolist(), pa.string()),
            "difference": pa.array(["same", "old_phone"]).take(pa.array(old.astype(int))),
            "papers": pa.array(["right", "old"]).take(pa.array(old.astype(int))),
        }))  # fmt: skip
    return pa.concat_tables([*parts, crm.told(world, crm.make(world))])


def _accounts(world: World) -> pa.Table:
    own = world.accounts
    kept = np.flatnonzero(own.opened <= world.parameters.last_day)
    closed = np.isin(own.status[kept], list(_CLOSED_BY))
    return pa.table({
        "account": own.serial[kept], "person": world.people.number[own.person[kept]], "opened": _days(own.opened[kept]),
        "attachment": world.usage.attachment[kept],
        "closed": _days(np.where(closed, own.status_since[kept], NEVER)),
        "closed_by": pa.array([_CLOSED_BY.get(int(status)) for status in own.status[kept]], pa.string()),
    })  # fmt: skip


def _temporary_limits(world: World, told: list[tuple[int, Told]]) -> pa.Table:
    """Every temporary limit (fen) as it was granted, and once more where it was ended early: days inclusive."""
    whole = Told.joined([each for _, each in told])
    return pa.table({
        "account": world.accounts.serial[whole.account],
        "told_on": _days(np.repeat([day for day, _ in told], [len(each) for _, each in told]).astype(np.int32)),
        "start": _days(whole.start.astype(np.int32)), "end": _days(whole.end.astype(np.int32)), "limit": whole.limit,
        "reason": pa.array(REASON_NAMES).take(pa.array(whole.reason)), "ended_early": whole.state == ENDED_EARLY,
    })  # fmt: skip


def _account_months(world: World, silence: Silence) -> pa.Table:
    """Accounts not closed, at the end of each month: hidden state, whether active, and when the next movement came."""
    own, parts = world.accounts, []
    for mark, following in zip(silence.marks, silence.next_moves(), strict=True):
        kept = np.flatnonzero((own.opened <= mark.day) & (mark.status <= 1))
        parts.append(pa.table({
            "account": own.serial[kept], "as_of": _same_day(mark.day, len(kept)),
            "state": pa.array(_STATES).take(pa.array(mark.state[kept])), "active": silence.active(mark)[kept],
            "late_days": mark.late[kept].astype(np.int32), "balance": mark.balance[kept],
            "last_move": _days(mark.last[kept]), "next_move": _days(following[kept]), "chance": mark.chance[kept],
        }))  # fmt: skip
    return pa.concat_tables(parts)


def _churn(world: World, silence: Silence) -> pa.Table:
    """People active at the end of a month: did they fall silent? Null where the time to tell is not over.

    ``chance`` is the oracle's. A person is silent when all their accounts are.
    """
    own, parts, count = world.accounts, [], len(world.people)
    for mark, following in zip(silence.marks, silence.next_moves(), strict=True):
        live = mark.status <= 1  # also what is only opened later
        active = np.zeros(count, bool)
        active[own.person[silence.active(mark)]] = True
        quiet, soonest = np.ones(count), np.full(count, NEVER, np.int32)
        np.multiply.at(quiet, own.person[live], mark.chance[live])
        np.minimum.at(soonest, own.person[live], following[live])
        last = np.full(count, -(10**6), np.int64)
        known = live & (mark.last != NEVER)
        np.maximum.at(last, own.person[known], mark.last[known])
        who = np.flatnonzero(active)
        end = mark.day + silence.horizon_days
        over = np.full(len(who), end <= world.parameters.last_day)
        parts.append(pa.table({
            "person": world.people.number[who], "as_of": _same_day(mark.day, len(who)),
            "silent": pa.array(soonest[who] > end, pa.bool_(), mask=~over),
            "last_move": _days(last[who].astype(np.int32)), "chance": quiet[who],
        }))  # fmt: skip
    return pa.concat_tables(parts)


def _profit(world: World, months: list[tuple[int, NDArray[np.int64]]]) -> pa.Table:
    """Person and month: each component of the profit in fen, and their sum. Only who has any."""
    parts, before = [], np.zeros((len(COMPONENTS), len(world.people)), np.int64)
    for day, total in months:
        month, before = total - before, total
        kept = np.flatnonzero((month != 0).any(axis=0))
        parts.append(pa.table({
            "person": world.people.number[kept], "month_end": _same_day(day, len(kept)),
            **{name: month[place, kept] for place, name in enumerate(COMPONENTS)}, "profit": month[:, kept].sum(axis=0),
        }))  # fmt: skip
    return pa.concat_tables(parts)


def _core_since(world: World) -> NDArray[np.int32]:
    since = np.full(len(world.people), NEVER, np.int32)
    demand = ~world.deposits.time
    since[world.deposits.person[demand]] = world.deposits.opened[demand]
    return since


def _same_day(day: int, count: int) -> pa.Array:
    return pa.array(np.full(count, day, np.int32)).cast(pa.date32())


def _days(days: NDArray[np.int32]) -> pa.Array:
    return pa.array(days, pa.int32(), mask=np.asarray(days == NEVER)).cast(pa.date32())
