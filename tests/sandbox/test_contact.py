"""What passes between the made bank and its people: log-ins, calls, complaints, surveys, consents, decisions."""

import numpy as np
import pytest

from zhike.sandbox import actions, campaigns, complaints, consents, dialogue, effects, response
from zhike.sandbox.actions import NOTHING, OFFERS, Actions, Contacts, Decisions
from zhike.sandbox.calendar import NEVER, day_of
from zhike.sandbox.contact_texts import COMPLAINTS, NOTES
from zhike.sandbox.dialogue import Answers, Complaints, Costs, Interactions, Responses, Surveys
from zhike.sandbox.dice import Dice
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import Today, World

PARAMETERS = Parameters(customers=8_000, months=3, seed=3)
PUBLISHED = PARAMETERS.first_day + 20


def _within(name: str, value: float, low: float, high: float) -> None:
    print(f"{name:44} {value:10.4f}   {low} … {high}")
    assert low <= value <= high, name


class Seen:
    """Three months of the bank's old campaigns, and from the twentieth day on a decision for everybody."""

    def __init__(self) -> None:
        self.world = world = World(PARAMETERS)
        self.days: list[Today] = []
        self.given = self.taken = 0
        for day in range(PARAMETERS.first_day, PARAMETERS.last_day + 1):
            bank_does = campaigns.of_day(world, day)
            if day == PUBLISHED:
                bank_does = Actions(bank_does.contacts, _for_everybody(actions.CATEGORY_CASHBACK))
            before = world.consents.since.copy(), world.consents.withdrawn.copy()
            self.days.append(world.step(day, bank_does))
            self.given += int((world.consents.since != before[0]).sum())
            self.taken += int(((world.consents.withdrawn != before[1]) & (world.consents.withdrawn == day)).sum())
        self.cards = int((world.since <= PARAMETERS.last_day).sum())

    def all(self, name: str):
        parts = [getattr(today, name) for today in self.days]
        return type(parts[0]).joined(parts)


def _for_everybody(offer: int, first: int = 1) -> Decisions:
    person = np.arange(PARAMETERS.customers)
    return Decisions(person, person * 0 + offer, person * 0 + 1_500, first + person)


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


def test_volumes_are_those_of_a_bank(seen):
    touches: Interactions = seen.all("interactions")
    per_month = np.bincount(touches.kind, minlength=len(dialogue.KINDS)) / seen.cards / PARAMETERS.months
    for kind, low, high in (
        (dialogue.LOGIN, 4.0, 6.5), (dialogue.VIEW, 6.0, 12.0), (dialogue.CALL_IN, 0.05, 0.10),
        (dialogue.CHAT, 0.025, 0.06), (dialogue.VISIT, 0.012, 0.035), (dialogue.MESSAGE, 0.1, 0.5),
    ):  # fmt: skip
        _within(f"{dialogue.KINDS[kind]} a month and card customer", float(per_month[kind]), low, high)
    assert ((touches.second >= 0) & (touches.second < 86_400)).all()
    assert (touches.text < len(NOTES)).all()
    hours = touches.second[touches.kind == dialogue.LOGIN] // 3600
    assert np.bincount(hours, minlength=24)[20] > 4 * np.bincount(hours, minlength=24)[4]
    for today in seen.days[:10]:
        assert (np.diff(today.interactions.second) >= 0).all()


def test_acceptance_by_channel_and_offer_is_as_stated():
    """Everybody is asked something by lot, in a world of their own."""
    world = World(Parameters(customers=12_000, months=1, seed=8))
    day = world.parameters.first_day
    for ahead in range(4):
        world.step(day + ahead)
    lot = Dice(1).rolls("lot", np.arange(12_000))
    person, offer, channel = np.arange(12_000), lot.below("offer", len(OFFERS)), lot.below("channel", 5)
    asked = Contacts(person, offer, channel, 8 + lot.below("hour", 12), person * 0 + 3_000, person)
    stated = response.accept_probability(world, person, offer, channel, asked.hour, asked.incentive, day + 4)
    log: Responses = world.step(day + 4, Actions(asked)).responses
    assert (abs(log.chance_ppm - stated * 1e6) <= 1).mean() > 0.99, "but for who came to buy, pay or move in between"
    assert stated.sum() > 60
    for name, groups in (("channel", channel), ("offer", offer), ("all", offer * 0)):
        for one in np.unique(groups):
            chance, happened = stated[groups == one], log.accepted[groups == one].sum()
            error = np.sqrt((chance * (1 - chance)).sum())
            print(f"{name} {one}: {happened} accepted, {chance.sum():.1f} stated")
            assert abs(happened - chance.sum()) <= 3 * error + 0.5, (name, one)


def test_complaints_have_causes_texts_and_a_clock(seen):
    steps: Complaints = seen.all("complaints")
    day = np.repeat([today.day for today in seen.days], [len(today.complaints) for today in seen.days])
    came = steps.step == dialogue.RECEIVED
    open_accounts = (seen.world.accounts.status <= 1).sum()
    _within("complaints a year and million accounts", came.sum() * 4 / open_accounts * 1e6, 2_500, 11_000)
    assert len(np.unique(steps.complaint[came])) == came.sum()
    assert (complaints._day_of(steps.complaint[came]) == day[came]).all()
    started = dict(zip(steps.complaint[came].tolist(), day[came].tolist(), strict=True))
    for step in (dialogue.ANSWERED, dialogue.CLOSED):
        assert set(steps.complaint[steps.step == step].tolist()) <= set(started)
    answered = steps.step == dialogue.ANSWERED
    waited = day[answered] - np.array([started[one] for one in steps.complaint[answered].tolist()])
    _within("median days until the answer", float(np.median(waited)), 2, 7)
    assert (steps.text < len(COMPLAINTS)).all()
    assert len(dialogue.CAUSES) >= 8


def test_texts_are_many_and_some_bite():
    assert len(set(COMPLAINTS)) >= 300
    assert sum(text.isascii() for text in COMPLAINTS) > 50, "English"
    for canary in ("=1+1", "<b>", "<script>", "DROP TABLE", "{{7*7}}"):
        assert any(canary in text for text in COMPLAINTS), canary
    rolls = Dice(2).rolls("texts", np.arange(5_000))
    cause = rolls.below("cause", len(dialogue.CAUSES))
    from zhike.sandbox.contact_texts import complaint_text

    texts = complaint_text(cause, rolls)
    assert len(np.unique(texts)) > 1_000
    fees = [COMPLAINTS[text] for text in texts[cause == complaints.FEES]]
    assert sum(any(word in text for word in ("费", "fee", "利息", "违约金")) for text in fees) > 0.9 * len(fees)


def test_surveys_follow_satisfaction(seen):
    found: Surveys = seen.all("surveys")
    csat, nps = (found.score[found.kind == kind] for kind in (dialogue.CSAT, dialogue.NPS))
    _within("CSAT", float(csat.mean()), 3.8, 4.6)
    _within("NPS", float((nps >= 9).mean() - (nps <= 6).mean()), 0.05, 0.45)
    assert set(csat) <= set(range(1, 6))
    assert set(nps) <= set(range(11))
    of_nps = found.at(found.kind == dialogue.NPS)
    usual = seen.world.contact.satisfaction.usual[of_nps.person]
    assert np.corrcoef(usual, of_nps.score)[0, 1] > 0.4


def test_consents_live(seen):
    _within("withdrawals a year and card customer", seen.taken * 4 / seen.cards, 0.10, 0.35)
    _within("consents given later, a year and customer", seen.given * 4 / seen.cards, 0.02, 0.15)
    state, day = seen.world.consents, PARAMETERS.last_day
    changed = np.concatenate([today.consent_changes for today in seen.days])
    assert len(changed) > 100
    everybody = np.arange(PARAMETERS.customers)
    for which, (name, chance, _) in enumerate(consents.CONSENTS):
        now = state.state(which, everybody, day)
        given = (now == consents.GIVEN)[seen.world.since <= day].mean()
        assert 0.5 * chance < given < 1.1 * chance, name
        gone = now == consents.WITHDRAWN
        assert (state.withdrawn[which][gone] >= state.since[which][gone]).all()
        spoken = state.spoken(which, everybody, seen.world.since)
        assert (spoken[gone] == state.withdrawn[which][gone]).all()
        assert (spoken[seen.world.since != NEVER] <= PARAMETERS.last_day + 366).all()


def test_a_decision_stands_until_it_is_taken(seen):
    answers: Answers = seen.all("answers")
    day = np.repeat([today.day for today in seen.days], [len(today.answers) for today in seen.days])
    shown = (answers.reference > 0) & (answers.reference <= PARAMETERS.customers)
    assert (day[shown] >= PUBLISHED).all()
    taken = shown & (answers.answer == dialogue.ACCEPTED)
    assert taken.sum() > 20
    for person in answers.person[taken][:20]:
        mine = shown & (answers.person == person)
        assert (answers.answer[mine] == dialogue.ACCEPTED).sum() == 1
        assert answers.answer[mine][-1] == dialogue.ACCEPTED, "not shown after it was taken"
    log: Responses = seen.all("responses")
    shown_log = log.at(log.inbound == 1)
    chance = shown_log.chance_ppm / 1e6
    assert abs(shown_log.accepted.sum() - chance.sum()) <= 3 * np.sqrt((chance * (1 - chance)).sum())
    cashback = seen.world.contact.until[actions.CATEGORY_CASHBACK] >= PARAMETERS.last_day
    assert (effects.lift(seen.world, PARAMETERS.last_day)[cashback] >= effects.CASHBACK_LIFT).all()


def test_costs_are_told_by_person(seen):
    costs: Costs = seen.all("costs")
    log, touches = seen.all("responses"), seen.all("interactions")
    paid = costs.amount[costs.kind == dialogue.INCENTIVE].sum()
    assert paid == log.incentive[log.accepted == 1].sum() > 0
    sent = touches.at(np.isin(touches.kind, (dialogue.MESSAGE, dialogue.CALL_OUT)))
    fen = np.array([each.cost for each in seen.world.curves.channels])
    assert costs.amount[costs.kind == dialogue.CHANNEL_COST].sum() == fen[sent.channel].sum() > 0
    assert (costs.amount >= 0).all()


def test_the_old_campaigns_keep_to_consents_and_working_days(seen):
    touches: Interactions = seen.all("interactions")
    day = np.repeat([today.day for today in seen.days], [len(today.interactions) for today in seen.days])
    out = np.isin(touches.kind, (dialogue.MESSAGE, dialogue.CALL_OUT))
    assert all(day_of(when).weekday() < 5 for when in np.unique(day[out]))
    assert out.sum() > 2_000
    assert len(np.unique(touches.offer[out])) == len(OFFERS)
    assert set(touches.second[out] // 3600) <= set(range(9, 21))


def test_the_same_contact_twice_is_made_once():
    world = World(Parameters(customers=500, months=1, seed=4))
    person = np.arange(500)
    asked = Contacts(person, person * 0 + actions.GENERAL_NEWS, person * 0, person * 0 + 10, person * 0, person + 1)
    day = world.parameters.first_day
    first = world.step(day, Actions(Contacts.joined([asked, asked])))
    second = world.step(day + 1, Actions(asked))
    assert (first.interactions.kind == dialogue.MESSAGE).sum() == 500
    assert (second.interactions.kind == dialogue.MESSAGE).sum() == 0
    assert world.contact.memory.load.max() == 1


def test_people_live_the_same_whatever_the_block_and_the_order():
    """One block or two, actions in any order: the same interactions, answers and states."""
    parameters = Parameters(customers=400, months=1, seed=6)
    whole = World(parameters)
    halves = [World(parameters, range(200)), World(parameters, range(200, 400))]
    person = np.arange(400)
    offer = person % len(OFFERS)
    columns = [person, offer, person % 5, 9 + person % 10, person * 0 + 2_000, 1 + person]
    order = np.argsort(person * 7_919 % 400)
    for ahead in range(20):
        day = parameters.first_day + ahead
        asked = Contacts(*(each + (400 * ahead if place == 5 else 0) for place, each in enumerate(columns)))
        decided = Decisions(person, (offer + ahead) % len(OFFERS), person * 0, person)
        one = whole.step(day, Actions(asked, decided))
        parts = [half.step(day, Actions(asked.at(order), decided.at(order))) for half in halves]
        for name in ("interactions", "answers", "complaints", "surveys", "costs", "responses"):
            assert _rows(whole, [one], name) == _rows(None, parts, name, halves), (name, day)
    level = np.concatenate([half.contact.satisfaction.level for half in halves])
    np.testing.assert_array_equal(whole.contact.satisfaction.level, level)
    assert one.responses.accepted.sum() >= 0


def _rows(world, days: list[Today], name: str, worlds: list[World] | None = None) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for today, here in zip(days, worlds or [world], strict=True):
        columns = vars(getattr(today, name))
        columns = {**columns, "person": here.people.number[columns["person"]]}
        found += list(zip(*(each.tolist() for each in columns.values()), strict=True))
    return sorted(found)


def test_effects_end_and_temporary_limits_fall_back():
    world = World(Parameters(customers=3_000, months=3, seed=2))
    day = world.parameters.first_day
    world.step(day)
    person = np.arange(3_000)
    target = response.eligibility.targets(world, person, person * 0 + actions.TEMPORARY_LIMIT, day + 1)
    before = world.accounts.limit.copy()
    effects.accept(world, person, person * 0 + actions.TEMPORARY_LIMIT, person * 0, day + 1)
    raised = target[target >= 0]
    for ahead in range(1, 64):
        today = world.step(day + ahead, NOTHING)
        if ahead == 1:
            assert (world.accounts.effective[raised] > before[raised]).mean() > 0.98, "but for cuts and blocks"
            assert set(raised) <= set(today.temporary_limits.account)
            assert len(set(raised) & set(today.limit_changes)) < 5, "the permanent limit stays"
    assert (world.accounts.limit[raised] == before[raised]).mean() > 0.93, "but for other changes since"
    over = world.accounts.extra.end < day + 63
    np.testing.assert_array_equal(world.accounts.effective[over], world.accounts.limit[over])
    assert over[raised].mean() > 0.9
