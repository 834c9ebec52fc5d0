"""How alive a card is for its holder: not yet used, active, slipping, asleep; and leaving for good."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.dice import Rolls

Days = NDArray[np.int32]
Index = NDArray[np.intp]

WAITING, ACTIVE, SLIPPING, ASLEEP = range(4)
# Purchases beside those of an active holder.
PACE = np.array([0.0, 1.0, 0.22, 0.0])

# Chances a month, for a person of middling attachment.
_SLIPS, _RETURNS, _FALLS_ASLEEP, _WAKES = 0.015, 0.24, 0.25, 0.014
_CLOSES = np.array([0.006, 0.0015, 0.012, 0.011])


@dataclass
class Usage:
    """One position per account; ``last`` is the day of the last movement the holder made, or NEVER."""

    state: NDArray[np.int32]
    last: Days
    attachment: NDArray[np.float64]  # 1 is ordinary; higher stays longer


def opening(accounts: Accounts, attachment: NDArray[np.float64], first_day: int) -> Usage:
    """The state on the bank's first day: the longer a card is held, the likelier it sleeps."""
    rolls, first_use = accounts.rolls, accounts.cards.first_use[: len(accounts)]
    used = first_use < first_day
    held = np.where(used, first_day - first_use.astype(np.int64), 0)
    asleep = used & rolls.happens("opening sleep", 0.28 * (1 - np.exp(-held / 1100.0)) / attachment)
    slipping = used & ~asleep & rolls.happens("opening slip", 0.05 / attachment)
    state = np.where(asleep, ASLEEP, np.where(slipping, SLIPPING, np.where(used, ACTIVE, WAITING)))
    quiet = np.where(asleep, (held * rolls.uniform("asleep since")).astype(np.int64), 0)
    ago = np.minimum(1 + quiet + rolls.below("last use", np.where(slipping, 25, 5)), np.maximum(held, 1))
    last = np.where(used, first_day - ago, NEVER)
    return Usage(state.astype(np.int32), last.astype(np.int32), attachment)


def month_passes(usage: Usage, index: Index, rolls: Rolls) -> None:
    """One month for these accounts; ``rolls`` are theirs on this day."""
    state, attachment = usage.state[index], usage.attachment[index]
    luck = rolls.uniform("usage")
    slips = (state == ACTIVE) & (luck < _SLIPS / attachment)
    returns = (state == SLIPPING) & (luck < _RETURNS * attachment)
    sleeps = (state == SLIPPING) & (luck > 1 - _FALLS_ASLEEP / attachment) & ~returns
    wakes = (state == ASLEEP) & (luck < _WAKES * attachment)
    usage.state[index] = np.select([slips, returns | wakes, sleeps], [SLIPPING, ACTIVE, ASLEEP], state)


def closing(usage: Usage, index: Index, rolls: Rolls) -> NDArray[np.bool_]:
    """Who of these decides this month to close the account."""
    return rolls.happens("closing", _CLOSES[usage.state[index]] / usage.attachment[index])


def given_up(usage: Usage, index: Index, rolls: Rolls, day: int) -> NDArray[np.bool_]:
    """Which of these the bank itself closes: used once, silent for three years, told before."""
    silent = np.where(usage.last[index] == NEVER, 0, day - usage.last[index].astype(np.int64))
    return (silent > 3 * 365) & rolls.happens("closed by the bank", 0.06)
