"""D1, contacts: random timelines of customers under the rules of contact, 0 violations, racing planners included."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from contact_timelines import BEGINS, broken, planned
from django.db import connections
from owning import owner
from small_bank import customer_id
from trust.goals import SEED, goal, share

from zhike.operations.contact.actions import contact_plan
from zhike.operations.contact.rules import Past
from zhike.operations.governance.actors import system_actor

ZONE = "Asia/Shanghai"
CUSTOMERS, PLANNERS = 18, 4


def test_D1_no_timeline_breaks_a_rule() -> None:
    chance, made, wrong = Random(SEED), 0, []
    with goal("D1") as figures:
        for _ in range(timelines := share(2_000, 20_000)):
            seed, zone = chance.randrange(2**32), chance.choice(sorted(BEGINS))
            purpose = chance.choice(("marketing", "collections"))
            timeline = planned(seed, zone, purpose, 40)
            made += len(timeline)
            wrong += [(seed, zone, purpose, each) for each in broken(timeline, zone)]
        figures.append(f"{timelines:,} random contact timelines, {made:,} contacts made; {len(wrong)} violations")
        assert wrong == []


@pytest.fixture
def committing(published_bank: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def _propose(chance_seed: int, customer: int, number: int, purpose: str) -> str:
    """One planner's proposal, through the action and the database, on a connection of its own thread."""
    chance = Random(chance_seed)
    begin = datetime.now(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    reach = (40 if purpose == "marketing" else 9) * 24 * 60
    asked = {"channel": chance.choice(("sms", "phone", "app"))}
    if purpose == "collections":
        asked = {"channel": "phone", "reference": chance.choice(("cycle-1", "cycle-2")),
                 "number": chance.choice(("13900000001", "13900000002", ""))}  # fmt: skip
    at = begin + timedelta(minutes=chance.randrange(reach))
    made = contact_plan(
        system_actor(), customer_id=customer_id(customer), purpose=purpose, at=at,
        key=f"d1-{chance_seed}-{number}", **asked,
    )  # fmt: skip
    return made.state


def _plan_all(work: list[tuple[int, int, int, str]]) -> list[str]:
    try:
        return [_propose(*each) for each in work]
    finally:
        connections.close_all()


@pytest.mark.usefixtures("committing")
def test_D1_racing_planners_break_no_rule() -> None:
    chance, wrong = Random(SEED), []
    with goal("D1") as figures:
        work = [
            (chance.randrange(2**32), customer, number, "marketing" if customer % 2 else "collections")
            for number in range(share(30, 300))
            for customer in range(CUSTOMERS)
            if customer % 10 != 9
        ]
        with ThreadPoolExecutor(PLANNERS) as planners:
            shares = planners.map(_plan_all, (work[place::PLANNERS] for place in range(PLANNERS)))
            states = [state for share_of_one in shares for state in share_of_one]
        with owner() as cursor:
            cursor.execute(
                "SELECT customer_id, purpose, channel, state, at, reference, number_token FROM contact_contact"
            )
            rows = cursor.fetchall()
        timelines: dict[str, list[Past]] = {}
        for customer, *row in rows:
            timelines.setdefault(customer, []).append(Past(*row))
        wrong = [(customer, each) for customer, made in timelines.items() for each in broken(made, ZONE)]
        figures.append(
            f"{len(work):,} proposals by {PLANNERS} planners at once, {states.count('planned'):,} planned, "
            f"{states.count('refused'):,} refused; {len(wrong)} violations"
        )
        assert wrong == []
        assert states.count("planned") == len(rows) > CUSTOMERS
