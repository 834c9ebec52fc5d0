"""Commands to the card core: limit, instalment, waiver, block, unblock, closure; done or refused, some days late.

A reference has one effect: the same again gets the answer of the first.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import actions, billing, dialogue, effects, eligibility, entries, instalments, life, satisfaction
from zhike.sandbox.accounts import BLOCKED, CLOSED_BY_BANK, OPEN
from zhike.sandbox.actions import Commands
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.dialogue import CommandAnswers
from zhike.sandbox.products import PRODUCTS

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Handle = Callable[["World", Ints, Commands, int], Ints]

_AT_ONCE, _LATEST_DAYS = 0.86, 5
_LOW = np.array([product.limits[0] for product in PRODUCTS]) * 100
_DONE = 0
_REASON = {name: position for position, name in enumerate(dialogue.REASONS)}


class Core:
    """The card core's memory of commands: what waits, by day, and how it answered, by reference."""

    def __init__(self) -> None:
        self._by_day: dict[int, list[Commands]] = {}
        self._known: dict[int, tuple[int, int, int, int, int] | None] = {}

    def day_of_commands(self, world: "World", commands: Commands, day: int) -> CommandAnswers:
        """Carries out what is due: of today's commands most, and those that waited for today."""
        if not len(commands) and day not in self._by_day:
            return CommandAnswers.none()
        again, fresh = self._sorted(commands)
        wait = self._wait(world, fresh, day)
        for ahead in np.unique(wait[wait > 0]):
            self._by_day.setdefault(day + int(ahead), []).append(fresh.at(wait == ahead))
        due = Commands.joined([*self._by_day.pop(day, []), fresh.at(wait == 0)])
        reason = _carried_out(world, due, day)
        outcome = np.where(reason == _DONE, dialogue.COMMAND_DONE, dialogue.COMMAND_REFUSED)
        answers = CommandAnswers(due.reference, due.account, due.kind, outcome, reason)
        for row in zip(*(getattr(answers, name).tolist() for name in vars(answers)), strict=True):
            self._known[row[0]] = row
        return CommandAnswers.joined([answers, self._told_before(again)])

    def _sorted(self, commands: Commands) -> tuple[list[int], Commands]:
        """References that are known already, and the commands with new ones."""
        again, fresh = [], np.zeros(len(commands), bool)
        for row, reference in enumerate(commands.reference.tolist()):
            fresh[row] = reference not in self._known
            self._known.setdefault(reference, None)
            if not fresh[row]:
                again.append(reference)
        return again, commands.at(fresh)

    def _told_before(self, again: list[int]) -> CommandAnswers:
        """The answers given to these; who still waits for the first answer gets that one only."""
        rows = [row for reference in dict.fromkeys(again) if (row := self._known[reference]) is not None]
        return CommandAnswers(*np.array(rows, np.int64).reshape(-1, 5).T)

    def _wait(self, world: "World", fresh: Commands, day: int) -> Ints:
        """Days until each is dealt with."""
        account, exists = positions(world, fresh.account)
        if not exists.any():
            return np.zeros(len(fresh), np.int64)
        rolls = world.accounts.rolls.at(np.where(exists, account, 0)).on(day).on(fresh.kind)
        late = ~rolls.happens("command at once", _AT_ONCE) & exists
        return np.where(late, 1 + rolls.below("command late", _LATEST_DAYS), 0)


def positions(world: "World", serial: Ints) -> tuple[Ints, Bools]:
    """Where the accounts with these serials stand in the block, and whether there are such."""
    known = world.accounts.serial
    place = np.minimum(np.searchsorted(known, serial), max(len(known) - 1, 0))
    return place, (known[place] == serial) if len(known) else np.zeros(len(serial), bool)


def _carried_out(world: "World", due: Commands, day: int) -> Ints:
    """Reasons of refusal, 0 where it was done. Several for one account are dealt with in the order given."""
    account, exists = positions(world, due.account)
    reason = np.where(exists, _DONE, _REASON["no_such_account"])
    order = np.lexsort((np.arange(len(due)), account))
    turn = np.empty(len(due), np.int64)
    turn[order] = np.arange(len(due)) - np.searchsorted(account[order], account[order])
    for now in range(int(turn.max(initial=-1)) + 1):
        for kind, handle in _HANDLES.items():
            rows = np.flatnonzero(exists & (turn == now) & (due.kind == kind))
            if len(rows):
                reason[rows] = _handled(world, handle, account[rows], due.at(rows), day)
    refused = exists & (reason != _DONE) & (due.kind != actions.BLOCK)
    satisfaction.move(world.contact.satisfaction, world.accounts.person[account[refused]], satisfaction.COMMAND_REFUSED)
    return reason


def _handled(world: "World", handle: Handle, account: Ints, commands: Commands, day: int) -> Ints:
    """What holds for every kind first: the account is open."""
    own = world.accounts
    reason = np.where(own.status[account] > BLOCKED, _REASON["closed"], _DONE)
    reason = np.where(own.opened[account] > day, _REASON["not_yet_open"], reason)
    rows = np.flatnonzero(reason == _DONE)
    reason[rows] = handle(world, account[rows], commands.at(rows), day)
    return reason


def _first_reason(holds: list[Bools], names: tuple[str, ...]) -> Ints:
    """The first of the reasons that holds, or none."""
    return np.select(holds, [_REASON[name] for name in names], _DONE)


def _limit(world: "World", account: Ints, commands: Commands, day: int) -> Ints:
    own = world.accounts
    now, product = own.limit[account], own.product[account]
    outside = (commands.amount < _LOW[product]) | (commands.amount > eligibility.MOST_LIMIT[product])
    late = (world.ledger.past_due_since[account] != NEVER) & (commands.amount > now)
    names = ("beyond_product_range", "no_change", "in_arrears")
    reason = _first_reason([outside, commands.amount == now, late], names)
    done = reason == _DONE
    effects.set_limit(world, account[done], commands.amount[done], day)
    raised = done & (commands.amount > now)
    satisfaction.move(world.contact.satisfaction, own.person[account[raised]], satisfaction.BENEFIT)
    satisfaction.move(world.contact.satisfaction, own.person[account[done & ~raised]], -satisfaction.BENEFIT)
    return reason


def _instalment(world: "World", account: Ints, commands: Commands, day: int) -> Ints:
    """Puts the last bill, or a part of it, into a plan; 0 takes all that can be split."""
    book = world.ledger
    owed = np.minimum(book.splittable[account], book.due_in_full[account] - book.paid[account])
    principal = np.where(commands.amount == 0, owed, commands.amount)
    sold = np.isin(commands.term, [term for term, _ in world.parameters.prices.bill_instalment])
    late = (book.past_due_since[account] != NEVER) | (world.accounts.status[account] != OPEN)
    wrong = [late, ~sold, (principal > owed) | (principal <= 0)]
    reason = _first_reason(wrong, ("in_arrears", "term_not_offered", "above_balance"))
    done = reason == _DONE
    moved, _ = world.instalments.start(
        world.accounts, book, instalments.BILL, account[done], principal[done], commands.term[done], day
    )
    world.contact.gathered.entries.append(moved)
    return reason


def _waiver(world: "World", account: Ints, commands: Commands, _day: int) -> Ints:
    """Gives back fees and interest of the last statement and since; 0 gives back all of them that is still owed."""
    last = world.contact.charged
    since = np.maximum(world.ledger.charges[account], 0)
    charged = np.minimum(last[account] + since, np.maximum(world.ledger.balance[account], 0))
    amount = np.where(commands.amount == 0, charged, commands.amount)
    reason = _first_reason([charged == 0, amount > charged], ("nothing_to_waive", "above_balance"))
    done = reason == _DONE
    last[account[done]] -= np.minimum(last[account[done]], amount[done])
    world.contact.gathered.entries.append(billing.charge(world.ledger, account[done], entries.WAIVER, -amount[done]))
    satisfaction.move(world.contact.satisfaction, world.accounts.person[account[done]], satisfaction.BENEFIT)
    return reason


def _block(world: "World", account: Ints, _commands: Commands, day: int) -> Ints:
    own = world.accounts
    reason = np.where(own.status[account] == BLOCKED, _REASON["already_blocked"], _DONE)
    world.contact.held[account] = True
    steps = life.set_block(own, account[reason == _DONE], BLOCKED, life.REQUEST, day)
    world.contact.gathered.steps.append(steps)
    return reason


def _unblock(world: "World", account: Ints, _commands: Commands, day: int) -> Ints:
    own = world.accounts
    late = world.ledger.late_days(day)[account] >= life.LATE_FOR_BLOCK
    reason = _first_reason([own.status[account] != BLOCKED, late], ("not_blocked", "in_arrears"))
    done = account[reason == _DONE]
    world.contact.held[done] = False
    world.contact.gathered.steps.append(life.set_block(own, done, OPEN, life.REQUEST, day))
    return reason


def _closure(world: "World", account: Ints, _commands: Commands, day: int) -> Ints:
    owes = (world.ledger.balance[account] != 0) | (world.ledger.unbilled[account] != 0)
    reason = np.where(owes, _REASON["balance_not_zero"], _DONE)
    closed = life.close(world.accounts, account[reason == _DONE], CLOSED_BY_BANK, day)
    world.contact.gathered.steps.append(closed)
    return reason


_HANDLES: dict[int, Handle] = {
    actions.LIMIT: _limit, actions.INSTALMENT: _instalment, actions.WAIVER: _waiver, actions.BLOCK: _block,
    actions.UNBLOCK: _unblock, actions.CLOSURE: _closure,
}  # fmt: skip
