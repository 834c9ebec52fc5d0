"""Crime in a block: who does what today, and what follows from it: reports, blocks, new cards, money given back.

Cases are drawn before the first day, from rolls that nothing else uses: with and without crime, whoever is not
touched by it lives the same life.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import (
    billing,
    cash_out,
    crime_cases,
    disputes,
    entries,
    misfortunes,
    points_abuse,
    rings,
    spending,
    thefts,
)
from zhike.sandbox.accounts import OPEN, Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.crime_cases import APPLICATION, CASH_OUT, POINTS, TAKEN_OVER
from zhike.sandbox.dice import Dice
from zhike.sandbox.entries import Entries
from zhike.sandbox.ledger import Ledger
from zhike.sandbox.life import Steps
from zhike.sandbox.merchants import Merchants
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import People
from zhike.sandbox.phones import Phones
from zhike.sandbox.points import Points
from zhike.sandbox.refunds import Pending
from zhike.sandbox.spending import Buyers
from zhike.sandbox.usage import Usage

Ints = NDArray[np.int64]
Index = NDArray[np.intp]

_REFUSED = 4  # do not honour


@dataclass(frozen=True)
class Reports:
    """Card holders who told the bank today: of a lost card, or of movements that are not theirs. Seconds of the day."""

    person: Ints
    card: Ints
    second: Ints
    stolen: NDArray[np.bool_]


@dataclass(frozen=True)
class Heard:
    """People who hear today that a dispute of theirs was granted, or refused."""

    granted: NDArray[np.int32]
    refused: NDArray[np.int32]


class Crime:
    """All cases of a block and what is still to come of them."""

    def __init__(
        self, parameters: Parameters, people: People, accounts: Accounts, merchants: Merchants, points: Points,
        phones: Phones, dice: Dice,
    ) -> None:  # fmt: skip
        self._parameters = parameters
        self.rings = rings.make(parameters, merchants, dice)
        self.cases = crime_cases.make(parameters, people, accounts, self.rings, dice)
        self.rolls = crime_cases.rolls_of(dice, accounts, self.cases)
        self.reports = misfortunes.make(parameters, accounts, self.cases, dice)
        self.abuse = points_abuse.make(people, accounts, merchants, points, self.cases, dice)
        self.disputes = disputes.Disputes()
        self.heard = Heard(*2 * [np.empty(0, np.int32)])
        self._phone_turn, self._accounts, self._merchants = phones.turn, accounts, merchants
        self._busts = cash_out.busts(self.rolls)
        self._told_at = self._report_seconds()
        self._paid_before = np.zeros(len(accounts), bool)
        self._received: dict[int, list[tuple[Ints, Ints]]] = {}

    def day(
        self, who: Buyers, state: Usage, ledger: Ledger, paid: Entries, day: int
    ) -> tuple[list[Entries], Index, Index]:
        """Today's deeds with their answers, accounts whose limit was raised, people whose phone number changed."""
        cases = self.cases
        active = np.flatnonzero((cases.start <= day) & (cases.end >= day))
        kind = cases.kind[active]
        members, abusers = active[kind == CASH_OUT], active[kind == POINTS]
        thieves = active[(kind != CASH_OUT) & (kind != POINTS)]
        new = members[cases.start[members] == day]
        cash_out.begin(cases, new, self.rolls, self.rings, who, state, ledger)
        raised = thefts.ask_for_limits(cases, thieves, self.rolls, self._accounts, day)
        tried = [
            self._cash_out(members, ledger, paid, day),
            self._thefts(thieves, who, ledger, day),
            points_abuse.wishes(self.abuse, cases, abusers, self.rolls, self._accounts, ledger, day),
        ]
        made = spending.authorise(entries.joined(tried), self._accounts, state, ledger, day)
        back = self.disputes.arriving(self._accounts, ledger, day)
        holder = self._accounts.person
        self.heard = Heard(
            granted=np.unique(holder[np.concatenate([np.empty(0, np.int64), *(part.account for part in back)])]),
            refused=np.unique(holder[self.disputes.refused(day)]),
        )
        parts = [made, billing.cash_fees(ledger, made, self._parameters.prices_on(day)), *back]
        return parts, raised, self._phones(thieves, day)

    def reported(self, day: int) -> tuple[Steps, Reports]:
        """What holders tell today: cards are blocked and replaced, disputes begin."""
        victims = np.flatnonzero(self.cases.reported == day)
        self.disputes.reported(self.cases, victims, self.rolls, day)
        steps, which = misfortunes.day_of_reports(self.reports, self._accounts, day)
        card = self.reports.card[which]
        holder = self._accounts.cards.holder[card].astype(np.int64)
        return steps, Reports(holder, card.astype(np.int64), self.reports.second[which], self.reports.stolen[which])

    def unpaid(self, ledger: Ledger, day: int) -> None:
        """Takes back the payments that those planned who do not mean to pay any more."""
        cases = self.cases
        leaves = (cases.kind == APPLICATION) & (cases.start <= day)
        leaves |= (cases.kind == CASH_OUT) & self._busts & (cases.end <= day)
        ledger.plan_day[cases.account[leaves]] = NEVER

    def note(self, today: Entries, reference: Ints, pending: Pending, day: int) -> None:
        """What will follow from today's movements, now that the bank has numbered them."""
        self.disputes.note(today, reference, self._accounts, self.cases, day)
        back, when = points_abuse.sent_back(self.cases, today, self.rolls, day)
        pending.add(today.at(back), reference[back], when)
        holder = self._accounts.person
        for due, person, amount in cash_out.paybacks(today, self.cases, self.rings, holder, self.rolls, day):
            self._received.setdefault(due, []).append((person, amount))

    def received(self, day: int) -> tuple[Ints, Ints]:
        """People who get money from a ring today, and how much (fen)."""
        parts = self._received.pop(day, [])
        none = np.empty(0, np.int64)
        return np.concatenate([none, *(who for who, _ in parts)]), np.concatenate([none, *(sum_ for _, sum_ in parts)])

    def points_given(self, points: Points, day: int) -> tuple[tuple[Index, Index], Ints]:
        """Who passes points on to whom today; and the case of every account that farms points, plus 1."""
        cases = self.cases
        active = np.flatnonzero((cases.kind == POINTS) & (cases.start <= day) & (cases.end >= day))
        case_of = np.zeros(len(self._accounts), np.int64)
        case_of[cases.account[active]] = active + 1
        return points_abuse.passed_on(self.abuse, cases, active, self.rolls, points, day), case_of

    def _cash_out(self, members: Index, ledger: Ledger, paid: Entries, day: int) -> Entries:
        now = np.zeros(len(self._accounts), bool)
        now[paid.account] = True
        paid_at = np.full(len(self._accounts), -1, np.int64)
        paid_at[paid.account] = paid.second
        args = (self.cases, members, self.rolls, self.rings, self._accounts)
        due = cash_out.episodes(*args, now, self._paid_before, day)
        self._paid_before = now
        return cash_out.wishes(self.cases, members[due], self.rolls, self.rings, self._accounts, ledger, paid_at, day)

    def _thefts(self, thieves: Index, who: Buyers, ledger: Ledger, day: int) -> Entries:
        """Tries on cards already reported, or of an account that is blocked, are refused."""
        tried = thefts.wishes(self.cases, thieves, self.rolls, who.city, self._accounts, ledger, self._merchants, day)
        case = tried.case - 1
        late = (self.cases.reported[case] == day) & (tried.second > self._told_at[case])
        refused = late | (self._accounts.status[tried.account] != OPEN)
        return Entries(**{**vars(tried), "response": np.where(refused, _REFUSED, entries.APPROVED)})

    def _phones(self, thieves: Index, day: int) -> Index:
        """Who takes an account over begins with the phone number; the holder's report brings the old one back."""
        cases = self.cases
        mine = thieves[cases.kind[thieves] == TAKEN_OVER]
        begun, told = mine[cases.start[mine] == day], mine[cases.reported[mine] == day]
        changed = self._accounts.person[cases.account[begun]]
        restored = self._accounts.person[cases.account[told]]
        self._phone_turn[changed] += 1
        self._phone_turn[restored] -= 1
        return np.unique(np.concatenate([changed, restored])).astype(np.intp)

    def _report_seconds(self) -> Ints:
        """The second of the day at which each case is reported, the end of the day where it is not."""
        found = np.full(len(self.cases), 86_400, np.int64)
        order = np.argsort(self.reports.card)
        cards = self.reports.card[order]
        place = np.minimum(np.searchsorted(cards, self.cases.card), len(cards) - 1) if len(cards) else None
        if place is not None:
            same = (cards[place] == self.cases.card) & self.reports.stolen[order][place]
            found[same] = self.reports.second[order][place][same]
        return found
