"""Applications for cards: received, then approved, refused or taken back. Who is refused may never hold an account."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import entries
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.columns import Columns
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import People, income_band
from zhike.sandbox.products import PRODUCTS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EVENTS = ("01", "02", "03", "04")
RECEIVED, APPROVED, REFUSED, WITHDRAWN = range(4)
REASONS = ("", "01", "02", "03", "04")
NO_REASON, INCOME, RECORD, OTHER_BANKS, NOT_CONFIRMED = range(5)
_CHANNELS = np.array([entries.APP, entries.APP, entries.ONLINE, entries.BRANCH])
_LONGEST_DAYS = 6
_TOLD_BEFORE = 90  # days of applications that the first file tells of
_ADULT_DAYS = 18 * 366
# Chance a month of an application that comes to nothing: of people without a card here, and of holders.
_STRANGERS_A_MONTH, _HOLDERS_A_MONTH = 0.026, 0.0065
_TAKEN_BACK = 0.15


@dataclass(frozen=True)
class Applications(Columns):
    """One position per application; ``account`` is the account opened on it, else NONE. Days since 1970."""

    number: Ints  # in the whole bank: the serial of the account × 2, or person number × 4 and one
    person: Ints
    account: Ints
    product: Ints
    channel: Ints
    received: Ints
    decided: Ints
    outcome: Ints
    reason: Ints


@dataclass(frozen=True)
class Filed(Columns):
    """What is told of applications on a day: which one, what happened, when."""

    application: Ints
    event: Ints
    day: Ints


def make(parameters: Parameters, people: People, accounts: Accounts) -> Applications:
    """All applications of the block that are decided until the last day and not too long before the first."""
    return Applications.joined([_granted(parameters, accounts), _in_vain(parameters, people)])


def _granted(parameters: Parameters, accounts: Accounts) -> Applications:
    account = np.flatnonzero(accounts.opened >= parameters.first_day - _TOLD_BEFORE)
    rolls, decided = accounts.rolls.at(account), accounts.opened[account]
    return Applications.of(
        number=accounts.serial[account] * 2, person=accounts.person[account], account=account,
        product=accounts.product[account], channel=_CHANNELS[rolls.below("applies through", len(_CHANNELS))],
        received=decided - 1 - rolls.below("days to approve", _LONGEST_DAYS - 1), decided=decided, outcome=APPROVED,
        reason=NO_REASON,
    )  # fmt: skip


def _in_vain(parameters: Parameters, people: People) -> Applications:
    """One application that comes to nothing, of some: low incomes and those near to falling behind more often."""
    days = parameters.last_day - parameters.first_day + 1 + _TOLD_BEFORE
    usual = np.where(people.in_cards, _HOLDERS_A_MONTH, _STRANGERS_A_MONTH) * days / 30.4
    chance = np.minimum(usual * (0.4 + 1.2 * people.risk), 0.9)
    received = parameters.first_day - _TOLD_BEFORE + people.rolls.below("applies in vain on", days)
    grown = received >= people.birth + _ADULT_DAYS
    person = np.flatnonzero(people.rolls.happens("applies in vain", chance) & grown)
    rolls, asked = people.rolls.at(person), received[person]
    back = rolls.happens("takes the application back", _TAKEN_BACK)
    return Applications.of(
        number=people.number[person] * 4 + 1, person=person,
        product=_asked_for(people, person), channel=_CHANNELS[rolls.below("asks through", len(_CHANNELS))],
        received=asked, decided=asked + 1 + rolls.below("days to refuse", _LONGEST_DAYS),
        outcome=np.where(back, WITHDRAWN, REFUSED), reason=np.where(back, NO_REASON, _reason(people, person)),
    )  # fmt: skip


def _asked_for(people: People, person: Ints) -> Ints:
    """The product that the group likes most, as a position in PRODUCTS."""
    codes = [product.code for product in PRODUCTS]
    liked = [codes.index(max(group.products, key=group.products.__getitem__)) for group in GROUPS]
    return np.array(liked, np.int64)[people.group[person]]


def _reason(people: People, person: Ints) -> Ints:
    """Why the bank says no."""
    luck = people.rolls.at(person).uniform("refused for")
    poor = income_band(people.income[person]) == 1
    near = people.risk[person] > 0.6
    return np.select(
        [poor & (luck < 0.5), near & (luck < 0.8), luck < 0.6], [INCOME, RECORD, OTHER_BANKS], NOT_CONFIRMED
    )


def filed(applications: Applications, day: int, first: bool) -> Filed:
    """What is told on a day; the first day also tells what is on record of the weeks before."""
    since = -(10**6) if first else day
    parts = []
    for event, when in ((RECEIVED, applications.received), (-1, applications.decided)):
        which = np.flatnonzero((when >= since) & (when <= day))
        what = applications.outcome[which] if event < 0 else np.full(len(which), event)
        parts.append(Filed.of(application=which, event=what, day=when[which]))
    return Filed.joined(parts)


def known_since(applications: Applications, people: int) -> NDArray[np.int32]:
    """The day on which each person first applied, NEVER for who did not."""
    found = np.full(people, NEVER, np.int32)
    np.minimum.at(found, applications.person, applications.received.astype(np.int32))
    return found
