"""The truth of contact: by how much asking somebody raises the chance that they do it, and what it does beside.

    uplift = a + (1 − a) × o' − o

with a the chance that the contact is accepted (`response`), o the chance of doing it alone within the horizon
(`organic`), o' the same of somebody whom this contact has irritated. The world decides both apart, so this is exact as
far as o is: whoever would do it anyway is no gain, and a sleeping dog may be a loss.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import (
    complaints,
    consents,
    eligibility,
    memory,
    organic,
    outbound,
    response,
    satisfaction,
    usage,
)
from zhike.sandbox.accounts import OPEN
from zhike.sandbox.actions import CHANNELS, OFFERS
from zhike.sandbox.calendar import day_of

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HORIZON_DAYS, HARM_DAYS = 30, 90
CLASSES = ("persuadable", "sure_thing", "lost_cause", "sleeping_dog")
PERSUADABLE, SURE_THING, LOST_CAUSE, SLEEPING_DOG = range(4)
_WORTH_ASKING, _SURE = 0.01, 0.25


@dataclass(frozen=True)
class Harm:
    """What one contact does beside, per person: further chance that an account is closed by its holder within 90 days,
    of a complaint and of an opt-out at once; the fall of satisfaction (0 to 1)."""

    closing: Floats
    complaint: Floats
    opt_out: Floats
    satisfaction: Floats


def uplift(
    world: "World", person: Ints, offer: Ints, channel: Ints, hour: Ints, incentive: Ints, day: int,
    horizon_days: int = HORIZON_DAYS,
) -> Floats:  # fmt: skip
    """By how much one contact on ``day`` raises the chance that the person has done what the offer asks by the end of
    the ``horizon_days`` days after; negative where it does harm. Positions of people in the block."""
    target = eligibility.targets(world, person, offer, day)
    asked = response.accept_probability(world, person, offer, channel, hour, incentive, day, target)
    now = world.contact.memory.irritation
    alone = organic.given_irritation(world, person, offer, day, horizon_days, now, target)
    after = _irritated(world, person, channel, hour, day)
    upset = organic.given_irritation(world, person, offer, day, horizon_days, after, target)
    return asked + (1.0 - asked) * upset - alone


def harm(world: "World", person: Ints, channel: Ints, hour: Ints, day: int) -> Harm:
    """What one contact on ``day`` does beside. Irritation and lost satisfaction fade with their own times over the
    statement days ahead; the account is taken to stay as it is, and to be closed only if it owes nothing."""
    state, who = world.contact, world.contact.leanings
    bother = bothers(world, person, channel, hour, day)
    drop = np.where(who.dog[person], satisfaction.DOG_CONTACT, satisfaction.CONTACT) * bother
    many = 1 + complaints.A_CONTACT_MORE * state.memory.load[person]
    base = np.where(who.dog[person], complaints.DOG_AFTER_CONTACT, complaints.AFTER_CONTACT)
    complains = np.minimum(base * bother * many * satisfaction.unease(state.satisfaction, person), 0.5)
    leaves = consents.opt_out_chance(world, person, channel, bother, day)
    more = _irritated(world, person, channel, hour, day)[person] - state.memory.irritation[person]
    return Harm(_closing(world, person, more, drop, day), complains, leaves, -drop)


def bothers(world: "World", person: Ints, channel: Ints, hour: Ints, day: int) -> Floats:
    """How much harder than a text message at a good hour one contact irritates, on average over being reached."""
    curves = world.curves.on(day)
    reached = response.reach(world, curves, person, channel)
    heard = outbound.bother(world, curves, person, channel, hour, day)
    return heard * (reached + (1 - reached) * outbound.missed(channel))


def uplift_table(world: "World", day: int, value: Mapping[int, int] | None = None) -> pa.Table:
    """The truth of one contact on ``day`` for every person and every offer that means something to them, by the best
    channel at the person's best hour of the day, with the usual incentive.

    Columns: person (number), offer, channel, hour, incentive (fen), p_accept, p_organic (30 days), uplift, harm
    (further chance of closing in 90 days), complaint, opt_out (chances at once), value (fen, of one acceptance by
    ``value`` of the offer; null where it is not given), class. The best channel is that of the greatest uplift; of
    people whom a contact hardly irritates (no dogs) that of the greatest acceptance. Ties go to the first.
    """
    people, offers = len(world.people), len(OFFERS)
    person, offer = np.repeat(np.arange(people), offers), np.tile(np.arange(offers), people)
    means = eligibility.targets(world, person, offer, day) >= 0
    person, offer = person[means], offer[means]
    hour = response.best_hour(world, person)
    incentive = response.usual_incentive(world.curves.on(day), offer)
    channel = _best_channel(world, person, offer, hour, incentive, day)
    gain = uplift(world, person, offer, channel, hour, incentive, day)
    asked = response.accept_probability(world, person, offer, channel, hour, incentive, day)
    alone = organic.organic_probability(world, person, offer, day, HORIZON_DAYS)
    hurt = harm(world, person, channel, hour, day)
    worth = np.array([(value or {}).get(each, -1) for each in range(offers)])[offer]
    return pa.table({
        "person": world.people.number[person], "offer": pa.array(OFFERS).take(pa.array(offer)),
        "channel": pa.array(CHANNELS).take(pa.array(channel)), "hour": hour, "incentive": incentive, "p_accept": asked,
        "p_organic": alone, "uplift": gain, "harm": hurt.closing, "complaint": hurt.complaint, "opt_out": hurt.opt_out,
        "value": pa.array(worth, mask=worth < 0),
        "class": pa.array(CLASSES).take(pa.array(classes(world, person, gain, alone))),
    })  # fmt: skip


def _best_channel(world: "World", person: Ints, offer: Ints, hour: Ints, incentive: Ints, day: int) -> Ints:
    """The channel of the greatest uplift. What does not upset anybody's doing it alone needs no second look."""
    target = eligibility.targets(world, person, offer, day)
    dog = world.contact.leanings.dog[person]
    found = np.zeros(len(person), np.int64)
    best = np.full(len(person), -np.inf)
    for channel in range(len(CHANNELS)):
        by = np.full(len(person), channel)
        gain = response.accept_probability(world, person, offer, by, hour, incentive, day, target)
        rows = np.flatnonzero(dog)
        gain[rows] = uplift(world, person[rows], offer[rows], by[rows], hour[rows], incentive[rows], day)
        better = gain > best
        found[better], best[better] = channel, gain[better]
    return found


def classes(world: "World", person: Ints, gain: Floats, alone: Floats) -> Ints:
    """Positions in CLASSES: dogs by their nature; sure things do it alone at one in four; persuadables gain 0.01."""
    sure, worth = alone >= _SURE, gain >= _WORTH_ASKING
    kinds = [world.contact.leanings.dog[person], sure, worth]
    return np.select(kinds, [SLEEPING_DOG, SURE_THING, PERSUADABLE], LOST_CAUSE)


def _irritated(world: "World", person: Ints, channel: Ints, hour: Ints, day: int) -> Floats:
    """Everybody's irritation after one contact to each of these (the dearest where a person stands there twice)."""
    state, curves = world.contact.memory, world.curves.on(day)
    more = bothers(world, person, channel, hour, day) * memory.sting(world.contact.leanings, curves, person)
    after = state.irritation.copy()
    np.maximum.at(after, person, np.minimum(state.irritation[person] + more, curves.most_irritation))
    return after


def _closing(world: "World", person: Ints, more: Floats, drop: Floats, day: int) -> Floats:
    """Further chance that one of the person's accounts is closed by its holder."""
    stays_with, stays_without = np.ones(len(person)), np.ones(len(person))
    for account in eligibility.accounts_of(world, person):
        rows = np.flatnonzero(_could_close(world, account, day))
        held, who = account[rows], person[rows]
        for ahead in range(1, HARM_DAYS + 1):
            now = _statement_in(world, held, day + ahead)
            if not now.any():
                continue
            fades = np.exp(-ahead / memory.FADES_IN)
            mood = np.exp(-ahead / satisfaction.FORGETS_IN) * drop[rows]
            before = world.contact.memory.irritation[who] * fades
            level = world.contact.satisfaction.level[who]
            calm = satisfaction.ease_of(level, before)
            upset = satisfaction.ease_of(level + mood, before + more[rows] * fades)
            for stays, ease in ((stays_without, calm), (stays_with, upset)):
                stays[rows] *= 1 - np.where(now, np.minimum(usage.closing_chance(world.usage, held, ease), 1.0), 0.0)
    return stays_without - stays_with


def _could_close(world: "World", account: Ints, day: int) -> Bools:
    own, book = world.accounts, world.ledger
    here = (account >= 0) & (own.opened[account] <= day) & (own.status[account] == OPEN)
    found: Bools = here & (book.balance[account] == 0) & (book.unbilled[account] == 0)
    return found


def _statement_in(world: "World", account: Ints, day: int) -> Bools:
    today: Bools = world.accounts.statement_day[account] == day_of(day).day
    return today
