"""Cards that are reported and replaced: after a theft, or because they were simply mislaid.

Who reports a card gets another with a new number. The rows of all replacements that will come stand behind the other
cards from the start, without days, and get their days when it happens.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import life
from zhike.sandbox.accounts import OPEN, Accounts, Cards
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.crime_cases import THEFTS, Cases
from zhike.sandbox.dice import Dice, Rolls
from zhike.sandbox.life import Steps
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.products import VIRTUAL

Ints = NDArray[np.int64]
Index = NDArray[np.intp]

# Cards mislaid without anybody's using them, per million cards a year; a planning figure.
_MISLAID = 20_000
_NEXT_SERIAL = 10_000_000  # above every card of the largest bank
_STAYS_AWAY = 0.06  # who never activates the new card


@dataclass
class Replacements:
    """One position per card that will be reported: the card, the day, and where its replacement stands."""

    card: Index
    day: NDArray[np.int32]
    second: Ints
    stolen: NDArray[np.bool_]  # reported as used by others, else as lost
    new: Index
    rolls: Rolls


def make(parameters: Parameters, accounts: Accounts, cases: Cases, dice: Dice) -> Replacements:
    """Everything that will be reported; puts the rows of the new cards behind the others."""
    cards = accounts.cards
    victim = np.flatnonzero(np.isin(cases.kind, THEFTS) & (cases.reported <= parameters.last_day))
    card, day = cases.card[victim], cases.reported[victim].astype(np.int64)
    candidates = np.flatnonzero((cards.first_use <= parameters.last_day) & ~np.isin(cards.account, cases.account))
    candidates = candidates[accounts.product[cards.account[candidates]] != VIRTUAL]
    lost = dice.rolls("mislaid", cards.serial[candidates])
    when = parameters.first_day + lost.wait("mislaid", 365e6 / _MISLAID)
    gone = (when <= parameters.last_day) & (when > cards.first_use[candidates])
    stolen = np.arange(len(card) + gone.sum()) < len(card)
    card, day = np.concatenate([card, candidates[gone]]), np.concatenate([day, when[gone]])
    # One report an account is enough: the first.
    order = np.argsort(day, kind="stable")
    _, first = np.unique(cards.account[card[order]], return_index=True)
    chosen = np.sort(order[first])
    card, day, stolen = card[chosen].astype(np.intp), day[chosen], stolen[chosen]
    new = len(cards.account) + np.arange(len(card))
    accounts.cards = _with_replacements(cards, card)
    rolls = dice.rolls("report", accounts.cards.serial[card])
    return Replacements(card, day.astype(np.int32), 28_800 + rolls.below("second", 50_000), stolen, new, rolls)


def _with_replacements(cards: Cards, card: Index) -> Cards:
    never = np.full(len(card), NEVER, np.int32)
    grown = {name: np.concatenate([column, column[card]]) for name, column in vars(cards).items()}
    grown["serial"][len(cards.serial) :] += _NEXT_SERIAL
    for name in ("approved", "issued", "mailed", "delivered", "activated", "bound", "first_use", "closed"):
        grown[name][len(cards.serial) :] = never
    return Cards(**grown)


def day_of_reports(reports: Replacements, accounts: Accounts, day: int) -> tuple[Steps, Index]:
    """Blocks and replaces what is reported today; gives the steps and the positions in ``reports``."""
    cards = accounts.cards
    today = np.flatnonzero(reports.day == day)
    card = reports.card[today]
    held = (accounts.status[cards.account[card]] == OPEN) & (cards.closed[card] == NEVER)
    today, card = today[held], card[held]
    new, rolls = reports.new[today], reports.rolls.at(today)
    issued = day + 1 + rolls.below("issue", 3)
    delivered = issued + 2 + rolls.below("post", 5)
    stays_away = rolls.happens("stays away", _STAYS_AWAY)
    activated = np.where(stays_away, NEVER, delivered + rolls.wait("activation", 2.0))
    cards.issued[new], cards.mailed[new], cards.delivered[new] = issued, issued + 1, delivered
    cards.activated[new] = cards.first_use[new] = activated
    was_bound = (cards.bound[card] <= day) & ~stays_away
    cards.bound[new] = np.where(was_bound, np.minimum(activated + rolls.below("binding", 4), NEVER), NEVER)
    cards.closed[card] = day
    detail = np.where(reports.stolen[today] & rolls.happens("says so", 0.9), life.FRAUD, life.LOST)
    main = card == accounts.main[cards.account[card]]
    account = cards.account[card[main]]
    accounts.main[account] = new[main]
    accounts.supplementary[cards.account[card[~main]]] = new[~main]
    accounts.card_from[account] = np.where(activated[main] == NEVER, NEVER, activated[main])
    steps = [life.steps(card, life.BLOCK, np.full(len(card), day), life.CUSTOMER, detail)]
    steps.append(life.steps(card, life.REPLACE, np.full(len(card), day), life.BANK, detail))
    return life.joined(steps), today
