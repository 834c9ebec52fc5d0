"""Measures of claims against the truth, in few lines of NumPy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

TENTHS = 10


def auc(score: Floats, happened: Bools) -> float:
    """Area under the ROC curve: the chance that one who did scores above one who did not, ties counting half.

    NaN where all did, or none (Mann and Whitney 1947).
    """
    did = int(happened.sum())
    if did in (0, len(happened)):
        return float("nan")
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(count) - (count - 1) / 2.0
    above = middle_rank[place][happened].sum() - did * (did + 1) / 2.0
    return float(above / (did * (len(happened) - did)))


def brier(score: Floats, happened: Bools) -> float:
    """Mean squared distance of chances from what happened (Brier 1950)."""
    return float(np.mean((score - happened) ** 2))


@dataclass(frozen=True)
class Tenth:
    """One tenth of the people by score: how many, what was claimed of them on average, and how many it was true of."""

    people: int
    claimed: float
    true: float


def calibration(score: Floats, happened: Bools) -> list[Tenth]:
    """Tenths from the lowest scores to the highest; ties stay in the order given."""
    order = np.argsort(score, kind="stable")
    parts = [part for part in np.array_split(order, TENTHS) if len(part)]
    return [Tenth(len(part), float(score[part].mean()), float(happened[part].mean())) for part in parts]


def qini(score: Floats, uplift: Floats) -> float:
    """Area between the gain when the highest scores are treated first and the gain when any are, a person.

    With the true uplift of every person no control group is needed: the gain of the first k is the sum of theirs.
    Ties are treated in no particular order (Radcliffe 2007, for known uplifts).
    """
    if not len(score):
        return float("nan")
    levels, place = np.unique(-score, return_inverse=True)
    count = np.bincount(place, minlength=len(levels))
    gain = np.concatenate([[0.0], np.cumsum(np.bincount(place, uplift, minlength=len(levels)))])
    share = np.concatenate([[0.0], np.cumsum(count)]) / len(score)
    area = float(((gain[1:] + gain[:-1]) / 2 * np.diff(share)).sum())
    return (area - gain[-1] / 2) / len(score)


def qini_observed(score: Floats, treated: Bools, outcome: Floats) -> float:
    """The same where only outcomes are seen: of a random part that was treated and the rest that was not.

    The gain of the first k is treated outcomes less those of the others, brought to the number treated.
    """
    order = np.argsort(-score, kind="stable")
    took, got = treated[order].astype(np.float64), outcome[order].astype(np.float64)
    treated_count, others_count = np.cumsum(took), np.cumsum(1 - took)
    others = np.divide(np.cumsum(got * (1 - took)), others_count, out=np.zeros(len(got)), where=others_count > 0)
    gain = np.concatenate([[0.0], np.cumsum(got * took) - others * treated_count])
    return float((gain[1:] + gain[:-1]).mean() / 2 - gain[-1] / 2) / max(int(treated.sum()), 1)


@dataclass(frozen=True)
class Pairs:
    """How well groups of things match the true ones, by pairs of things that are said to be one."""

    precision: float
    recall: float
    f1: float
    true_pairs: int
    claimed_pairs: int


def pairwise(claimed: Ints, true: Ints) -> Pairs:
    """``claimed`` and ``true`` group of each thing; precision is 1 where no pair is claimed, recall where none is."""
    both = claimed.astype(np.int64) * (int(true.max(initial=0)) + 1) + true
    hit, said, are = (_pairs(groups) for groups in (both, claimed, true))
    precision, recall = hit / said if said else 1.0, hit / are if are else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Pairs(precision, recall, f1, are, said)


def _pairs(groups: Ints) -> int:
    _, count = np.unique(groups, return_counts=True)
    return int((count * (count - 1) // 2).sum())


def precision_at(score: Floats, true: Bools, capacity: int) -> float:
    """Share of true ones among the ``capacity`` highest scores above zero: what a desk of that size would look at."""
    order = np.argsort(-score, kind="stable")[:capacity]
    order = order[score[order] > 0]
    return float(true[order].mean()) if len(order) else float("nan")


def interval(differences: Floats) -> tuple[float, float, float]:
    """Mean of paired differences with its 95 % interval (normal; the pairs are one for each customer)."""
    mean = float(differences.mean())
    spread = float(differences.std(ddof=1)) / np.sqrt(len(differences)) if len(differences) > 1 else float("nan")
    return mean, mean - 1.96 * spread, mean + 1.96 * spread
