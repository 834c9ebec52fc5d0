"""How alive a card is for its holder: not yet used, active, slipping, asleep; and leaving for good."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox.accounts import Accounts
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.dice import Rolls

Days = NDArray[np.int32]
Index = NDArray[np.intp]
Floats = NDArray[np.float64]

WAITING, ACTIVE, SLIPPING, ASLEEP = range(4)
# Purchases beside those of an active holder.
PACE = np.array([0.0, 1.0, 0.22, 0.0])

# Chances a month, for a person of middling attachment.
_SLIPS, _RETURNS, _FALLS_ASLEEP, _WAKES = 0.015, 0.24, 0.25, 0.014
_CLOSES = np.array([0.006, 0.0015, 0.012, 0.011])
_GIVEN_UP = 0.06


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
    asleep = used & rolls.happens("opening sleep", 0.265 * (1 - np.exp(-held / 1100.0)) / attachment)
    slipping = used & ~asleep & rolls.happens("opening slip", 0.027 / attachment)
    state = np.where(asleep, ASLEEP, np.where(slipping, SLIPPING, np.where(used, ACTIVE, WAITING)))
    quiet = np.where(asleep, (held * rolls.uniform("asleep since")).astype(np.int64), 0)
    ago = np.minimum(1 + quiet + rolls.below("last use", np.where(slipping, 25, 5)), np.maximum(held, 1))
    last = np.where(used, first_day - ago, NEVER)
    return Usage(state.astype(np.int32), last.astype(np.int32), attachment)


def month_passes(usage: Usage, index: Index, rolls: Rolls, ease: Floats | float = 1.0) -> None:
    """One month for these accounts; ``rolls`` are theirs on this day, ``ease`` how well the bank treats the holders."""
    state, luck = usage.state[index], rolls.uniform("usage")
    slips = (state == ACTIVE) & (luck < slipping(usage, index, ease))
    returns = (state == SLIPPING) & (luck < returning(usage, index, ease))
    sleeps = (state == SLIPPING) & (luck > 1 - falling_asleep(usage, index, ease)) & ~returns
    wakes = (state == ASLEEP) & (luck < waking(usage, index, ease))
    usage.state[index] = np.select([slips, returns | wakes, sleeps], [SLIPPING, ACTIVE, ASLEEP], state)


def slipping(usage: Usage, index: Index, ease: Floats | float = 1.0) -> Floats:
    """Chance a month that the holder of an active account uses it less and less."""
    return _SLIPS / (usage.attachment[index] * ease)


def returning(usage: Usage, index: Index, ease: Floats | float = 1.0) -> Floats:
    """Chance a month that a slipping account comes back by itself."""
    return _RETURNS * usage.attachment[index] * ease


def falling_asleep(usage: Usage, index: Index, ease: Floats | float = 1.0) -> Floats:
    """Chance a month that a slipping account falls asleep, where it does not come back."""
    return _FALLS_ASLEEP / (usage.attachment[index] * ease)


def waking(usage: Usage, index: Index, ease: Floats | float = 1.0) -> Floats:
    """Chance a month that a sleeping account wakes by itself."""
    return _WAKES * usage.attachment[index] * ease


def closing_chance(usage: Usage, index: Index, ease: Floats | float = 1.0) -> Floats:
    """Chance a month that a holder who owes nothing closes the account."""
    return _CLOSES[usage.state[index]] / (usage.attachment[index] * ease)


def closing(usage: Usage, index: Index, rolls: Rolls, ease: Floats | float = 1.0) -> NDArray[np.bool_]:
    """Who of these decides this month to close the account."""
    return rolls.happens("closing", closing_chance(usage, index, ease))


def given_up_chance(usage: Usage, index: Index, day: int) -> Floats:
    """Chance a month that the bank itself closes the account: used once, silent for three years, told before."""
    silent = np.where(usage.last[index] == NEVER, 0, day - usage.last[index].astype(np.int64))
    return np.where(silent > 3 * 365, _GIVEN_UP, 0.0)


def given_up(usage: Usage, index: Index, rolls: Rolls, day: int) -> NDArray[np.bool_]:
    """Which of these the bank itself closes."""
    return rolls.happens("closed by the bank", given_up_chance(usage, index, day))
