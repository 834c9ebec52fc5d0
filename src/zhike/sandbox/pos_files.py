"""POS settlement: what the bank's own merchants are paid for yesterday's purchases by the bank's own cards.

The purchases are those of the card system, told again from the merchant's side with what the merchant pays for them.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import entries, layouts
from zhike.sandbox import text_columns as texts
from zhike.sandbox.card_texts import CardTexts
from zhike.sandbox.columns import among
from zhike.sandbox.dice import Dice
from zhike.sandbox.entries import Entries
from zhike.sandbox.numbers import digits
from zhike.sandbox.parts import Sink
from zhike.sandbox.world import Today, World

Ints = NDArray[np.int64]

# Share of the country's shops whose acquirer is the bank itself.
_OWN_MERCHANTS = 0.35
# Of the amount, in basis points: the customary 0.60 %, of which 0.45 % goes to the issuer. Hospitals pay nothing.
_DISCOUNT, _INTERCHANGE = 60, 45
_FREE = ("8062",)


@dataclass(frozen=True)
class _Kept:
    """Yesterday's purchases and refunds at own merchants."""

    moved: Entries
    reference: Ints
    day: int


class PosFiles:
    """Writes a day's settlement rows."""

    def __init__(self, world: World, cards: CardTexts) -> None:
        merchants = world.merchants
        domestic = np.array([country == "CN" for country in merchants.country])
        rolls = Dice(world.parameters.seed).rolls("acquired merchant", np.arange(len(merchants)))
        self._own = domestic & rolls.happens("own", _OWN_MERCHANTS)
        self._free = np.isin(merchants.mcc, _FREE)
        self._names = pa.array(merchants.names)
        self._merchant_no = texts.strings(cards.merchant_no[: len(merchants)])
        self._terminal_no = pa.concat_arrays([pa.array([""], pa.large_string()), texts.strings(cards.terminal_no[1:])])
        self._card_no = texts.strings(cards.card_no)
        self._kept: _Kept | None = None

    def write(self, today: Today, sink: Sink) -> None:
        """Puts the rows of the day before into ``sink`` and keeps those of today for tomorrow."""
        if self._kept is not None:
            self._put(self._kept, sink)
        moved = today.entries
        mine = (moved.merchant >= 0) & (moved.card >= 0) & (moved.response == entries.APPROVED) & (moved.ago == 0)
        mine &= among(moved.type, (entries.PURCHASE, entries.REFUND))
        mine &= self._own[np.maximum(moved.merchant, 0)]
        self._kept = _Kept(moved.at(mine), today.reference[mine], today.day)

    def _put(self, kept: _Kept, sink: Sink) -> None:
        moved, count = kept.moved, len(kept.moved)
        base = np.where(self._free[moved.merchant], 0, np.abs(moved.amount))
        sign = np.sign(moved.amount)
        refund = (moved.type == entries.REFUND).astype(int)
        columns = {
            "settlement_no": texts.numbered("S", kept.reference, 16), "ref": texts.strings(digits(kept.reference, 16)),
            "kind": pa.array(["P", "R"]).take(refund), "merchant_no": self._merchant_no.take(moved.merchant),
            "merchant_name": self._names.take(moved.merchant), "terminal_no": self._terminal_no.take(terminal(moved)),
            "card_no": self._card_no.take(moved.card), "day": texts.days(np.full(count, kept.day)),
            "time": texts.clock(moved.second), "amount": texts.yuan(moved.amount),
            "discount": texts.yuan(sign * part(base, _DISCOUNT)),
            "interchange": texts.yuan(sign * part(base, _INTERCHANGE)), "currency": texts.same("CNY", count),
        }  # fmt: skip
        table = texts.in_order(layouts.POS_SETTLEMENT, columns, False)
        rows = texts.delimited(table, "|", "gb18030", "none")
        sink.put(layouts.POS_SETTLEMENT, rows, count, int(moved.amount.sum()))


def part(amount: Ints, basis_points: int) -> Ints:
    """So many basis points of an amount, rounded half up."""
    return (amount * basis_points + 5_000) // 10_000


def terminal(moved: Entries) -> Ints:
    """The position of the terminal that the card system names, 0 where there is none."""
    machine = among(moved.channel, (entries.POS, entries.WALLET, entries.ATM))
    return np.where(machine & (moved.merchant >= 0), 1 + moved.merchant * 3 + moved.second % 3, 0)
