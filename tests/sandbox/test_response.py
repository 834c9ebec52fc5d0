"""The stated chances of answering are those that the made people live by. Three worlds of one seed: nobody is asked
anything; half of the sleepers are asked once to wake up; everybody is called every week with nothing to offer."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from zhike.core.errors import BadInput
from zhike.sandbox import actions, dialogue, organic, response, uplift, usage
from zhike.sandbox.accounts import CLOSED_BY_CUSTOMER
from zhike.sandbox.actions import NOTHING, OFFERS, Actions, Contacts
from zhike.sandbox.curves import OfferCurve, ResponseCurves, Segment
from zhike.sandbox.dialogue import Answers, Complaints, Costs, Interactions, Responses
from zhike.sandbox.ledger import FULL
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import World

PARAMETERS = Parameters(customers=10_000, months=2, seed=5)
ASKED_ON = PARAMETERS.first_day + 12
HORIZON = 45
SUBJECTS = (Answers, Complaints, Costs, Interactions, Responses)


def contacts(person, offer, channel, hour, incentive=0, first=1) -> Contacts:
    columns = np.broadcast_arrays(person, offer, channel, hour, incentive, first + np.arange(len(person)))
    return Contacts(*(np.array(column, np.int64) for column in columns))


@dataclass
class Seen:
    """A world after its days, and what passed on them."""

    world: World
    passed: dict[type, list] = field(default_factory=lambda: {kind: [] for kind in SUBJECTS})
    states: dict[int, np.ndarray] = field(default_factory=dict)

    def all(self, kind: type):
        return kind.joined(self.passed[kind])

    def live(self, bank_does) -> "Seen":
        names = {Answers: "answers", Complaints: "complaints", Costs: "costs", Interactions: "interactions",
                 Responses: "responses"}  # fmt: skip
        for day in range(PARAMETERS.first_day, PARAMETERS.last_day + 1):
            today = self.world.step(day, bank_does(self.world, day))
            for kind, name in names.items():
                self.passed[kind].append(getattr(today, name))
            self.states[day] = self.world.usage.state.copy()
        return self


@dataclass
class Asked:
    seen: Seen
    person: np.ndarray = None
    account: np.ndarray = None
    treated: np.ndarray = None
    gain: np.ndarray = None
    accepts: np.ndarray = None
    alone: np.ndarray = None

    def bank_does(self, world: World, day: int) -> Actions:
        """On one day every other sleeper by lot is asked, by all channels and at all hours of the day."""
        if day != ASKED_ON:
            return NOTHING
        sleepers = np.flatnonzero(world.usage.state == usage.ASLEEP)
        first, _ = np.unique(world.accounts.person[sleepers], return_index=True)
        offer = np.full(len(first), actions.WAKE_UP)
        target = uplift.eligibility.targets(world, first, offer, day)
        self.person, self.account = first[target >= 0].astype(np.int64), target[target >= 0]
        lot = world.people.rolls.at(self.person).on(77)
        self.treated = lot.happens("treated", 0.5)
        channel, hour = lot.below("channel", 5), 9 + lot.below("hour", 11)
        offer, paid = np.full(len(self.person), actions.WAKE_UP), np.full(len(self.person), 5_000)
        args = (world, self.person, offer, channel, hour, paid, day)
        self.accepts, self.gain = response.accept_probability(*args), uplift.uplift(*args, horizon_days=HORIZON)
        self.alone = organic.organic_probability(world, self.person, offer, day, HORIZON)
        now = self.treated
        return Actions(contacts(self.person[now], actions.WAKE_UP, channel[now], hour[now], 5_000))

    def woken(self, seen: Seen) -> np.ndarray:
        days = [day for day in seen.states if ASKED_ON <= day <= ASKED_ON + HORIZON]
        return np.any([seen.states[day][self.account] == usage.ACTIVE for day in days], axis=0)


@pytest.fixture(scope="module")
def plain() -> Seen:
    return Seen(World(PARAMETERS)).live(lambda _world, _day: NOTHING)


@pytest.fixture(scope="module")
def asked() -> Asked:
    found = Asked(Seen(World(PARAMETERS)))
    found.seen.live(found.bank_does)
    return found


def _pester(world: World, day: int) -> Actions:
    if (day - PARAMETERS.first_day) % 7 != 3:
        return NOTHING
    return Actions(contacts(np.arange(PARAMETERS.customers), actions.GENERAL_NEWS, actions.PHONE, 11, 0, day * 10**6))


@pytest.fixture(scope="module")
def pestered() -> Seen:
    return Seen(World(PARAMETERS)).live(_pester)


def _as_stated(happened: np.ndarray, chance: np.ndarray, name: str) -> None:
    error = np.sqrt((chance * (1 - chance)).sum())
    print(f"{name}: {happened.sum()} happened, {chance.sum():.1f} stated, standard error {error:.1f}")
    assert abs(happened.sum() - chance.sum()) <= 3 * error


def test_acceptance_is_as_stated(asked):
    log = asked.seen.all(Responses)
    stated = asked.accepts[asked.treated]
    assert log.person.tolist() == asked.person[asked.treated].tolist()
    np.testing.assert_allclose(log.chance_ppm, stated * 1e6, atol=1)
    assert stated.sum() > 10
    _as_stated(log.accepted == 1, stated, "accepted")
    answers = asked.seen.all(Answers)
    assert (answers.answer == dialogue.ACCEPTED).sum() == log.accepted.sum()
    woken = asked.seen.states[ASKED_ON][asked.account[asked.treated]] == usage.ACTIVE
    assert (woken >= (log.accepted == 1)).all()


def test_what_they_do_alone_is_as_stated(asked, plain):
    _as_stated(asked.woken(plain), asked.alone, "woke alone")


def test_the_observed_uplift_is_the_stated_one(asked, plain):
    """Against the control group, and against the same people in the world where nobody was asked."""
    with_, treated = asked.woken(asked.seen), asked.treated
    observed = with_[treated].mean() - with_[~treated].mean()
    error = np.sqrt(sum(part.mean() * (1 - part.mean()) / len(part) for part in (with_[treated], with_[~treated])))
    stated = asked.gain[treated].mean()
    print(f"uplift {observed:.4f} observed, {stated:.4f} stated, standard error {error:.4f}")
    assert abs(observed - stated) <= 3 * error
    gained = with_[treated].astype(int) - asked.woken(plain)[treated]
    error = gained.std() / np.sqrt(treated.sum())
    assert abs(gained.mean() - stated) <= 3 * error
    assert gained.mean() > 2 * error, "asking does something"


def test_an_action_changes_nobody_else_and_nothing_before(asked, plain):
    with_, without = asked.seen, plain
    for day in range(PARAMETERS.first_day, ASKED_ON):
        assert (with_.states[day] == without.states[day]).all()
    touched = np.zeros(PARAMETERS.customers, bool)
    touched[asked.person[asked.treated]] = True
    accounts = ~touched[with_.world.accounts.person]
    for name in ("balance", "closing", "paid", "past_due_since", "charges"):
        assert (getattr(with_.world.ledger, name) == getattr(without.world.ledger, name))[accounts].all(), name
    assert (with_.states[PARAMETERS.last_day] == without.states[PARAMETERS.last_day])[accounts].all()
    assert (with_.world.accounts.limit == without.world.accounts.limit)[accounts].all()
    for state in (
        lambda w: w.contact.satisfaction.level,
        lambda w: w.consents.changed,
        lambda w: w.contact.memory.load,
    ):
        assert (state(with_.world) == state(without.world))[~touched].all()
    for kind in (Interactions, Complaints):
        one, other = with_.all(kind), without.all(kind)
        one, other = one.at(~touched[one.person]), other.at(~touched[other.person])
        assert all((getattr(one, name) == getattr(other, name)).all() for name in vars(one))


def test_sleeping_dogs_close_when_they_are_called(pestered, plain):
    dog = plain.world.contact.leanings.dog
    assert 0.07 < dog.mean() < 0.14
    holder = plain.world.accounts.person

    def closed(seen: Seen) -> np.ndarray:
        return seen.world.accounts.status == CLOSED_BY_CUSTOMER

    for name, mine, least, most in (("dogs", dog[holder], 2.0, 20.0), ("others", ~dog[holder], 0.9, 1.4)):
        more = closed(pestered)[mine].sum() / closed(plain)[mine].sum()
        print(f"{name}: {closed(plain)[mine].sum()} closed left in peace, {closed(pestered)[mine].sum()} called weekly")
        assert least < more < most, name


def test_calls_bring_complaints_opt_outs_and_discontent_above_all_of_dogs(pestered, plain):
    dog = plain.world.contact.leanings.dog

    def rate(seen: Seen, who: np.ndarray) -> float:
        complaints = seen.all(Complaints)
        received = complaints.at(complaints.step == dialogue.RECEIVED)
        return who[received.person].sum() / who.sum()

    assert rate(pestered, dog) > 3 * max(rate(plain, dog), 0.002)
    assert rate(pestered, dog) > 4 * rate(pestered, ~dog)
    for seen in (plain, pestered):
        assert (seen.world.contact.satisfaction.level >= 0).all()
    fall = plain.world.contact.satisfaction.level - pestered.world.contact.satisfaction.level
    assert fall[dog].mean() > 0.05
    assert 0 < fall[~dog].mean() < 0.03
    gone = [(seen.world.consents.withdrawn[1] < PARAMETERS.last_day)[dog].mean() for seen in (plain, pestered)]
    assert gone[1] > gone[0] + 0.03


def test_frequency_tires(pestered, plain):
    person = np.flatnonzero(~plain.world.contact.leanings.dog)
    full = [np.full(len(person), value) for value in (actions.LOAN_REFERRAL, actions.SMS, 12, 0)]
    day = PARAMETERS.last_day + 1
    fresh, tired = (response.accept_probability(seen.world, person, *full, day) for seen in (plain, pestered))
    both = (fresh > 0) & (tired > 0)
    load = pestered.world.contact.memory.load[person]
    assert np.median(load) == 5, "called five times in thirty days"
    expected = np.exp(-load * pestered.world.contact.leanings.slope[person])
    np.testing.assert_allclose((tired[both] / fresh[both]).mean(), expected[both].mean(), rtol=0.03)


def test_who_comes_alone_takes_it_three_to_five_times_as_often(plain):
    world, day = plain.world, PARAMETERS.last_day + 1
    person = np.arange(len(world.people))
    offer, app, nothing = (np.full(len(person), value) for value in (actions.LOAN_REFERRAL, actions.APP, 0))
    sent = response.taken(world, world.curves, person, offer, app, world.contact.leanings.hour, nothing)
    shown = response.inbound_probability(world, person, offer, app, nothing, day)
    ratio = shown.sum() / sent[shown > 0].sum()
    assert 3 < ratio < 5, ratio


def test_what_drives_answers_shows_in_behaviour_and_not_in_numbers(plain):
    """Who looks at instalments often takes them; dogs pay in full; the customer's number tells nothing."""
    world = plain.world
    views = plain.all(Interactions)
    views = views.at(views.kind == dialogue.VIEW)
    looks = np.bincount(views.person[views.topic == dialogue.INSTALMENT], minlength=len(world.people))
    often = np.bincount(views.person, minlength=len(world.people))
    person = np.flatnonzero(often >= 8)
    offer, app = np.full(len(person), actions.CASH_INSTALMENT), np.full(len(person), actions.APP)
    chance = response.taken(world, world.curves, person, offer, app, np.full(len(person), 12), np.zeros(len(person)))
    assert np.corrcoef(looks[person] / often[person], np.log(chance))[0, 1] > 0.2
    assert abs(np.corrcoef(person, np.log(chance))[0, 1]) < 0.06
    dog = world.contact.leanings.dog[world.accounts.person]
    full = world.ledger.habit == FULL
    assert dog[full].mean() > 1.3 * dog[~full].mean()
    assert abs(np.corrcoef(world.accounts.serial, dog)[0, 1]) < 0.04


def test_the_table_of_truth(plain):
    table = uplift.uplift_table(plain.world, PARAMETERS.last_day + 1, {actions.WAKE_UP: 8_000})
    kinds = dict(zip(*np.unique(table["class"].to_numpy(zero_copy_only=False), return_counts=True), strict=True))
    print({name: round(count / table.num_rows, 3) for name, count in kinds.items()})
    assert set(kinds) == set(uplift.CLASSES)
    assert 0.06 < kinds["sleeping_dog"] / table.num_rows < 0.16
    accept, alone, gain = (table[name].to_numpy() for name in ("p_accept", "p_organic", "uplift"))
    assert ((accept >= 0) & (accept < 1) & (alone >= 0) & (alone <= 1)).all()
    # An irritated dog closes the rather: that is no gain of anything else.
    assert (gain <= accept + 1e-9)[table["offer"].to_numpy(zero_copy_only=False) != "orderly_closure"].all()
    assert (gain < 0).any(), "contact drives somebody away"
    assert set(table["offer"].unique().to_pylist()) <= set(OFFERS) - {"general_news"}
    assert table["value"].drop_null().unique().to_pylist() == [8_000]
    harm = table["harm"].to_numpy()
    assert (harm > -1e-9).all()
    dogs = table["class"].to_numpy(zero_copy_only=False) == "sleeping_dog"
    assert harm[dogs].mean() > 10 * harm[~dogs].mean()


def test_another_world_answers_by_other_curves():
    """A segment that differs, and a change of regime on a day."""
    eager = Segment("eager", 0.5, (("wake_up", 3.0),), group="older")
    later = ResponseCurves(offers=tuple([OfferCurve(-20.0)] * len(OFFERS)))
    small = {"customers": 3_000, "months": 1, "seed": 5}
    usual = World(Parameters(**small))
    day = usual.parameters.first_day
    curves = ResponseCurves(segments=(eager,), later=((day + 3, later),))
    other = World(Parameters(**small, curves=curves))
    usual.step(day), other.step(day)
    person = np.arange(3_000)
    full = [np.full(3_000, value) for value in (actions.WAKE_UP, actions.SMS, 12, 0)]
    before, after = (response.accept_probability(world, person, *full, day + 1) for world in (usual, other))
    moved = after > before
    assert moved.any()
    assert (other.contact.leanings.segment[moved] == 0).all()
    assert (after[~moved] == before[~moved]).all()
    assert response.accept_probability(other, person, *full, day + 400).max() < 1e-6


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Segment("x", 1.5, ()), "share = 1.5 .* 0 to 1"),
        (lambda: Segment("x", 0.5, (("gift", 1.0),)), "no offer is called 'gift'"),
        (lambda: Segment("x", 0.5, (), group="rich"), "no group is called 'rich'"),
        (lambda: ResponseCurves(fatigue=-0.1), "fatigue = -0.1 .* 0 to 20"),
        (lambda: ResponseCurves(offers=()), "0 curves of offers are not possible: give 19"),
    ],
)
def test_impossible_curves_are_refused(make, named):
    with pytest.raises(BadInput, match=named):
        make()
