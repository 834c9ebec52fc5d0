"""Caps, hours and collection rules over random timelines, against counting by brute force."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from contact_timelines import BEGINS, broken, planned
from hypothesis import given, settings
from hypothesis import strategies as st

from zhike.core.text import LOCALES
from zhike.decide.policies import policies
from zhike.operations.contact import reasons, rules
from zhike.operations.contact.rules import LIMITS, Past, Proposal, refusals

ZONE = "Asia/Shanghai"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(BEGINS)), st.sampled_from(("marketing", "collections")))
def test_no_timeline_that_was_allowed_breaks_a_rule(seed: int, zone: str, purpose: str) -> None:
    made = planned(seed, zone, purpose)
    assert made
    assert broken(made, zone) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(BEGINS)))
def test_what_is_refused_would_have_broken_one(seed: int, zone: str) -> None:
    """No rule is stricter than it says: marketing that was refused breaks a rule when made nevertheless."""
    chance, made = Random(seed + 1), planned(seed, zone, "marketing", 25)
    for _ in range(20):
        at = BEGINS[zone] + timedelta(minutes=chance.randrange(45 * 24 * 60))
        wanted = Proposal("marketing", chance.choice(("sms", "phone")), at)
        refused = refusals(wanted, made, (), zone)
        assert bool(refused) == bool(broken([*made, Past("marketing", wanted.channel, "sent", at)], zone))


def test_what_one_knows_of_a_number_counts_whoever_was_called() -> None:
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    others = [("unanswered", at)] * 6
    wanted = Proposal("collections", "phone", at, "cycle-1", "n1")
    assert [each.code for each in refusals(wanted, [], others, ZONE)] == ["collections_unanswered"]
    assert refusals(wanted, [], others[:5], ZONE) == []
    assert refusals(wanted, [], [("answered", at)] * 9, ZONE) == []


@pytest.mark.parametrize(
    ("hour", "minute", "purpose", "channel", "allowed"),
    [
        (8, 0, "collections", "phone", True), (7, 59, "collections", "phone", False),
        (21, 59, "collections", "sms", True), (22, 0, "collections", "sms", False),
        (9, 0, "marketing", "phone", True), (8, 59, "marketing", "phone", False),
        (19, 59, "marketing", "phone", True), (20, 0, "marketing", "phone", False),
        (20, 0, "marketing", "sms", True), (22, 0, "marketing", "sms", False), (3, 0, "service", "phone", True),
    ],
)  # fmt: skip
def test_hours_are_the_banks(hour: int, minute: int, purpose: str, channel: str, allowed: bool) -> None:
    at = datetime(2026, 12, 31, hour, minute, tzinfo=ZoneInfo(ZONE))
    wanted = Proposal(purpose, channel, at.astimezone(UTC), "cycle-1")
    assert (refusals(wanted, [], (), ZONE) == []) is allowed
    agreed = Proposal(purpose, channel, at.astimezone(UTC), "cycle-1", hours_agreed=True)
    assert (refusals(agreed, [], (), ZONE) == []) is (allowed or purpose == "collections")


def test_every_reason_has_words_a_rule_and_an_article() -> None:
    params = {
        "channel": reasons.CHANNELS["sms"],
        "days": 7,
        "used": 2,
        "cap": 2,
        "at": "07:30",
        "first": 8,
        "last": 22,
        "gap": 3,
    }
    for code in reasons.CODES:
        for locale in LOCALES:
            said = reasons.reason(code, **params).in_(locale)
            assert "{" not in said
            assert reasons.reason(code).rule.id in said
    assert reasons.TITLES.keys() == reasons.CODES
    assert LIMITS.caps() == ((1, 1, 1), (7, 1, 2), (30, 3, 4))
    decided = policies.get("contact_caps").parameters
    assert (decided.week_max, decided.month_max) == (LIMITS.week_max, LIMITS.month_max), "decision and contact agree"
    assert max(days for days, _, _ in LIMITS.caps()) <= rules.REACH_DAYS
