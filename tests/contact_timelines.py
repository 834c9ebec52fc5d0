"""Random timelines of contacts as the rules allow them, and what is wrong with a timeline, told by brute force."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from zhike.operations.contact.rules import Past, Proposal, refusals

# Over the end of a month and of February, over midnight in the bank's zone, and over a night when Berlin's clock jumps.
BEGINS = {
    "Asia/Shanghai": datetime(2026, 2, 26, 15, 30, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 3, 27, 22, 30, tzinfo=UTC),
}


def planned(seed: int, zone: str, purpose: str, tries: int = 60) -> list[Past]:
    """Contacts proposed one after the other at random times; those that no rule refuses are made."""
    chance, made = Random(seed), []
    for _ in range(tries):
        at = BEGINS[zone] + timedelta(
            minutes=chance.randrange(45 * 24 * 60 if purpose == "marketing" else 16 * 24 * 60)
        )
        channel = chance.choice(("sms", "phone", "app") if purpose == "marketing" else ("phone", "phone", "sms"))
        wanted = Proposal(purpose, channel, at, chance.choice(("cycle-1", "cycle-2")), chance.choice(("n1", "n2", "")))
        if not refusals(wanted, made, (), zone):
            ended = chance.choice(("planned", "answered", "unanswered")) if purpose == "collections" else "sent"
            informative = ended == "answered" and channel == "phone" and chance.random() < 0.7
            made.append(Past(purpose, channel, ended, at, wanted.reference, wanted.number_token, informative))
    return made


def broken(made: list[Past], zone: str) -> list[str]:
    """The rules that a timeline breaks, told without windows, indexes or codes: every day, one by one."""
    local = [(each, each.at.astimezone(ZoneInfo(zone))) for each in made]
    days = sorted({at.date() for _, at in local})
    found = []
    for first in days:
        for length, by_channel, by_all in ((1, 1, 1), (7, 1, 2), (30, 3, 4)):
            inside = [
                each for each, at in local if 0 <= (at.date() - first).days < length and each.purpose == "marketing"
            ]
            if len(inside) > by_all or any(count > by_channel for count in Counter(e.channel for e in inside).values()):
                found.append(f"{length} days from {first}")
        calls = [e for e, at in local if at.date() == first and e.purpose == "collections" and e.channel == "phone"]
        if sum(e.informative for e in calls) > 3:
            found.append(f"calls on {first}")
        tried = [e for e in calls if e.state == "unanswered"]
        if any(sum(e.number_token == number for e in tried) > 6 for number in ("n1", "n2", "")):
            found.append(f"attempts on {first}")
    for each, at in local:
        night = at.hour >= 22 or at.hour < 8
        early_call = each.purpose == "marketing" and each.channel == "phone" and not 9 <= at.hour < 20
        if night or early_call:
            found.append(f"{each.channel} at {at}")
        for other, then in local:
            if (
                each.purpose == "collections"
                and each.reference != other.reference
                and abs((at.date() - then.date()).days) < 7
            ):
                found.append(f"cycles {at} {then}")
    return found
