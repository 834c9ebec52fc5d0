"""The caps that a decision knows are those that a contact is held to."""

from zhike.decide.policies import policies
from zhike.operations.contact.rules import LIMITS


def test_decisions_and_contacts_know_the_same_caps() -> None:
    known = policies.get("contact_caps").parameters
    assert (known.week_max, known.month_max) == (LIMITS.week_max, LIMITS.month_max)
