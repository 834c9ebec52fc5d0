"""A plain good model for judging: logistic regression on quantile bins of every column, with a ridge.

It is no scorer of the product: it says how much of a planted truth can be found from what somebody knows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BINS, _RIDGE, _STEPS = 8, 4.0, 25


@dataclass(frozen=True)
class Model:
    """Edges of the bins of each column, and the weights: a constant, then the bins, a missing value having its own."""

    edges: list[Floats]
    weights: Floats

    def score(self, columns: Floats) -> Floats:
        """Chance of each row; ``columns``: rows × columns, NaN where unknown."""
        found: Floats = 1.0 / (1.0 + np.exp(-(_binned(columns, self.edges) @ self.weights)))
        return found


def fit(columns: Floats, happened: Bools) -> Model:
    """Newton's method on the penalised likelihood; the constant is not penalised."""
    edges = [_edges(columns[:, place]) for place in range(columns.shape[1])]
    given, wanted = _binned(columns, edges), happened.astype(np.float64)
    weights = np.zeros(given.shape[1])
    rate = np.clip(wanted.mean(), 1e-4, 1 - 1e-4)
    weights[0] = np.log(rate / (1 - rate))
    penalty = np.full(len(weights), _RIDGE)
    penalty[0] = 1e-6
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(given @ weights)))
        slope = given.T @ (wanted - chance) - penalty * weights
        curve = (given * (chance * (1 - chance))[:, None]).T @ given + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return Model(edges, weights)


def _edges(column: Floats) -> Floats:
    known = column[~np.isnan(column)]
    return np.unique(np.quantile(known, np.arange(1, _BINS) / _BINS)) if len(known) else np.zeros(0)


def _binned(columns: Floats, edges: list[Floats]) -> Floats:
    parts = [np.ones((len(columns), 1))]
    for place, own in enumerate(edges):
        column = columns[:, place]
        bins = np.where(np.isnan(column), len(own) + 1, np.searchsorted(own, column, side="right"))
        parts.append((bins[:, None] == np.arange(1, len(own) + 2)).astype(np.float64))  # the lowest bin is the base
    return np.concatenate(parts, axis=1)
