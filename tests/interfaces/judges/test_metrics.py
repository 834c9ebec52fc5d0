"""Measures against cases counted by hand."""

import math

import numpy as np
import pytest

from zhike.interfaces.judges import metrics


def test_auc_counts_pairs_and_half_of_the_ties():
    score = np.array([0.9, 0.8, 0.8, 0.3])
    # Pairs (did, did not): (0.9, 0.8) right, (0.9, 0.3) right, (0.8, 0.8) a tie, (0.8, 0.3) right.
    assert metrics.auc(score, np.array([True, True, False, False])) == pytest.approx(3.5 / 4)
    assert metrics.auc(score, np.array([False, False, False, True])) == 0.0
    assert metrics.auc(np.zeros(4), np.array([True, False, False, True])) == 0.5
    assert math.isnan(metrics.auc(score, np.ones(4, bool)))


def test_brier_and_calibration():
    score, happened = np.array([0.5, 0.0, 1.0]), np.array([True, False, False])
    assert metrics.brier(score, happened) == pytest.approx((0.25 + 0 + 1) / 3)
    score = np.arange(20) / 20
    tenths = metrics.calibration(score, score > 0.7)
    assert [tenth.people for tenth in tenths] == [2] * 10
    assert (tenths[0].claimed, tenths[0].true) == (pytest.approx(0.025), 0.0)
    assert (tenths[7].claimed, tenths[7].true) == (pytest.approx(0.725), 0.5)
    assert tenths[9].true == 1.0


def test_qini_of_known_uplifts():
    uplift = np.array([0.4, 0.2, 0.0, -0.2])
    # Gains 0, 0.4, 0.6, 0.6, 0.4: the area is (0.2 + 0.5 + 0.6 + 0.5) / 4 = 0.45, half of the last gain is 0.2.
    assert metrics.qini(uplift, uplift) == pytest.approx(0.25 / 4)
    assert metrics.qini(-uplift, uplift) == pytest.approx(-0.25 / 4)
    assert metrics.qini(np.ones(4), uplift) == pytest.approx(0.0), "no order is worth nothing"
    assert metrics.qini(uplift * 7 + 3, uplift) == metrics.qini(uplift, uplift), "only the order counts"


def test_qini_of_outcomes_finds_what_is_planted():
    people = 40_000
    place = np.arange(people)
    score = (place * 7_919 % people) / people
    treated = place % 2 == 0
    luck = (place * 104_729 % people) / people
    outcome = (luck < 0.1 + 0.2 * treated * (score > 0.5)).astype(float)
    known = metrics.qini(score, 0.2 * (score > 0.5))
    assert known == pytest.approx(0.025)
    assert metrics.qini_observed(score, treated, outcome) == pytest.approx(known, abs=0.006)
    assert metrics.qini_observed(luck, treated, np.zeros(people)) == pytest.approx(0.0, abs=1e-9)


def test_pairs_of_things_that_are_one():
    claimed = np.array([1, 1, 1, 2, 3])
    true = np.array([7, 7, 8, 8, 9])
    # Claimed pairs 3, true pairs 2 (things 0 and 1, things 2 and 3), in both 1.
    found = metrics.pairwise(claimed, true)
    assert (found.claimed_pairs, found.true_pairs) == (3, 2)
    assert (found.precision, found.recall) == (pytest.approx(1 / 3), 0.5)
    assert found.f1 == pytest.approx(0.4)
    alone = metrics.pairwise(np.arange(3), np.arange(3))
    assert (alone.precision, alone.recall, alone.f1) == (1.0, 1.0, 1.0)


def test_precision_at_the_capacity_of_a_desk():
    score, true = np.array([0.1, 0.9, 0.5, 0.0]), np.array([True, True, False, True])
    assert metrics.precision_at(score, true, 2) == 0.5
    assert metrics.precision_at(score, true, 4) == pytest.approx(2 / 3), "who is not suspected is not looked at"
    assert math.isnan(metrics.precision_at(np.zeros(3), np.ones(3, bool), 5))


def test_an_interval_of_paired_differences():
    mean, low, high = metrics.interval(np.array([1.0, 3.0, 1.0, 3.0]))
    half = 1.96 * np.sqrt(4 / 3) / 2
    assert (mean, low, high) == (2.0, pytest.approx(2 - half), pytest.approx(2 + half))
