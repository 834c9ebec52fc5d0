"""Credit accounts and cards: who holds what, under which limit, and the days of the first steps of a card's life."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import branches
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.dice import Dice, Rolls, quantiles
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import People, per_group
from zhike.sandbox.products import PRODUCTS, VIRTUAL
from zhike.sandbox.temporary_limits import TemporaryLimits

Days = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_NEW_A_MONTH = 0.009
_OLDEST_DAYS = 8 * 365
_SECOND_ACCOUNT = 0.16
_SUPPLEMENTARY = 0.22  # of those whose partner banks here too


@dataclass
class Cards:
    """Cards. The first ones are the first main cards, one per account at the same position; then supplementary ones,
    then those that replace others.

    The days of the steps are those that come if nothing happens before; NEVER for a step that will not be taken.
    """

    serial: Ints  # in the whole bank: account serial × 2, and one more for a supplementary card
    account: NDArray[np.int32]
    holder: NDArray[np.int32]
    approved: Days
    issued: Days
    mailed: Days
    delivered: Days
    activated: Days
    bound: Days
    first_use: Days
    wallet: NDArray[np.int32]
    closed: Days


@dataclass
class Accounts:
    """Credit accounts with one main card each. ``supplementary`` is the second card's position, or -1.

    ``limit`` is the permanent one; ``effective`` is what is authorised against today.
    """

    rolls: Rolls
    serial: Ints  # in the whole bank: person number × 2, and one more for a second account
    person: NDArray[np.int32]
    product: NDArray[np.int32]
    branch: NDArray[np.int32]
    opened: Days
    statement_day: NDArray[np.int32]
    autopay: NDArray[np.bool_]
    limit: Ints
    supplementary: NDArray[np.int32]
    cards: Cards
    main: NDArray[np.int32] = field(init=False)  # the main card now in use
    card_from: Days = field(init=False)  # the day from which it works, while a new one is on its way
    without_card: NDArray[np.bool_] = field(init=False)
    status: NDArray[np.int32] = field(init=False)
    status_since: Days = field(init=False)
    limit_before: Ints = field(init=False)
    limit_since: Days = field(init=False)
    limit_reason: NDArray[np.int32] = field(init=False)
    extra: TemporaryLimits = field(init=False)
    today: int = field(init=False, default=-(10**6))

    def __post_init__(self) -> None:
        self.main = np.arange(len(self), dtype=np.int32)
        self.card_from = np.zeros(len(self), np.int32)
        self.without_card = np.zeros(len(self), bool)
        self.status = np.zeros(len(self), np.int32)
        self.status_since = self.opened.copy()
        self.limit_before = np.zeros(len(self), np.int64)
        self.limit_since = self.opened.copy()
        self.limit_reason = np.zeros(len(self), np.int32)
        self.extra = TemporaryLimits.none(len(self))

    def __len__(self) -> int:
        return len(self.person)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Neither blocked nor closed, and the card is at hand."""
        return (self.status == OPEN) & ~self.without_card

    @property
    def effective(self) -> Ints:
        """The permanent limits, or the higher temporary ones that are in force today."""
        return self.extra.over(self.limit, self.today)

    def day_begins(self, day: int) -> None:
        """New cards that have arrived work from today on."""
        self.today = day
        self.without_card = self.card_from > day


OPEN, BLOCKED, CLOSED_BY_CUSTOMER, CLOSED_BY_BANK, CHARGED_OFF = range(5)
LIMIT_GRANTED, LIMIT_RAISED_ON_REQUEST, LIMIT_CUT = range(3)


def make(parameters: Parameters, people: People, dice: Dice) -> Accounts:
    """All accounts of the block that will be opened until the last day, in the order of their holders."""
    holders = np.flatnonzero(people.in_cards).astype(np.int32)
    first = people.rolls.at(holders)
    two = first.happens("second account", _SECOND_ACCOUNT)
    person = np.repeat(holders, 1 + two)
    again = np.diff(person, prepend=-1) == 0
    serial = people.number[person] * 2 + again
    rolls = dice.rolls("account", serial)
    approved = _approved(parameters, people, person, again)
    group = people.group[person]
    product = rolls.drawn("product", np.stack([_liked(position) for position in range(len(GROUPS))]), group)
    supplementary, cards = _cards(people, rolls, serial, person, product, approved)
    return Accounts(
        rolls=rolls, serial=serial, person=person, product=product.astype(np.int32),
        branch=branches.home(people.city[person], people.rolls.at(person)), opened=approved,
        statement_day=(1 + rolls.below("statement day", 28)).astype(np.int32),
        autopay=rolls.uniform("autopay") < 0.25 + 0.4 * people.diligence[person],
        limit=_limit(people, rolls, person, product), supplementary=supplementary, cards=cards,
    )  # fmt: skip


def _liked(group: int) -> NDArray[np.int16]:
    likes = GROUPS[group].products
    return quantiles([likes.get(product.code, 0) for product in PRODUCTS], 512)


def _approved(parameters: Parameters, people: People, person: NDArray[np.int32], again: NDArray[np.bool_]) -> Days:
    """Day of approval: most before the bank's first day, never before the 18th birthday."""
    own = people.rolls.at(person)
    new = own.uniform("joins late") < _NEW_A_MONTH * parameters.months
    past = parameters.first_day - 15 - (_OLDEST_DAYS * own.uniform("tenure") ** 1.3).astype(np.int64)
    window = parameters.last_day - parameters.first_day + 1
    day = np.where(new, parameters.first_day + own.below("joining day", window), past)
    day = np.minimum(np.maximum(day, people.birth[person] + 18 * 366), parameters.last_day)
    later = day + ((parameters.last_day - day) * own.uniform("second account opened")).astype(np.int64)
    return np.where(again, later, day).astype(np.int32)


def _limit(people: People, rolls: Rolls, person: NDArray[np.int32], product: Ints) -> Ints:
    months = per_group("limit_months")[people.group[person]]
    yuan = people.income[person] / 1200 * months * np.exp(0.35 * rolls.normal("limit"))
    low, high = (np.array([each.limits[side] for each in PRODUCTS])[product] for side in (0, 1))
    return np.round(np.clip(yuan, low, high), -3).astype(np.int64) * 100


def _cards(
    people: People, rolls: Rolls, serial: Ints, person: NDArray[np.int32], product: Ints, approved: Days
) -> tuple[NDArray[np.int32], Cards]:
    partner = people.partner[person]
    shared = (partner >= 0) & rolls.happens("supplementary", _SUPPLEMENTARY)
    shared &= (product != VIRTUAL) & people.in_cards[np.maximum(partner, 0)]
    count = len(person)
    supplementary = np.full(count, -1, np.int32)
    supplementary[shared] = count + np.arange(shared.sum())
    account = np.concatenate([np.arange(count), np.flatnonzero(shared)]).astype(np.int32)
    holder = np.concatenate([person, partner[shared]]).astype(np.int32)
    extra = np.arange(len(account)) >= count
    own = rolls.at(account).on(extra.astype(np.int64))
    numbers = serial[account] * 2 + extra
    virtual = product[account] == VIRTUAL
    return supplementary, _first_steps(people, own, numbers, account, holder, virtual, approved[account])


def _first_steps(
    people: People, own: Rolls, serial: Ints, account: NDArray[np.int32], holder: NDArray[np.int32],
    virtual: NDArray[np.bool_], approved: Days,
) -> Cards:  # fmt: skip
    """Approved, issued, mailed, delivered, activated, bound, used: each step waits for the one before."""
    digital, diligence = people.digital[holder], people.diligence[holder]
    issued = approved + 1
    mailed = issued + 1 + own.below("mailing", 2)
    delivered = mailed + 2 + own.below("post", 5)
    in_hand = np.where(virtual, issued, delivered)
    will_activate = own.happens("activates", 0.80 + 0.17 * diligence)
    activated = in_hand + own.wait("activation", 4.0 + 8.0 * (1 - digital))
    binds, binding_days = binding(digital)
    will_bind = will_activate & own.happens("binds", binds)
    bound = activated + own.wait("binding", binding_days)
    uses, use_days = first_using(will_bind)
    will_use = will_activate & own.happens("uses", uses)
    first_use = np.where(will_bind, bound, activated) + own.wait("first use", use_days)
    return Cards(
        serial=serial, account=account, holder=holder, approved=approved.astype(np.int32),
        issued=issued.astype(np.int32), mailed=_step(~virtual, mailed), delivered=_step(~virtual, delivered),
        activated=_step(will_activate, activated), bound=_step(will_bind, bound), first_use=_step(will_use, first_use),
        wallet=own.drawn("wallet", quantiles([46, 38, 10, 6], 64)).astype(np.int32),
        closed=np.full(len(account), NEVER, np.int32),
    )  # fmt: skip


def binding(digital: Floats) -> tuple[Floats, Floats]:
    """Chance that the holder of an activated card ever binds it to a wallet, and mean days until then."""
    return 0.25 + 0.72 * digital, 2.0 + 9.0 * (1 - digital)


def first_using(bound: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Chance that an activated card is ever used, and mean days until then, from binding or else from activation."""
    return np.where(bound, 0.96, 0.86), np.where(bound, 4.0, 15.0)


def _step(taken: NDArray[np.bool_], day: NDArray[np.integer]) -> Days:
    return np.where(taken, day, NEVER).astype(np.int32)


def first_days(people: People, accounts: Accounts) -> Days:
    """The day on which each person became a customer of the card system, or NEVER."""
    since = np.full(len(people), NEVER, np.int32)
    np.minimum.at(since, accounts.cards.holder, accounts.cards.approved)
    return since
