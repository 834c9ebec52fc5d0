"""Chance that depends on what is asked, never on the order of asking.

A roll is a hash of (seed, keys, what for). The same person on the same day therefore meets the same luck however
the work is cut into chunks, and whatever happens to anybody else: two worlds stay the same until an action differs.
"""

import hashlib
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_Words = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_NORMAL_BITS = 14


def _mix(words: _Words) -> _Words:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014), in place."""
    words ^= words >> np.uint64(30)
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words


@cache
def _salt(what: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(what.encode(), digest_size=8).digest(), "little"))


@cache
def _normal_quantiles() -> Floats:
    """Midpoint quantiles of the standard normal: tails end at about 4 standard deviations."""
    count = 1 << _NORMAL_BITS
    return np.array([NormalDist().inv_cdf((rank + 0.5) / count) for rank in range(count)])


class Rolls:
    """One roll for each of n things; every ``what`` asks an independent question of the same n things."""

    def __init__(self, base: _Words) -> None:
        self._base = base

    def __len__(self) -> int:
        return len(self._base)

    def on(self, key: int | NDArray[np.integer]) -> "Rolls":
        """The rolls of the same things under one more key, for example a day."""
        step = np.atleast_1d(key).astype(np.uint64) * _STEP  # overflow is meant, and passes in silence in arrays
        return Rolls(_mix(self._base + step + np.uint64(1)))

    def turn(self, key: int) -> None:
        """Gives these very rolls one more key, in place: another chance from now on for whoever holds them."""
        self._base = self.on(key)._base

    def at(self, index: NDArray[np.integer]) -> "Rolls":
        """The rolls of some of the things."""
        return Rolls(self._base[index])

    def bits(self, what: str) -> _Words:
        return _mix(self._base ^ _salt(what))

    def uniform(self, what: str) -> Floats:
        """In the open interval (0, 1)."""
        return ((self.bits(what) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def normal(self, what: str) -> Floats:
        return _normal_quantiles()[self.bits(what) >> np.uint64(64 - _NORMAL_BITS)]

    def below(self, what: str, limit: int | NDArray[np.integer]) -> Ints:
        """A whole number from 0 to limit - 1."""
        top = np.asarray(limit).astype(np.uint64)
        return ((self.bits(what) >> np.uint64(32)) * top >> np.uint64(32)).astype(np.int64)

    def happens(self, what: str, chance: float | Floats) -> NDArray[np.bool_]:
        return self.uniform(what) < chance

    def wait(self, what: str, mean_days: float | Floats) -> Ints:
        """Whole days until something that comes with a constant hazard: 0 and up, the mean as given."""
        hazard = 1.0 / (1.0 + np.asarray(mean_days, dtype=np.float64))
        return (np.log(self.uniform(what)) / np.log1p(-hazard)).astype(np.int64)

    def poisson(self, what: str, mean: Floats, most: int = 25) -> Ints:
        """Counts with the given means; more than ``most`` never happens."""
        chance, term = self.uniform(what), np.exp(-mean)
        below, count = term.copy(), np.zeros(len(self), np.int64)
        for step in range(1, most + 1):
            more = chance > below
            if not more.any():
                break
            count += more
            term = term * mean / step
            below += term
        return count

    def drawn(self, what: str, table: NDArray[np.integer], row: NDArray[np.integer] | None = None) -> Ints:
        """An answer from a table of quantiles (see `quantiles`); with ``row``, from that row of it."""
        column = (self.bits(what) >> np.uint64(32)) * np.uint64(table.shape[-1]) >> np.uint64(32)
        return (table[column] if row is None else table[row, column]).astype(np.int64)


class Dice:
    """All chance of one world."""

    def __init__(self, seed: int) -> None:
        self._seed = np.uint64(seed)

    def rolls(self, what: str, keys: NDArray[np.integer]) -> Rolls:
        """One roll for each key of a kind of thing."""
        with np.errstate(over="ignore"):
            start = _mix(np.array([self._seed ^ _salt(what)]))[0]
        return Rolls(np.full(len(keys), start, np.uint64)).on(keys)


def quantiles(weights: list[float], size: int = 4096) -> NDArray[np.int16]:
    """Positions 0..k-1 repeated in proportion to their weights, in a table of ``size`` cells."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    cells = (np.arange(size) + 0.5) / size * edges[-1]
    return np.searchsorted(edges, cells).astype(np.int16)


def logistic(value: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-value))
