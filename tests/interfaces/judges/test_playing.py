"""Games: the same luck in every world, rules that policies keep, an order that follows from the truth."""

import copy

import numpy as np
import pytest

from zhike.core.errors import BadInput
from zhike.interfaces.judges import playing
from zhike.interfaces.judges.playing import Game, Outcome, months_of, play
from zhike.sandbox import campaigns, consents
from zhike.sandbox.actions import BRANCH, OFFERS, Contacts
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.policies import Worth, everything, propensity, random_offer
from zhike.sandbox.policies.worth import _twin
from zhike.sandbox.world import World

GAME = Game(Parameters(customers=500, months=months_of(2, 49), seed=5), days=49, every=7)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    found = play(GAME, ["oracle", "everything", "random"], lambda *_: None)
    return {outcome.policy: outcome for outcome in found}


@pytest.fixture(scope="module")
def world() -> World:
    world = World(GAME.parameters)
    for day in range(GAME.parameters.first_day, GAME.start):
        world.step(day)
    return world


def test_all_policies_start_from_the_same_world_and_none_is_among_them(outcomes):
    assert list(outcomes) == ["oracle", "everything", "random", "none"]
    assert outcomes["none"].tally.contacts == 0
    again = {outcome.policy: outcome for outcome in play(GAME, ["random"], lambda *_: None)}
    for name in ("none", "random"):
        assert (again[name].profit == outcomes[name].profit).all(), "alone or beside others, it is the same game"


def test_a_life_is_the_same_until_an_action_differs(outcomes):
    """Whoever is never contacted earns the bank the same fen."""
    never = np.ones(len(outcomes["none"].profit), bool)
    seen: set[int] = set()
    bank = playing._Copy([World(GAME.parameters)])
    for day in range(GAME.parameters.first_day, GAME.start):
        bank.worlds[0].step(day, campaigns.of_day(bank.worlds[0], day))
    policy = playing._of_truth([random_offer], bank.worlds)
    for day in GAME.played:
        contacts = policy(day) if GAME.decides(day) else Contacts.none()
        seen |= set(contacts.person.tolist())
        bank.step_all(day, playing.Actions(contacts))
    never[list(seen)] = False
    assert 20 < never.sum() < len(never)
    assert (outcomes["random"].profit[never] == outcomes["none"].profit[never]).all()
    assert (outcomes["random"].profit[~never] != outcomes["none"].profit[~never]).mean() > 0.5


def test_the_order_of_policies_follows_from_the_truth(outcomes):
    total = {name: int(outcome.profit.sum()) for name, outcome in outcomes.items()}
    assert total["oracle"] > total["none"] > total["random"] > total["everything"]
    told = {name: outcome.tally for name, outcome in outcomes.items()}
    assert told["everything"].satisfaction < told["none"].satisfaction - 0.1
    assert told["everything"].complaints > 10 * max(told["random"].complaints, 1)
    assert told["everything"].opt_outs > told["random"].opt_outs
    assert 0 < told["oracle"].contacts < told["random"].contacts


def test_the_series_ends_with_the_whole_profit(outcomes):
    for outcome in outcomes.values():
        assert outcome.series[0] == (GAME.start - 1, 0)
        day, total = outcome.series[-1]
        assert day == GAME.parameters.last_day
        assert total == outcome.profit.sum()


@pytest.mark.parametrize("policy", [random_offer, propensity])
def test_consent_and_the_week_are_kept(world, policy):
    free = np.arange(len(world.people)) % 3 > 0
    chosen = policy(world, GAME.start, free)
    assert len(chosen.person) > 100
    assert len(set(chosen.person.tolist())) == len(chosen.person), "one contact a person"
    assert free[chosen.person].all()
    assert consents.holds(world.consents, chosen.person, chosen.channel, GAME.start).all()
    assert (chosen.channel != BRANCH).all()
    assert ((chosen.hour >= 9) & (chosen.hour <= 20)).all()


def test_everything_asks_nobody_for_consent(world):
    chosen = everything(world, GAME.start, np.zeros(len(world.people), bool))
    customers = int((world.since <= GAME.start).sum())
    assert len(chosen.person) == customers * (len(OFFERS) - 1)
    assert not consents.holds(world.consents, chosen.person, chosen.channel, GAME.start).all()


def test_a_twin_has_other_luck_and_leaves_the_world_alone(world):
    kept = copy.deepcopy(world)
    other = _twin(world, 0)
    assert (other.ledger.balance == world.ledger.balance).all()
    assert (other.usage.state == world.usage.state).all()
    Worth(world, GAME.start, GAME.start + 5, twins=1)
    assert (kept.ledger.balance == world.ledger.balance).all()
    days = [each.step(GAME.start).entries for each in (kept, copy.deepcopy(world), other)]
    assert (days[0].amount == days[1].amount).all(), "learning does not touch the luck of the world"
    assert len(days[2]) != len(days[0]) or (days[2].amount != days[0].amount).any()


def test_what_cannot_be_played_is_refused():
    with pytest.raises(BadInput, match="none, everything, random"):
        play(GAME, ["best"], lambda *_: None)
    parameters = Parameters(customers=50, months=3, seed=1)
    for days, every in ((0, 7), (731, 7), (10, 0), (10, 91)):
        with pytest.raises(BadInput, match="from 1 to"):
            Game(parameters, days, every)
    with pytest.raises(BadInput, match="history"):
        Game(parameters, 85, 7)
