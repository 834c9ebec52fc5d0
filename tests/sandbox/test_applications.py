"""Applications come before accounts, and some come to nothing."""

import numpy as np

from tests.data.delivering import MemoryVault, facts, taken, workspace_at
from tests.sandbox.made import rows
from zhike.sandbox import applications, layouts
from zhike.sandbox.applications import APPROVED, REFUSED, WITHDRAWN
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.world import World


def test_every_account_of_the_bank_s_days_was_applied_for_first(bank):
    steps = {}
    for row in rows(bank, layouts.APPLICATION):
        steps.setdefault(row["application_no"], {})[row["event"]] = row
    assert all("01" in of_one for of_one in steps.values()), "an answer without a question"
    for of_one in steps.values():
        assert all(of_one["01"]["event_date"] < row["event_date"] for event, row in of_one.items() if event != "01")
    approved = [of_one["02"] for of_one in steps.values() if "02" in of_one]
    opened = [row for row in rows(bank, layouts.ACCOUNT) if row["change"] == "N" and row["opened"] >= "20260901"]
    granted = {(row["customer_no"], row["event_date"], row["limit"]) for row in approved}
    assert {(row["customer_no"], row["opened"], row["limit"]) for row in opened} <= granted
    assert len(opened) > 1


def test_who_is_refused_is_told_why_and_often_never_holds_an_account():
    world = World(Parameters(customers=4_000, months=12, seed=2))
    asked = world.applications
    outcomes = np.bincount(asked.outcome, minlength=4)
    assert 0.3 < outcomes[REFUSED] / outcomes[[APPROVED, REFUSED, WITHDRAWN]].sum() < 0.6
    assert 0.05 < outcomes[WITHDRAWN] / (outcomes[REFUSED] + outcomes[WITHDRAWN]) < 0.25
    refused = asked.at(asked.outcome == REFUSED)
    assert (refused.reason > 0).all()
    assert (~world.people.in_cards[refused.person]).mean() > 0.3
    risk = world.people.risk
    assert risk[refused.person].mean() > risk.mean() + 0.05
    grown = asked.received - world.people.birth[asked.person] >= 18 * 365
    assert grown.all()
    assert len(np.unique(asked.number)) == len(asked)
    days = range(world.parameters.first_day, world.parameters.last_day + 1)
    told = sum(len(applications.filed(asked, day, day == days[0])) for day in days)
    assert told == len(asked) + (asked.decided <= days[-1]).sum()


def test_applications_are_facts_of_the_person(bank, tmp_path):
    vault, workspace = MemoryVault(), workspace_at(tmp_path)
    taken(bank, workspace, vault, "made_cards")
    found = facts(workspace, "application")
    assert len(found) == len(rows(bank, layouts.APPLICATION))
    parties = {row["party_id"] for row in facts(workspace, "party")}
    assert {row["outcome"] for row in found} == {"received", "approved", "refused", "withdrawn"}
    assert all((row["limit_cents"] is not None) == (row["outcome"] == "approved") for row in found)
    assert any(row["party_id"] not in parties for row in found), "who was refused is no customer"
