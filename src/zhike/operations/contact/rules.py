"""When the bank may turn to a customer: caps, hours, collection rules (DOMAIN section 3), pure over a timeline.

Every cap is counted over the contacts themselves. Days are bank-local. A window is checked wherever it may lie: a
contact put between others that are planned already must break no window that ends after it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from zhike.core.clock import business_date
from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.operations.contact import reasons
from zhike.operations.contact.shapes import Reason

REACH_DAYS = 30
OPEN = ("planned", "sent", "delivered")


@dataclass(frozen=True)
class Limits:
    """The numbers, with who owns them. Marketing's are the bank's own; those of collections are set from outside."""

    channel_day_max: int = assumption(1, "count", Text("同一渠道每天", "A day by one channel"), owner="marketing")
    channel_week_max: int = assumption(1, "count", Text("同一渠道 7 天", "In 7 days by one channel"), owner="marketing")
    channel_month_max: int = assumption(3, "count", Text("同一渠道 30 天", "In 30 days by one"), owner="marketing")
    day_max: int = assumption(1, "count", Text("各渠道合计每天", "A day by all channels"), owner="marketing")
    week_max: int = assumption(2, "count", Text("各渠道合计 7 天", "In 7 days by all channels"), owner="marketing")
    month_max: int = assumption(4, "count", Text("各渠道合计 30 天", "In 30 days by all channels"), owner="marketing")
    call_from_hour: int = assumption(9, "count", Text("营销电话自几点", "Marketing calls from"), owner="marketing")
    call_until_hour: int = assumption(20, "count", Text("营销电话至几点", "Marketing calls until"), owner="marketing")
    message_from_hour: int = assumption(8, "count", Text("营销消息自几点", "Messages from"), owner="marketing")
    message_until_hour: int = assumption(22, "count", Text("营销消息至几点", "Messages until"), owner="marketing")
    collect_from_hour: int = assumption(8, "count", Text("催收自几点", "Collections from"), owner="risk")
    collect_until_hour: int = assumption(22, "count", Text("催收至几点", "Collections until"), owner="risk")
    calls_max: int = assumption(3, "count", Text("每日有效通话", "Informative calls a day"), owner="risk")
    unanswered_max: int = assumption(6, "count", Text("每号每日未接", "Unanswered a number, a day"), owner="risk")
    cycle_days: int = assumption(7, "days", Text("两轮催收间隔", "Days between cycles"), owner="risk")

    def caps(self) -> tuple[tuple[int, int, int], ...]:
        """(days, by one channel, by all channels) of every marketing window."""
        return (
            (1, self.channel_day_max, self.day_max),
            (7, self.channel_week_max, self.week_max),
            (30, self.channel_month_max, self.month_max),
        )


LIMITS = Limits()


@dataclass(frozen=True)
class Past:
    """One contact of a timeline, made or planned, by the bank; failed ones are left out before."""

    purpose: str
    channel: str
    state: str
    at: datetime
    reference: str = ""
    number_token: str = ""
    informative: bool = False


@dataclass(frozen=True)
class Proposal:
    """A contact that somebody wants to make."""

    purpose: str
    channel: str
    at: datetime
    reference: str = ""
    number_token: str = ""
    hours_agreed: bool = False


def refusals(
    wanted: Proposal, timeline: Sequence[Past], same_number: Iterable[tuple[str, datetime]], zone: str,
    limits: Limits = LIMITS,
) -> list[Reason]:  # fmt: skip
    """Every rule that stands against a contact; ``same_number``: what others' timelines hold of the number used."""
    if wanted.purpose == "marketing":
        return [*_hours(wanted, zone, limits), *_caps(wanted, timeline, zone, limits)]
    if wanted.purpose == "collections":
        return [
            *_hours(wanted, zone, limits),
            *_calls(wanted, timeline, zone, limits),
            *_unanswered(wanted, timeline, same_number, zone, limits),
            *_cycle(wanted, timeline, zone, limits),
        ]
    return []


def used(timeline: Iterable[Past], day: date, days: int, zone: str, channel: str = "") -> int:
    """Marketing contacts in the days that end with ``day``, by one channel or all."""
    first = day - timedelta(days=days - 1)
    return sum(
        first <= business_date(each.at, zone) <= day
        for each in timeline
        if each.purpose == "marketing" and channel in ("", each.channel)
    )


def _hours(wanted: Proposal, zone: str, limits: Limits) -> list[Reason]:
    if wanted.purpose == "collections":
        first, last = limits.collect_from_hour, limits.collect_until_hour
    elif wanted.channel == "phone":
        first, last = limits.call_from_hour, limits.call_until_hour
    else:
        first, last = limits.message_from_hour, limits.message_until_hour
    local = wanted.at.astimezone(ZoneInfo(zone))
    agreed = wanted.purpose == "collections" and wanted.hours_agreed
    if agreed or first <= local.hour < last:
        return []
    code = "collections_hours" if wanted.purpose == "collections" else "marketing_hours"
    return [reasons.reason(code, at=f"{local:%H:%M}", first=first, last=last)]


def _caps(wanted: Proposal, timeline: Sequence[Past], zone: str, limits: Limits) -> list[Reason]:
    by_day = Counter((business_date(each.at, zone), each.channel) for each in timeline if each.purpose == "marketing")
    day = business_date(wanted.at, zone)
    found = []
    for days, by_channel, by_all in limits.caps():
        most = _fullest(by_day, day, days, wanted.channel)
        if most >= by_channel:
            name = reasons.CHANNELS[wanted.channel]
            found.append(reasons.reason("cap_channel", days=days, used=most, cap=by_channel, channel=name))
        most = _fullest(by_day, day, days, "")
        if most >= by_all:
            found.append(reasons.reason("cap_all", days=days, used=most, cap=by_all))
    return found


def _fullest(by_day: Counter[tuple[date, str]], day: date, days: int, channel: str) -> int:
    """The most contacts in any window of so many days that holds the day."""
    ends = (day + timedelta(days=after) for after in range(days))
    return max(
        sum(count for (on, by), count in by_day.items() if channel in ("", by) and 0 <= (end - on).days < days)
        for end in ends
    )


def _calls(wanted: Proposal, timeline: Sequence[Past], zone: str, limits: Limits) -> list[Reason]:
    """Calls under way may still be answered: they count until they end otherwise."""
    if wanted.channel != "phone":
        return []
    day = business_date(wanted.at, zone)
    calls = [each for each in timeline if each.purpose == "collections" and each.channel == "phone"]
    held = sum(
        business_date(each.at, zone) == day and (each.state in OPEN or (each.state == "answered" and each.informative))
        for each in calls
    )
    return [reasons.reason("collections_calls", used=held, cap=limits.calls_max)] if held >= limits.calls_max else []


def _unanswered(
    wanted: Proposal, timeline: Sequence[Past], same_number: Iterable[tuple[str, datetime]], zone: str, limits: Limits
) -> list[Reason]:
    """Of a call whose number nobody told, every number may have been meant."""
    if wanted.channel != "phone":
        return []
    day = business_date(wanted.at, zone)
    own = [
        (each.state, each.at)
        for each in timeline
        if each.purpose == "collections" and each.channel == "phone"
        and ("" in (wanted.number_token, each.number_token) or each.number_token == wanted.number_token)
    ]  # fmt: skip
    tried = sum(business_date(at, zone) == day and state in (*OPEN, "unanswered") for state, at in (*own, *same_number))
    full = tried >= limits.unanswered_max
    return [reasons.reason("collections_unanswered", used=tried, cap=limits.unanswered_max)] if full else []


def _cycle(wanted: Proposal, timeline: Sequence[Past], zone: str, limits: Limits) -> list[Reason]:
    day = business_date(wanted.at, zone)
    gaps = [
        abs((business_date(each.at, zone) - day).days)
        for each in timeline
        if each.purpose == "collections" and each.reference != wanted.reference
    ]
    if gaps and min(gaps) < limits.cycle_days:
        return [reasons.reason("collections_cycle", gap=min(gaps), days=limits.cycle_days)]
    return []
