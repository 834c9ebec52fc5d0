"""Log-ins to the app and what is looked at there: how often by habit and use, when by the person's good hour, what by
need and by what the person likes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import actions, dialogue, leanings, usage
from zhike.sandbox.actions import APP
from zhike.sandbox.curves import ResponseCurves
from zhike.sandbox.dialogue import Interactions
from zhike.sandbox.dice import Rolls, quantiles
from zhike.sandbox.leanings import Leanings
from zhike.sandbox.people import People

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Of an active, wholly digital person, a day; planning figure: about 5 log-ins a month and card customer.
_MOST_A_DAY = 0.34
# Beside those of an active holder: never used, active, slipping, asleep; the last for who has no open account.
_PACE = np.array([0.35, 1.0, 0.45, 0.10, 0.0])
_FAILS = 0.015
_VIEWS = quantiles([52, 30, 12, 6], 128)  # 1 to 4 pages
# Pages of every day, and pages that people look at for what they like.
_DAILY = quantiles([46, 34, 12, 4, 4], 512)
_DAILY_PAGES = np.array([dialogue.BALANCE, dialogue.REPAYMENT, dialogue.POINTS, dialogue.FEES, dialogue.CARD_DELIVERY])
_BY_LIKING = 0.38
_PAGES = (
    (dialogue.OFFERS_PAGE, (actions.CATEGORY_CASHBACK, actions.RETENTION, actions.WAKE_UP, actions.FIRST_USE_GIFT)),
    (dialogue.LIMIT, (actions.LIMIT_INCREASE, actions.TEMPORARY_LIMIT)),
    (dialogue.INSTALMENT, (actions.BILL_INSTALMENT, actions.PURCHASE_INSTALMENT, actions.CASH_INSTALMENT)),
    (dialogue.TRAVEL, (actions.OVERSEAS_PACK, actions.UPGRADE)),
    (dialogue.FEES, (actions.FEE_WAIVER, actions.RATE_DISCOUNT)),
    (dialogue.APPLICATION, (actions.LOAN_REFERRAL, actions.WEALTH_REFERRAL)),
)  # fmt: skip


@dataclass(frozen=True)
class Habits:
    """One position per person: chance of a log-in a day when active, and the logit of each page of `_PAGES`."""

    daily: Floats
    pages: Floats


def habits(people: People, who: Leanings, curves: ResponseCurves) -> Habits:
    """What everybody's log-ins are like; drawn from traits, likings and the person's own rolls."""
    daily = _MOST_A_DAY * people.digital**1.5 * np.exp(0.4 * people.rolls.normal("log-ins") + 0.3 * who.channel[:, APP])
    everybody = np.arange(len(people))
    pages = []
    for _, offers in _PAGES:
        logits = [
            leanings.appetite(who, curves, everybody, np.full(len(people), offer)) - curves.offers[offer].base
            for offer in offers
        ]
        pages.append(np.mean(logits, axis=0) * np.sqrt(len(offers)))
    return Habits(np.minimum(daily, 0.9), np.stack(pages, axis=1))


def pace(world: "World", day: int) -> Floats:
    """How much everybody has to do with the bank, by use of the livelier of their accounts."""
    own, state = world.accounts, world.usage.state
    here = (own.opened <= day) & (own.status <= 1)
    found = np.zeros(len(world.people))
    np.maximum.at(found, own.person, np.where(here, _PACE[state], 0.0))
    return found


def chance(world: "World", person: Ints, day: int) -> Floats:
    """Chance of a log-in that does not fail on a day, as the person's accounts are used now."""
    return (1 - _FAILS) * world.contact.habits.daily[person] * pace(world, day)[person]


def of_day(world: "World", lively: Floats, day: int) -> Interactions:
    """The log-ins of a day, at most one a person."""
    rolls = world.people.rolls.on(day)
    person = np.flatnonzero(rolls.happens("log-in", world.contact.habits.daily * lively))
    mine = rolls.at(person)
    hour = world.contact.leanings.hour[person] + 2.6 * mine.normal("log-in hour") + mine.uniform("log-in second")
    return Interactions.of(
        person=person, second=(hour * 3600).astype(np.int64) % 86_400, kind=dialogue.LOGIN,
        outcome=np.where(mine.happens("log-in fails", _FAILS), dialogue.FAILED, dialogue.DONE), channel=APP, duration=0,
    )  # fmt: skip


def views(world: "World", logins: Interactions, day: int) -> Interactions:
    """The pages that are looked at after the log-ins that did not fail."""
    done = logins.at(logins.outcome == dialogue.DONE)
    count = 1 + world.people.rolls.at(done.person).on(day).drawn("pages", _VIEWS)
    person, start = np.repeat(done.person, count), np.repeat(done.second, count)
    turn = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    rolls = world.people.rolls.at(person).on(day).on(turn + 1)
    topic = _DAILY_PAGES[rolls.drawn("daily page", _DAILY)]
    liked = np.flatnonzero(rolls.happens("page by liking", _BY_LIKING))
    topic[liked] = _liked_page(world, person[liked], rolls.at(liked))
    after = 5 + 45 * turn + rolls.below("view second", 30)
    return Interactions.of(
        person=person, second=np.minimum(start + after, 86_399), kind=dialogue.VIEW, topic=topic,
        outcome=dialogue.DONE, channel=APP, duration=3 + rolls.below("view duration", 60),
    )  # fmt: skip


def _liked_page(world: "World", person: Ints, rolls: Rolls) -> Ints:
    """A page by its logit: the greatest of logit and Gumbel noise."""
    noise = np.stack([-np.log(-np.log(rolls.uniform(f"page {place}"))) for place in range(len(_PAGES))], axis=1)
    best = (world.contact.habits.pages[person] + noise).argmax(axis=1)
    found: Ints = np.array([topic for topic, _ in _PAGES])[best]
    return found


assert len(_PACE) == usage.ASLEEP + 2
