"""The columns of the card system's file of instalment plans."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.card_texts import CardTexts, prefixed
from zhike.sandbox.fixed_width import Bytes, Coded, Column, encoded
from zhike.sandbox.instalments import KINDS, STATES, Plans
from zhike.sandbox.numbers import digits, scattered
from zhike.sandbox.prices import annual_rate

Ints = NDArray[np.int64]


def columns(plans: Plans, texts: CardTexts, since: Ints) -> dict[str, Column | Coded]:
    """One row per version of a plan; ``since`` is the day from which it holds."""
    return {
        "plan_no": prefixed("70", digits(scattered(plans.number, 14), 14)),
        "account_no": texts.account_no[plans.account], "kind": Coded(_codes(KINDS), plans.kind),
        "principal": plans.principal, "currency": "CNY", "term": plans.term, "payment": plans.payment,
        "interest": plans.interest, "annual_rate": _annual(plans), "booked": plans.booked, "billed": plans.billed,
        "remaining": plans.remaining, "status": Coded(_codes(STATES), plans.state), "since": since,
    }  # fmt: skip


@cache
def _codes(codes: tuple[str, ...]) -> Bytes:
    return encoded(codes, 1)


def _annual(plans: Plans) -> Ints:
    """Simple annual rates in 1/10,000, worked out once for each price and term."""
    rate = np.round(plans.interest / plans.principal, 4)
    pairs, place = np.unique(np.stack([rate, plans.term]), axis=1, return_inverse=True)
    found = [round(10_000 * _rate(float(monthly), int(term))) for monthly, term in pairs.T]
    return np.array(found, np.int64)[place.reshape(-1)]


_rate = cache(annual_rate)
