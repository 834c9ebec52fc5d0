"""What the bank may do to its people on a day: contacts, standing decisions and commands, in columns.

People are named by person number, accounts by serial (person number × 2, + 1 for a second account), amounts are
fen, references the bank's own. Bad actions are refused with BadInput that says what and the allowed range.
"""

from dataclasses import dataclass, field, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from zhike.core.errors import BadInput
from zhike.sandbox.columns import Columns, Ints

OFFERS = (
    "first_use_gift", "binding_gift", "category_cashback", "bill_instalment", "purchase_instalment", "cash_instalment",
    "limit_increase", "temporary_limit", "fee_waiver", "rate_discount", "overseas_pack", "upgrade", "retention",
    "wake_up", "orderly_closure", "autopay_setup", "loan_referral", "wealth_referral", "general_news",
)  # fmt: skip
(FIRST_USE_GIFT, BINDING_GIFT, CATEGORY_CASHBACK, BILL_INSTALMENT, PURCHASE_INSTALMENT, CASH_INSTALMENT,
 LIMIT_INCREASE, TEMPORARY_LIMIT, FEE_WAIVER, RATE_DISCOUNT, OVERSEAS_PACK, UPGRADE, RETENTION,
 WAKE_UP, ORDERLY_CLOSURE, AUTOPAY_SETUP, LOAN_REFERRAL, WEALTH_REFERRAL, GENERAL_NEWS) = range(19)  # fmt: skip
CHANNELS = ("sms", "phone", "app", "email", "branch")
SMS, PHONE, APP, EMAIL, BRANCH = range(5)
COMMANDS = ("limit", "instalment", "waiver", "block", "unblock", "closure")
LIMIT, INSTALMENT, WAIVER, BLOCK, UNBLOCK, CLOSURE = range(6)

# A million yuan; five years: nobody is paid or lent more than that by one action.
MOST_AMOUNT, MOST_TERM, MOST_NUMBER = 100_000_000, 60, 2**63 - 1
_RANGES = {
    "person": (0, MOST_NUMBER), "account": (0, MOST_NUMBER), "reference": (0, MOST_NUMBER),
    "offer": (0, len(OFFERS) - 1), "channel": (0, len(CHANNELS) - 1), "kind": (0, len(COMMANDS) - 1),
    "hour": (0, 23), "term": (0, MOST_TERM), "incentive": (0, MOST_AMOUNT), "amount": (0, MOST_AMOUNT),
}  # fmt: skip


@dataclass(frozen=True)
class Checked(Columns):
    """Columns that were looked at when they were made: whole numbers, one length, each within its range."""

    def __post_init__(self) -> None:
        length = None
        for each in fields(self):
            what = f"{type(self).__name__.lower()}.{each.name}"
            values = _whole(what, getattr(self, each.name))
            object.__setattr__(self, each.name, values)
            _within(what, values, *_RANGES[each.name])
            if length is not None and len(values) != length:
                raise BadInput(f"{what} has {len(values)} rows, the columns before have {length}.")
            length = len(values)

    def at(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> Self:
        """Rows of what was looked at already."""
        found = object.__new__(type(self))
        for each in fields(self):
            object.__setattr__(found, each.name, getattr(self, each.name)[index])
        return found


@dataclass(frozen=True)
class Contacts(Checked):
    """Outbound messages and calls made today: ``hour`` 0 to 23, ``incentive`` what acceptance is paid (fen)."""

    person: Ints
    offer: Ints
    channel: Ints
    hour: Ints
    incentive: Ints
    reference: Ints


@dataclass(frozen=True)
class Decisions(Checked):
    """Published next best actions; one stands for a person until the next replaces it."""

    person: Ints
    offer: Ints
    incentive: Ints
    reference: Ints


@dataclass(frozen=True)
class Commands(Checked):
    """Orders to the card core. ``amount``: the new limit, the principal of a plan (0 takes the last statement's
    balance), the sum waived; else 0. ``term``: months of a plan, else 0."""

    account: Ints
    kind: Ints
    amount: Ints
    term: Ints
    reference: Ints


@dataclass(frozen=True)
class Actions:
    """All that the bank does on one day."""

    contacts: Contacts = field(default_factory=Contacts.none)
    decisions: Decisions = field(default_factory=Decisions.none)
    commands: Commands = field(default_factory=Commands.none)

    def __len__(self) -> int:
        return len(self.contacts) + len(self.decisions) + len(self.commands)

    def check(self, customers: int) -> None:
        """Raises BadInput where a person or an account cannot be one of so many customers."""
        _within("contacts.person", self.contacts.person, 0, customers - 1)
        _within("decisions.person", self.decisions.person, 0, customers - 1)
        _within("commands.account", self.commands.account, 0, 2 * customers - 1)

    def within(self, numbers: range) -> "Actions":
        """The share of the people with these numbers."""
        if not len(self):
            return self
        return Actions(
            self.contacts.at(_inside(self.contacts.person, numbers)),
            self.decisions.at(_inside(self.decisions.person, numbers)),
            self.commands.at(_inside(self.commands.account // 2, numbers)),
        )


def _whole(what: str, values: object) -> Ints:
    found = np.atleast_1d(np.asarray(values))
    if found.ndim != 1 or (found.size and not np.issubdtype(found.dtype, np.integer)):
        raise BadInput(f"{what} is not a column of whole numbers.")
    if found.size and int(found.max()) > MOST_NUMBER:
        raise BadInput(f"{what} = {found.max()} is more than {MOST_NUMBER:,}.")
    return found.astype(np.int64)


def _within(what: str, values: Ints, low: int, high: int) -> None:
    bad = np.flatnonzero((values < low) | (values > high))
    if len(bad):
        row = int(bad[0])
        raise BadInput(f"{what} = {values[row]:,} in row {row} is not possible: give {low:,} to {high:,}.")


def _inside(person: Ints, numbers: range) -> NDArray[np.bool_]:
    return (person >= numbers.start) & (person < numbers.stop)


NOTHING = Actions()
