"""The journal of the cash machines: withdrawals on cards and deposit accounts, enquiries, wrong PINs, kept cards.

A withdrawal is told by the card system or by core banking as well; the journal names it by their reference.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhike.sandbox import calendar, deposits, entries, layouts
from zhike.sandbox import text_columns as texts
from zhike.sandbox.card_texts import CardTexts
from zhike.sandbox.columns import NONE, Columns, Ints
from zhike.sandbox.customer_numbers import CustomerNumbers
from zhike.sandbox.numbers import digits
from zhike.sandbox.parts import Sink
from zhike.sandbox.pos_files import terminal
from zhike.sandbox.world import Today, World

KINDS = ("W", "B", "P", "R")
WITHDRAWAL, ENQUIRY, WRONG_PIN, RETAINED = range(4)

# Before a withdrawal: an enquiry of the balance, a wrong PIN (and then the machine may keep the card).
_ENQUIRES, _WRONG, _KEPT = 0.30, 0.03, 0.04
# Days of the month on which the bank's first withdrawal is sure to go so.
_SURE_WRONG, _SURE_KEPT = 9, 23


@dataclass(frozen=True)
class _Lines(Columns):
    """Lines of the journal. ``card`` NONE with a passbook; ``core`` 1 where the reference is core banking's."""

    person: Ints
    second: Ints
    kind: Ints
    card: Ints
    terminal: Ints
    amount: Ints
    reference: Ints
    core: Ints


class AtmFiles:
    """Writes a day's journal."""

    def __init__(self, world: World, cards: CardTexts, customers: CustomerNumbers) -> None:
        self._world, self._customers = world, customers
        self._first_block = world.numbers.start == 0
        self._terminal_no = texts.strings(cards.terminal_no)
        self._card_no = pa.concat_arrays([pa.array([""], pa.large_string()), texts.strings(cards.card_no)])

    def write(self, today: Today, sink: Sink) -> None:
        """Puts the rows of the day into ``sink``."""
        drawn = _Lines.joined([self._on_cards(today), self._on_deposits(today)]).by_clock()
        lines = _Lines.joined([drawn, *self._before(drawn, today.day)]).by_clock()
        count, core = len(lines), lines.core == 1
        reference = today.base + 1 + np.arange(count)
        of_ref = texts.strings(digits(lines.reference, 16))
        of_core = texts.numbered("M", lines.reference, 16)
        named = pa.compute.if_else(pa.array(core), of_core, of_ref)
        columns = {
            "journal_no": texts.numbered("A", reference, 16), "terminal_no": self._terminal_no.take(lines.terminal),
            "customer_no": self._customers.of(lines.person, today.day), "card_no": self._card_no.take(lines.card + 1),
            "day": texts.days(np.full(count, today.day)), "time": texts.clock(lines.second),
            "kind": pa.array(KINDS).take(lines.kind), "amount": texts.yuan(lines.amount),
            "currency": texts.same("CNY", count),
            "of_ref": pa.compute.if_else(pa.array(lines.kind == WITHDRAWAL), named, ""),
        }  # fmt: skip
        rows = texts.delimited(texts.in_order(layouts.ATM_JOURNAL, columns, False))
        sink.put(layouts.ATM_JOURNAL, rows, count, int(lines.amount.sum()))

    def _on_cards(self, today: Today) -> _Lines:
        """Cash advances that were granted, and PINs that the card system refused."""
        moved, own = today.entries, self._world.accounts
        at = np.flatnonzero((moved.channel == entries.ATM) & (moved.card >= 0) & (moved.ago == 0))
        granted, wrong = moved.response[at] == entries.APPROVED, moved.response[at] == entries.RESPONSES.index("55")
        at, granted = at[granted | wrong], granted[granted | wrong]
        there = moved.at(at)
        return _Lines.of(
            person=own.cards.holder[there.card], second=there.second, kind=np.where(granted, WITHDRAWAL, WRONG_PIN),
            card=there.card, terminal=terminal(there), amount=np.where(granted, there.amount, 0),
            reference=np.where(granted, today.reference[at], 0), core=0,
        )  # fmt: skip

    def _on_deposits(self, today: Today) -> _Lines:
        """Withdrawals from deposit accounts, at a machine of the holder's city."""
        moved, own, people = today.deposits, self._world.deposits, self._world.people
        at = np.flatnonzero(moved.kind == deposits.CASH)
        person = own.person[moved.account[at]]
        machine = self._world.merchants.cash_machine(people.city[person]).astype(np.int64)
        return _Lines.of(
            person=person, second=moved.second[at], kind=WITHDRAWAL, card=NONE,
            terminal=1 + machine * 3 + moved.second[at] % 3, amount=-moved.amount[at],
            reference=today.base + at, core=1,
        )  # fmt: skip

    def _before(self, drawn: _Lines, day: int) -> list[_Lines]:
        """What went before withdrawals at the same machine: enquiries, wrong PINs, kept cards."""
        rolls = self._world.people.rolls.at(drawn.person).on(day).on(drawn.second)
        wrong, kept = rolls.happens("wrong PIN", _WRONG), rolls.happens("card kept", _WRONG * _KEPT)
        if self._first_block and len(drawn):
            wrong[0] |= calendar.day_of(day).day == _SURE_WRONG
            kept[0] |= calendar.day_of(day).day == _SURE_KEPT
        asked = rolls.happens("asks for the balance", _ENQUIRES)
        parts = ((ENQUIRY, asked, 40), (WRONG_PIN, wrong | kept, 75), (RETAINED, kept, 70))
        return [self._earlier(drawn.at(which), kind, seconds) for kind, which, seconds in parts]

    def _earlier(self, drawn: _Lines, kind: int, seconds: int) -> _Lines:
        columns = {**vars(drawn), "second": np.maximum(drawn.second - seconds, 0), "kind": kind}
        return _Lines.of(**{**columns, "amount": 0, "reference": 0})
