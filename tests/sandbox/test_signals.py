"""Every sign of cash-out of DOMAIN section 4 is planted, each by some rings, and shown a little by honest people too.

Printed with ``pytest -s``.
"""

import numpy as np
import pytest

from tests.sandbox.lived import lived
from tests.sandbox.signals import LARGE, Signals, area, fitted
from zhike.sandbox import crime_cases, entries, rings


class Shown:
    """The signs of all accounts that bought anything, and who belongs to a ring."""

    def __init__(self) -> None:
        self.seen = lived()
        self.signals = Signals(self.seen)
        self.columns = self.signals.columns()
        cases, count = self.seen.world.crime.cases, self.signals.count
        self.ring = np.full(count, -1)
        mine = cases.kind == crime_cases.CASH_OUT
        self.ring[cases.account[mine]] = cases.ring[mine]
        self.honest = np.bincount(self.signals.account, minlength=count) > 0
        self.honest[cases.account] = False
        deeds = np.bincount(self.signals.account[self.signals.case > 0], minlength=count)
        self.member = (self.ring >= 0) & (deeds >= 3)


@pytest.fixture(scope="module")
def shown() -> Shown:
    return Shown()


# Which rings show a sign; the others may.
_OF = {
    "round or repeated": lambda own: own.style != rings.ODD,
    "at the limit": lambda own: own.empties & (own.style != rings.REPEATED),
    "often a day": lambda own: own.many,
    "fixed every month": lambda own: own.many,
    "at night": lambda own: own.night,
    "unlike the trade": lambda own: own.style != rings.REPEATED,
    "high-risk trade": lambda own: own.fee > 0,
    "around the statement": lambda own: own.timing == rings.BY_STATEMENT,
    "pay-in spent at once": lambda own: (own.timing == rings.BY_PAYMENT) & ~own.least,
    "minimum then emptied": lambda own: (own.timing == rings.BY_PAYMENT) & own.least,
    "sleeper at the limit": lambda own: own.empties & (own.style != rings.REPEATED),
    "money back": lambda own: own.quick_cash,
    "no daily life": lambda own: own.idle > 0.3,
}
# Times as much as among honest people, at least; where honest people do much of the same, less.
_TIMES = {"around the statement": 1.5, "fixed every month": 2.0, "no daily life": 3.0, "unlike the trade": 2.0}


@pytest.mark.parametrize("name", _OF)
def test_the_sign_is_planted(shown, name):
    own, value = shown.seen.world.crime.rings, shown.columns[name]
    planted = shown.member & _OF[name](own)[shown.ring]
    among, others = value[planted], value[shown.honest]
    print(
        f"{name:22} {planted.sum():3} members {among.mean():8.3f}, {(among > 0).mean():.2f} of them; "
        f"honest {others.mean():8.4f}, {(others > 0).mean():.4f} of them"
    )
    assert planted.sum() >= 5, "no ring shows it"
    assert (among > 0).mean() > 0.2
    assert among.mean() > _TIMES.get(name, 5.0) * others.mean()
    assert (others > 0).any(), "nobody honest looks like it: one rule would do"


def test_every_column_is_a_sign_of_the_list(shown):
    assert set(_OF) == set(shown.columns)


def test_terminals_are_shared_by_suspects(shown):
    """At most terminals of a ring's first shop several members paid large sums, and few others did."""
    own = shown.signals
    big = own.large & own.pos
    terminal, account = own.terminal()[big], own.account[big]
    pairs = np.unique(terminal * 100_000 + account)
    members = np.bincount(pairs // 100_000, weights=shown.member[pairs % 100_000])
    payers = np.bincount(pairs // 100_000)
    shared = members >= 3
    print(f"{shared.sum()} terminals shared by 3 members and more; most {members.max():.0f}")
    assert shared.sum() >= 4
    assert (members[shared] / payers[shared]).mean() > 0.5
    assert (payers[members == 0] >= 3).any()


def test_stolen_cards_travel_faster_than_people(shown):
    """Two cities within four hours, on the card of one who did not go: hardly ever among others."""
    own, world = shown.signals, shown.seen.world
    city = world.merchants.city[own.shop]
    at = np.flatnonzero(own.in_place & (city >= 0))
    order = at[np.lexsort((own.second[at], own.day[at], own.account[at]))]
    moment = own.day[order].astype(np.int64) * 86_400 + own.second[order]
    jumps = (own.account[order][1:] == own.account[order][:-1]) & (np.diff(moment) < 4 * 3600)
    jumps &= city[order][1:] != city[order][:-1]
    jumped = np.zeros(own.count, bool)
    jumped[own.account[order][1:][jumps]] = True
    cases = world.crime.cases
    lost = cases.account[(cases.kind == crime_cases.LOST) & np.isin(cases.account, own.account)]
    print(f"impossible travel: lost cards {jumped[lost].mean():.2f}, honest {jumped[shown.honest].mean():.4f}")
    assert jumped[lost].mean() > 10 * jumped[shown.honest].mean()
    assert jumped[lost].sum() >= 2


def test_stolen_cards_are_tried_small_then_large(shown):
    own, cases = shown.signals, shown.seen.world.crime.cases
    for kind, small in ((crime_cases.LOST, 30_000), (crime_cases.NOT_PRESENT, 1_100)):
        mine = (own.case > 0) & (cases.kind[own.case - 1] == kind)
        first = own.day[mine] == cases.start[own.case[mine] - 1]
        tried = own.amount[mine][first] <= small
        assert 0.3 < tried.mean() < 0.95
        later = own.amount[mine][~first]
        assert np.median(later) > 3 * small
    screen = (own.case > 0) & (cases.kind[own.case - 1] == crime_cases.NOT_PRESENT)
    night = own.second[screen] < 6 * 3600
    others = (own.case == 0) & (shown.seen.world.merchants.city[own.shop] >= 0)
    assert night.mean() > 5 * (own.second[others] < 6 * 3600).mean()


def test_thieves_go_abroad_and_for_cash(shown):
    """Without the card often at foreign shops online; an account taken over is drawn in cash by the app."""
    now, cases = shown.seen.entries, shown.seen.world.crime.cases
    kind = np.where(now.case > 0, cases.kind[now.case - 1], -1)
    foreign = (kind == crime_cases.NOT_PRESENT) & (now.country >= 0)
    assert (now.channel[foreign] == entries.ONLINE).all()
    assert foreign.sum() > 30
    drawn = (kind == crime_cases.TAKEN_OVER) & (now.type == entries.CASH) & (now.response == entries.APPROVED)
    assert drawn.sum() >= 5
    assert (now.channel[drawn] == entries.APP).all()


def test_points_are_farmed_and_passed_on(shown):
    """Abusers send nearly all back that they buy for the bonus; their points end at few mules."""
    seen, cases = shown.seen, shown.seen.world.crime.cases
    mine = (seen.entries.case > 0) & (cases.kind[seen.entries.case - 1] == crime_cases.POINTS)
    bought = mine & (seen.entries.type == entries.PURCHASE) & (seen.entries.response == entries.APPROVED)
    back = mine & (seen.entries.type == entries.REFUND)
    assert 0.7 < back.sum() / bought.sum() < 0.95
    passed = (seen.points.case > 0) & (seen.points.points < 0)
    givers, mules = set(seen.points.account[passed]), set(seen.points.other[passed])
    print(f"{len(givers)} accounts pass points on to {len(mules)} mules")
    assert len(mules) < 0.6 * len(givers)
    assert mules.isdisjoint(givers)


def test_a_model_of_the_signs_finds_the_members(shown):
    """By people it has not seen; at a desk that looks at 25 accounts most are members, yet no single sign does it."""
    active = shown.honest | shown.member
    label = shown.member[active]
    columns = np.column_stack(list(shown.columns.values()))[active]
    people = shown.seen.world.people.number[shown.seen.world.accounts.person[active]]
    score = np.zeros(len(label))
    for part in range(5):
        known = people // 2 % 5 != part
        score[~known] = fitted(columns, label, known)[~known]
    desk = np.argsort(-score)[:25]
    print(
        f"cash-out: AUC {area(score, label):.3f}, {label[desk].mean():.2f} of 25 are members, of {label.sum()} in all"
    )
    assert area(score, label) > 0.9
    assert label[desk].mean() > 0.7
    for name, value in zip(shown.columns, columns.T, strict=True):
        assert area(value, label) < 0.97, name


def test_one_rule_suspects_honest_people(shown):
    """Large sums at a trade of high risk, three times and round: small businesses buy their stock like this."""
    own = shown.signals
    hit = own.large & (own.amount % 50_000 == 0) & np.isin(own.mcc, ("5099", "5944", "7399", "6513"))
    suspects = np.bincount(own.account[hit], minlength=own.count) >= 3
    right = shown.member[suspects & (shown.member | shown.honest)].mean()
    print(
        f"one rule: {suspects.sum()} suspects, {right:.2f} of them members; smallest large sum {LARGE / 100:.0f} yuan"
    )
    assert right < 0.6
