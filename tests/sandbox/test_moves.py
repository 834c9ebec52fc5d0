"""Households move together; the card system writes it down, and accounts may follow to a branch of the new city."""

import numpy as np

from tests.sandbox.made import rows
from zhike import sandbox
from zhike.sandbox import layouts
from zhike.sandbox.branches import BRANCHES
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.people import city_of
from zhike.sandbox.world import World


def test_households_move_together_and_seldom():
    world = World(Parameters(customers=3_000, months=12, seed=12))
    moved, follows = 0, []
    for day in range(world.parameters.first_day, world.parameters.last_day + 1):
        today = world.step(day)
        moved += len(today.moved)
        follows.append(today.branch_changes)
    people, homes = world.people, world.homes
    pair = np.flatnonzero(people.partner >= 0)
    assert (homes.turn[pair] == homes.turn[people.partner[pair]]).all()
    assert (homes.district[pair] == homes.district[people.partner[pair]]).all()
    assert 0.03 < (homes.turn > 0).mean() < 0.06
    assert moved > 0
    account = np.unique(np.concatenate(follows))
    assert len(account) > 5
    cities = np.array([branch.city for branch in BRANCHES])
    assert (cities[world.accounts.branch[account]] == city_of(homes.district[world.accounts.person[account]])).all()
    other = city_of(homes.district) != people.city
    assert 0.15 < other.sum() / (homes.turn > 0).sum() < 0.5
    buys_there = world.buyers.city == city_of(homes.district[world.accounts.person])
    assert buys_there.all()


def test_a_move_is_a_version_of_the_customer(tmp_path):
    sandbox.make(tmp_path, customers=2_000, months=2, seed=3, workers=1)
    versions: dict[str, list[dict[str, str]]] = {}
    for row in rows(tmp_path, layouts.CUSTOMER):
        versions.setdefault(row["customer_no"], []).append(row)
    moved = [of_one for of_one in versions.values() if any(row["change"] == "A" for row in of_one)]
    assert len(moved) > 3
    for of_one in moved:
        assert len({row["address"] for row in of_one}) > 1
        assert len({row["id_no"] for row in of_one}) == 1
    assert any(row["change"] == "B" for row in rows(tmp_path, layouts.ACCOUNT))
