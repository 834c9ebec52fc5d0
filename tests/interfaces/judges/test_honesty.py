"""The planted truth is honest: raw identifiers say nothing, what people do says much, nobody beats the oracle."""

import copy
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from zhike.interfaces.judges import learning, metrics
from zhike.interfaces.judges.honesty import held_out, identifiers
from zhike.sandbox import accounts, contact_truth, dialogue, leanings, people, response
from zhike.sandbox import usage as use
from zhike.sandbox.actions import APP, CATEGORY_CASHBACK, SMS, Actions, Contacts
from zhike.sandbox.curves import USUAL
from zhike.sandbox.dice import Dice
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.spending import monthly_spend
from zhike.sandbox.variant import parsed
from zhike.sandbox.world import World

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "play-the-made-bank.md"


def test_raw_identifiers_say_nothing_of_who_people_are():
    """Of 24,000 people: need for credit, being a sleeping dog, an account that sleeps when the files begin."""
    parameters = Parameters(customers=24_000, months=3, seed=11)
    dice = Dice(parameters.seed)
    own = people.make(parameters, dice, range(parameters.customers))
    held = accounts.make(parameters, own, dice)
    attachment = np.exp(0.4 * held.rolls.normal("attachment"))
    state = use.opening(held, attachment, parameters.first_day).state
    asleep = np.zeros(len(own), bool)
    asleep[held.person[state == use.ASLEEP]] = True
    truths = {
        "need": own.need_for_credit > np.median(own.need_for_credit), "dog": leanings.make(own, USUAL).dog,
        "asleep": asleep,
    }  # fmt: skip
    columns, fold = identifiers(own.number), own.number // 2 % 2
    for name, truth in truths.items():
        assert 0.02 < truth.mean() < 0.98, name
        assert metrics.auc(held_out(columns, truth, fold), truth) == pytest.approx(0.5, abs=0.03), name


def test_the_model_finds_what_is_planted():
    """So that it finds nothing in identifiers says something."""
    place = np.arange(6_000)
    one, two = place * 7919 % 6_000 / 6_000, place * 104_729 % 6_000 / 6_000
    luck = place * 15_485_863 % 6_000 / 6_000
    chance = 1 / (1 + np.exp(-(4 * one - 3 + 2 * (two > 0.8))))
    columns = np.stack([one, np.where(two > 0.9, np.nan, two), luck * 0], axis=1)
    score = held_out(columns, luck < chance, place % 2)
    assert metrics.auc(score, luck < chance) == pytest.approx(metrics.auc(chance, luck < chance), abs=0.02)
    assert abs(score.mean() - (luck < chance).mean()) < 0.01
    assert learning.fit(columns, np.zeros(6_000, bool)).score(columns).max() < 0.01, "nobody did: nobody will"


@pytest.fixture(scope="module")
def trial() -> dict[str, np.ndarray]:
    """A randomised contact: by the fall of a die people are asked or not, whatever they agreed to; who takes it?"""
    parameters = Parameters(customers=4_900, months=3, seed=12)
    world = World(parameters)
    day = parameters.last_day - 3
    for each in range(parameters.first_day, day):
        world.step(each)
    person, offer = contact_truth.pairs(world, day)
    person = person[offer == CATEGORY_CASHBACK]
    who = world.people.number[person]
    count, half = len(person), world.people.rolls.at(person).happens("trial", 0.5)
    hour, incentive = np.full(count, 19), np.full(count, 5_000)
    channel = np.where(world.people.digital[person] > 0.5, APP, SMS)
    true = response.accept_probability(
        world, person, np.full(count, CATEGORY_CASHBACK), channel, hour, incentive, day
    )  # fmt: skip
    own, took = world.accounts, np.zeros(count)
    for turn in range(12):  # the same people in twin worlds with other luck are as good as more people
        other = copy.deepcopy(world)
        other.people.rolls.turn(turn + 1)
        asked = (who[half], np.full(half.sum(), CATEGORY_CASHBACK), channel[half], hour[half], incentive[half])
        today = other.step(day, Actions(Contacts(*asked, np.arange(half.sum()))))
        yes = today.answers.at((today.answers.answer == dialogue.ACCEPTED) & (today.answers.offer == CATEGORY_CASHBACK))
        took += np.isin(person, yes.person)
    spend = np.bincount(own.person, monthly_spend(world.buyers), minlength=len(world.people))
    limit = np.bincount(own.person, own.limit, minlength=len(world.people))
    owed = np.bincount(own.person, world.ledger.balance, minlength=len(world.people))
    told = world.people
    columns = [spend, limit, owed, told.income, told.group, told.occupation, told.birth]
    seen = np.stack(columns, axis=1)[person].astype(float)
    return {"seen": seen, "treated": half, "took": took / 12, "true": true, "number": who}


def test_uplift_is_found_from_randomised_contacts_and_below_the_oracle(trial):
    teach = trial["number"] // 2 % 2 == 0
    ask = ~teach
    models = []
    for arm in (True, False):
        rows = teach & (trial["treated"] == arm)
        models.append(_mean_model(trial["seen"][rows], trial["took"][rows]))
    score = models[0](trial["seen"][ask]) - models[1](trial["seen"][ask])
    found, best = (metrics.qini(each, trial["true"][ask]) for each in (score, trial["true"][ask]))
    print(f"uplift of a cashback: Qini {found:.5f}, oracle {best:.5f}, ratio {found / best:.2f}")
    assert 0 < found <= best
    observed = metrics.qini_observed(trial["true"][ask], trial["treated"][ask], trial["took"][ask])
    assert observed == pytest.approx(best, rel=0.5), "what the world did is what its truth says"


def _mean_model(columns: np.ndarray, outcome: np.ndarray):
    """Least squares on logarithms: enough for a T-learner's arm."""

    def shape(rows: np.ndarray) -> np.ndarray:
        return np.concatenate([np.ones((len(rows), 1)), np.log1p(np.abs(rows))], axis=1)

    given = shape(columns)
    weights = np.linalg.solve(given.T @ given + 1e-6 * np.eye(given.shape[1]), given.T @ outcome)
    return lambda rows: shape(rows) @ weights


def test_the_variant_of_the_page_is_one():
    (block,) = re.findall(r"```toml\n(.*?)```", HOW_TO.read_text(), re.S)
    found = parsed(tomllib.loads(block))
    assert found.curves.later == ()
    assert len(found.later_prices) == len(found.curves.segments) == 1
