"""Who commits crime and what becomes of it, in a bank of 10,000 people and 18 months. Printed with ``pytest -s``."""

import numpy as np
import pytest

from tests.sandbox.lived import PARAMETERS, lived
from zhike.core.errors import BadInput
from zhike.sandbox import crime_cases, entries, life
from zhike.sandbox.accounts import BLOCKED, CHARGED_OFF
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.crime_cases import KINDS
from zhike.sandbox.crime_rates import NONE, CrimeRates
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import World


@pytest.fixture(scope="module")
def seen():
    return lived()


def test_every_kind_has_cases(seen):
    """Cases with at least one movement that was approved."""
    kind, case = seen.column("crime_movement", "kind"), seen.column("crime_movement", "case")
    approved = seen.column("crime_movement", "approved")
    for name in KINDS:
        mine = (kind == name) & approved
        worth = seen.column("crime_movement", "amount_cents")[mine].sum() / 100
        print(f"{name:20} {len(set(case[mine])):3} cases {mine.sum():5} movements {worth:12,.0f} yuan")
        assert len(set(case[mine])) >= (20 if name == "cash_out" else 10), name


def test_crime_is_rare(seen):
    now = seen.entries.at((seen.entries.type == entries.PURCHASE) & (seen.entries.response == entries.APPROVED))
    rate = now.amount[now.case > 0].sum() / now.amount.sum()
    print(f"criminal share of spending {10_000 * rate:.1f} in 10,000")
    assert 0.001 < rate < 0.02


def test_an_account_has_one_case_and_it_lies_within_its_days(seen):
    account = seen.column("crime_case", "account")
    assert len(set(account)) == len(account)
    since = dict(zip(seen.column("crime_case", "case"), seen.column("crime_case", "since"), strict=True))
    case, day = seen.column("crime_movement", "case"), seen.column("crime_movement", "day")
    done = seen.column("crime_movement", "approved")
    assert all(when >= since[one] for one, when in zip(case[done], day[done], strict=True))


def test_truth_names_the_movement_by_the_banks_reference(seen):
    place = {int(reference): row for row, reference in enumerate(seen.reference)}
    for reference, amount in zip(
        seen.column("crime_movement", "reference"), seen.column("crime_movement", "amount_cents"), strict=True
    ):
        assert seen.entries.amount[place[int(reference)]] == amount
    assert (seen.entries.case > 0).sum() == len(seen.truth["crime_movement"])


def test_who_was_robbed_gets_a_new_card(seen):
    """The old card is used no more after the report, the new one has another number and is used by its holder."""
    crime, cards = seen.world.crime, seen.world.accounts.cards
    done = np.flatnonzero((crime.reports.day <= PARAMETERS.last_day - 40) & (cards.issued[crime.reports.new] != NEVER))
    old, new = crime.reports.card[done], crime.reports.new[done]
    assert len(done) > 100
    assert len(np.unique(cards.serial)) == len(cards.serial)
    approved = seen.entries.response == entries.APPROVED
    spent = approved & np.isin(seen.entries.type, (entries.PURCHASE, entries.CASH))
    for before, after, day in zip(old, new, crime.reports.day[done], strict=True):
        assert not (spent & (seen.entries.card == before) & (seen.day > day)).any()
        first = seen.day[spent & (seen.entries.card == after)]
        assert not len(first) or first.min() >= cards.activated[after] > day
    used = np.isin(new, seen.entries.card[spent])
    print(f"{len(done)} cards replaced, {used.mean():.2f} of the new ones used")
    assert used.mean() > 0.6


def test_disputed_movements_come_back_once(seen):
    """Most of what thieves took is given back, none twice, and each names the movement that it undoes."""
    back = seen.entries.type == entries.CHARGEBACK
    undone = seen.entries.of[back]
    assert len(np.unique(undone)) == len(undone) > 100
    place = {int(reference): row for row, reference in enumerate(seen.reference)}
    rows = np.array([place[int(reference)] for reference in undone])
    assert (seen.entries.amount[rows] == -seen.entries.amount[back]).all()
    refunded = seen.entries.of[seen.entries.type == entries.REFUND]
    assert not np.isin(undone, refunded).any()
    cases = seen.world.crime.cases
    case = seen.entries.case - 1
    theft = (seen.entries.case > 0) & np.isin(cases.kind[case], crime_cases.THEFTS)
    taken = theft & (seen.entries.response == entries.APPROVED) & ~back
    told = taken & (cases.reported[case] < PARAMETERS.last_day - 30)
    share = np.isin(seen.reference[told], undone).mean()
    honest = (seen.entries.case[back] == 0).mean()
    print(f"given back of what thieves took {share:.2f}; honest disputes of all {honest:.2f}")
    assert 0.7 < share < 0.98
    assert honest > 0.3


def test_invented_customers_pay_no_more_and_are_written_off(seen):
    own, cases = seen.world.accounts, seen.world.crime.cases
    false = np.flatnonzero((cases.kind == crime_cases.APPLICATION) & (cases.start < PARAMETERS.last_day - 150))
    assert len(false) >= 5
    for which in false:
        paid = (seen.entries.account == cases.account[which]) & np.isin(
            seen.entries.type, (entries.PAYMENT, entries.AUTOPAY)
        )
        assert not (paid & (seen.day > cases.start[which] + 35)).any()
    status = own.status[cases.account[false]]
    assert (status >= BLOCKED).mean() > 0.6
    long_ago = cases.start[false] < PARAMETERS.last_day - 400
    assert not long_ago.any() or (status[long_ago] == CHARGED_OFF).any()


def test_an_account_taken_over_begins_with_its_phone_number(seen):
    cases, accounts = seen.world.crime.cases, seen.world.accounts
    mine = np.flatnonzero((cases.kind == crime_cases.TAKEN_OVER) & (cases.reported <= PARAMETERS.last_day))
    changes = set(seen.phone_changes)
    limits = set(seen.limit_changes)
    asked = 0
    for which in mine:
        person = int(accounts.person[cases.account[which]])
        assert {(int(cases.start[which]), person), (int(cases.reported[which]), person)} <= changes
        asked += (int(cases.start[which]) + 1, int(cases.account[which])) in limits
    assert 0.2 * len(mine) < asked < 0.9 * len(mine)


def test_whoever_takes_an_account_over_logs_in_at_once(seen):
    """Before the report, mostly at night; as their holders do not."""
    cases, accounts = seen.world.crime.cases, seen.world.accounts
    mine = np.flatnonzero((cases.kind == crime_cases.TAKEN_OVER) & (cases.reported <= PARAMETERS.last_day))
    day, person, second = seen.log_ins
    seconds = []
    for which in mine:
        his = (person == accounts.person[cases.account[which]]) & (day == cases.start[which])
        assert his.any()
        seconds += second[his].tolist()
    stolen, usual = np.mean(np.array(seconds) < 20_000), np.mean(second < 20_000)
    print(f"log-ins at night: first day of a take-over {stolen:.2f}, all {usual:.2f}")
    assert stolen > 2 * usual


def test_lost_cards_are_mostly_just_lost(seen):
    """A report does not tell a theft: most cards that are blocked as lost were used by nobody."""
    reports = seen.world.crime.reports
    told = reports.day <= PARAMETERS.last_day
    assert 0.05 < reports.stolen[told].mean() < 0.45
    assert set(life.DETAILS) >= {"LOST", "FRAUD"}


def test_who_was_robbed_is_less_content_and_least_when_refused():
    rates = CrimeRates(lost_or_stolen=60_000, card_not_present=60_000, account_taken_over=60_000)
    world = World(Parameters(customers=2_000, months=3, seed=8, crime=rates))
    state, drops = world.contact.satisfaction, {"granted": [], "refused": [], "robbed": []}
    for day in range(world.parameters.first_day, world.parameters.last_day + 1):
        before = state.level.copy()
        today = world.step(day)
        moved = state.level - before
        drops["robbed"] += moved[np.unique(today.reports.person[today.reports.stolen])].tolist()
        drops["granted"] += moved[world.crime.heard.granted].tolist()
        drops["refused"] += moved[world.crime.heard.refused].tolist()
    means = {name: float(np.mean(each)) for name, each in drops.items()}
    print({name: (len(each), round(means[name], 3)) for name, each in drops.items()})
    assert min(map(len, drops.values())) >= 3
    assert means["refused"] < means["robbed"] < 0 < means["granted"]


class _Life:
    """All that each account went through, but for the bank's references, in a bank with such crime."""

    def __init__(self, rates: CrimeRates) -> None:
        parameters = Parameters(customers=3_000, months=5, seed=21, crime=rates)
        self.world = World(parameters)
        self.entries: list[tuple[int, ...]] = []
        self.points: list[tuple[int, ...]] = []
        self.deposits: list[tuple[int, ...]] = []
        self.contacts: list[tuple[int, ...]] = []
        for day in range(parameters.first_day, parameters.last_day + 1):
            today = self.world.step(day)
            self.entries += _rows(
                day, today.entries, "account", "type", "second", "amount", "response", "channel", "merchant", "original"
            )
            self.points += _rows(day, today.points, "account", "kind", "second", "points", "balance", "other")
            self.contacts += _rows(day, today.interactions, "person", "second", "kind", "topic", "outcome", "channel")
            self.deposits += _rows(day, today.deposits, "account", "kind", "second", "amount", "memo")


def _rows(day: int, columns: object, *names: str) -> list[tuple[int, ...]]:
    values = [getattr(columns, name).tolist() for name in names]
    return [(day, *row) for row in zip(*values, strict=True)]


def test_whom_crime_does_not_touch_lives_the_same_life():
    much = CrimeRates(ring_members=30_000, lost_or_stolen=20_000, card_not_present=20_000, account_taken_over=9_000)
    honest, robbed = _Life(NONE), _Life(much)
    touched = set(robbed.world.crime.cases.account.tolist())
    assert len(touched) > 40
    people = {int(robbed.world.accounts.person[account]) for account in touched}

    def untouched(rows: list[tuple[int, ...]]) -> set[tuple[int, ...]]:
        return {row for row in rows if row[1] not in touched}

    assert untouched(honest.entries) == untouched(robbed.entries)
    assert len(untouched(honest.entries)) > 100_000
    assert set(honest.entries) != set(robbed.entries)
    kin = touched | {int(other) for row in robbed.points + honest.points for other in row[-1:] if row[1] in touched}
    assert {row for row in honest.points if row[1] not in kin} == {row for row in robbed.points if row[1] not in kin}
    cards = robbed.world.accounts.cards
    people |= set(cards.holder[np.isin(cards.account, list(touched))].tolist())
    assert {row for row in honest.contacts if row[1] not in people} == {
        row for row in robbed.contacts if row[1] not in people
    }
    assert set(honest.contacts) != set(robbed.contacts)
    holder = robbed.world.deposits.person
    assert {row for row in honest.deposits if int(holder[row[1]]) not in people} == {
        row for row in robbed.deposits if int(holder[row[1]]) not in people
    }


def test_a_ring_needs_nobody_outside_a_block():
    """The same members in the same rings, with the same habits, however the bank is cut into blocks."""
    parameters = Parameters(customers=6_000, months=2, seed=5)
    whole, part = World(parameters), World(parameters, range(2_000, 4_000))
    assert (whole.crime.rings.shops == part.crime.rings.shops).all()

    def told(world: World) -> set[tuple[int, ...]]:
        cases = world.crime.cases
        serial = world.accounts.serial[cases.account]
        inside = (serial >= 4_000) & (serial < 8_000)
        columns = (serial, cases.kind, cases.ring, cases.start, cases.end)
        return set(zip(*(column[inside].tolist() for column in columns), strict=True))

    assert told(whole) == told(part)
    assert len(told(part)) > 5


def test_impossible_rates_are_refused_with_the_range():
    with pytest.raises(BadInput, match="0 to 200,000"):
        CrimeRates(lost_or_stolen=-1)
    with pytest.raises(BadInput, match="2 to 1,000"):
        CrimeRates(members_a_ring=1)


def test_a_case_of_the_truth_came_to_a_deed(seen):
    """Since its first approved movement; what thieves of an account begin with is its phone number."""
    case, approved = seen.column("crime_movement", "case"), seen.column("crime_movement", "approved")
    what = np.isin(seen.column("crime_movement", "what"), ("purchase", "cash_advance"))
    day = seen.column("crime_movement", "day")
    for row in seen.truth["crime_case"].to_pylist():
        mine = (case == row["case"]) & approved & what
        assert row["movements"] == mine.sum()
        assert row["amount_cents"] == seen.column("crime_movement", "amount_cents")[mine].sum()
        if row["kind"] != "account_taken_over":
            assert day[mine].min() == np.datetime64(row["since"])
    assert len(seen.truth["crime_case"]) < len(seen.world.crime.cases)
