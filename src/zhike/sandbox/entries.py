"""Movements on credit accounts, in columns: what happened today, before it is written down."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.columns import names

Ints = NDArray[np.int64]

# Codes of the card system, by position.
TYPES = ("1001", "1002", "1003", "2001", "2002", "3001", "3002", "3003", "3004", "3005", "3006", "3007",
         "3008", "1004", "1005", "1009", "3009")  # fmt: skip
(PURCHASE, CASH, REFUND, PAYMENT, AUTOPAY, INTEREST, LATE_FEE, CASH_FEE, ANNUAL_FEE, WAIVER, CHARGE_OFF,
 RECOVERY, INSTALMENT_INTEREST, CASH_PLAN, CHARGEBACK, REVERSAL, CORRECTION) = range(17)  # fmt: skip
RESPONSES = ("00", "51", "55", "61", "05", "54")
APPROVED, NO_FUNDS = 0, 1
CHANNELS = ("01", "02", "03", "04", "05", "06", "07")
POS, ONLINE, WALLET, ATM, APP, BRANCH, BATCH = range(7)
NONE = -1
_SCATTER = 2_654_435_761  # Knuth's multiplicative hash


@dataclass(frozen=True)
class Entries:
    """One position per movement. Amounts in fen: positive raises what is owed. NONE where nothing applies.

    ``country`` and ``merchant`` are positions in the world's lists; ``original`` is in minor units of the country's
    money; ``of`` is the reference of the movement that this one undoes, else 0; ``ago`` how many days before
    the day of its file it happened. ``case`` is a position in the block's criminal cases plus 1, 0 for all that is
    honest: the truth, which no file tells.
    """

    type: Ints
    account: Ints
    card: Ints
    second: Ints
    amount: Ints
    response: Ints
    channel: Ints
    wallet: Ints
    merchant: Ints
    country: Ints
    original: Ints
    of: Ints
    ago: Ints
    case: Ints

    def __len__(self) -> int:
        return len(self.account)

    def at(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> "Entries":
        return Entries(*(getattr(self, name)[index] for name in names(Entries)))


def make(account: NDArray[np.integer], type_: int | Ints, amount: NDArray[np.integer], **columns: object) -> Entries:
    """Entries with what is not given left out: approved, by batch at 23:00, no card, no merchant, home money."""
    given: dict[str, object] = {
        "type": type_, "account": account, "card": NONE, "second": 82_800, "amount": amount, "response": APPROVED,
        "channel": BATCH, "wallet": NONE, "merchant": NONE, "country": NONE, "original": amount, "of": 0, "ago": 0,
        "case": 0,
        **columns,
    }  # fmt: skip
    count = len(account)
    return Entries(**{name: _column(value, count) for name, value in given.items()})


def _column(value: object, count: int) -> Ints:
    return np.full(count, value, np.int64) if isinstance(value, int) else np.asarray(value, np.int64)


def joined(parts: list[Entries]) -> Entries:
    """All parts in the order of the clock; who is first within a second does not tell what kind of movement it is.

    Movements of one account within one second stay in the order given.
    """
    whole = Entries(*(np.concatenate([getattr(part, name) for part in parts]) for name in names(Entries)))
    return whole.at(np.argsort(whole.second << 32 | (whole.account * _SCATTER & 0xFFFFFFFF), kind="stable"))
