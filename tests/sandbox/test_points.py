"""The points ledger: every balance is the sum of its movements and never below zero."""

import numpy as np
import pytest

from tests.sandbox.lived import PARAMETERS, lived
from tests.sandbox.made import rows
from zhike.sandbox import entries, layouts, points


@pytest.fixture(scope="module")
def seen():
    return lived()


def test_balance_is_the_sum_of_movements(seen):
    moved = seen.points
    count = len(seen.world.accounts)
    total = np.bincount(moved.account, weights=moved.points, minlength=count).astype(np.int64)
    assert (total == seen.world.points.balance).all()
    assert (seen.world.points.lots >= 0).all()


def test_no_balance_is_ever_negative_and_each_row_says_it(seen):
    moved = seen.points
    order = np.argsort(moved.account, kind="stable")
    account, change = moved.account[order], moved.points[order]
    running = np.cumsum(change)
    start = np.searchsorted(account, account)
    balance = running - np.concatenate([[0], running])[start]
    assert (balance == moved.balance[order]).all()
    assert balance.min() == 0


def test_kinds_go_their_way(seen):
    moved = seen.points
    assert set(moved.kind) == set(range(len(points.KINDS)))
    assert (moved.points != 0).all()
    assert (moved.points[np.isin(moved.kind, (points.EARN, points.PROMOTION))] > 0).all()
    assert (moved.points[np.isin(moved.kind, (points.REDEEM, points.EXPIRE, points.REVERSE))] < 0).all()
    passed = moved.kind == points.TRANSFER
    assert moved.points[passed].sum() == 0
    assert (moved.other[passed] >= 0).all()
    assert (moved.other[~passed] == -1).all()


def test_twenty_yuan_are_one_point_net_of_refunds_and_some_shops_give_none(seen):
    """Every statement's points of ten accounts in steady use, worked out anew from the movements."""
    moved = seen.points
    earned = (moved.kind == points.EARN) & (moved.ago == 0)
    times = np.bincount(moved.account[earned], minlength=len(seen.world.accounts))
    steady = np.flatnonzero(times >= PARAMETERS.months - 1)
    for account in steady[:: len(steady) // 10]:
        worth = _worth(seen, int(account))
        mine, before = earned & (moved.account == account), PARAMETERS.first_day
        for when, plus in zip(seen.points_day[mine], moved.points[mine], strict=True):
            assert worth[before - PARAMETERS.first_day : when - PARAMETERS.first_day].sum() == plus
            before = when


def _worth(seen, account: int) -> np.ndarray:
    """What each day's purchases and refunds of an account are worth."""
    mine = (seen.entries.account == account) & (seen.entries.ago == 0) & (seen.entries.merchant >= 0)
    spent, day = seen.entries.at(mine), seen.day[mine] - PARAMETERS.first_day
    mcc = np.array(seen.world.merchants.mcc)[spent.merchant]
    counts = ~np.isin(mcc, ("5099", "8062", "4900", "6300", "8299", "6513", "7399", "6011"))
    bought = counts & (spent.type == entries.PURCHASE) & (spent.response == entries.APPROVED)
    back = counts & np.isin(spent.type, (entries.REFUND, entries.CHARGEBACK))
    each = np.where(bought, spent.amount // 2_000, 0) - np.where(back, -spent.amount // 2_000, 0)
    return np.bincount(day, weights=each, minlength=int(seen.day.max()) - PARAMETERS.first_day + 1)


def test_points_taken_back_when_a_purchase_is(seen):
    """Whoever sends back what earned a bonus loses the bonus, now or out of what comes next."""
    moved, own = seen.points, seen.world.points
    refunds = seen.entries.at((seen.entries.type == entries.REFUND) & (seen.entries.amount <= -points.LEAST_FOR_BONUS))
    special = refunds.at(own.partner[refunds.merchant])
    assert len(special) > 100
    taken = -moved.points[moved.kind == points.REVERSE].sum()
    assert taken > 0.5 * points.BONUS * len(special)
    assert own.owed.sum() < taken


def test_some_points_are_never_redeemed(seen):
    moved = seen.points
    came = moved.points[moved.points > 0].sum()
    redeemed = -moved.points[moved.kind == points.REDEEM].sum() / came
    expired = -moved.points[moved.kind == points.EXPIRE].sum() / came
    print(f"redeemed {redeemed:.2f} expired {expired:.2f} of all points")
    assert 0.2 < redeemed < 0.7
    assert 0.05 < expired < 0.4


def test_the_file_tells_the_ledger(bank):
    found = rows(bank, layouts.POINTS)
    assert len({row["ref"] for row in found}) == len(found) > 100
    accounts = {row["account_no"]: row["customer_no"] for row in rows(bank, layouts.ACCOUNT)}
    held: dict[str, int] = {}
    for row in found:
        assert accounts[row["account_no"]] == row["customer_no"]
        held[row["account_no"]] = held.get(row["account_no"], 0) + int(row["points"])
        assert held[row["account_no"]] == int(row["balance"]) >= 0
        assert (row["other_no"] != "") == (row["kind"] == "06")
