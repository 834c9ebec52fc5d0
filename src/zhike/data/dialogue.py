"""Contacts, answers and complaints as of a date, for KPIs (DOMAIN section 2)."""

from datetime import timedelta

import ibis

from zhike.data.asof import Facts, kept
from zhike.data.kpis import Period

ANSWER_DAYS = 30


def selling_contacts(facts: Facts, period: Period) -> ibis.Table:
    """interaction_id, party_id, channel, failed of what the bank sent out or called to sell something in the period."""
    told = facts("interaction")
    outbound = (told.purpose == "marketing") & (told.contact_direction == "outbound")
    rows = told.filter(outbound, told.outcome.fill_null("sent") != "planned", period.holds(told.business_date))
    failed = (rows.outcome == "failed").fill_null(False)
    return rows.select("interaction_id", "party_id", "channel", "business_date", failed=failed)


def answered(contacts: ibis.Table, facts: Facts, *answers: str) -> ibis.Table:
    """Contacts with answered (0 or 1): the customer gave one of these answers to an offer within 30 days."""
    told = facts("offer_response")
    given = told.filter(told.answer.isin(answers)).select(answer_by=told.party_id, answered_on=told.business_date)
    met = contacts.join(given, contacts.party_id == given.answer_by)
    in_time = (met.answered_on >= met.business_date) & (
        met.answered_on <= met.business_date + timedelta(days=ANSWER_DAYS)
    )
    found = met.filter(in_time).select("interaction_id").distinct().mutate(answered=ibis.literal(1, "int64"))
    rows = contacts.left_join(found, "interaction_id").drop("interaction_id_right")
    return rows.mutate(answered=rows.answered.fill_null(0))


@kept("complaints")
def complaints(facts: Facts) -> ibis.Table:
    """source, complaint_id, party_id, channel (of the first word), received_on, responded_on (first answer or closing),
    closed_on (the last closing)."""
    told = facts("complaint")
    order = [told.business_date, told.complaint_event_id]
    ranked = told.mutate(
        place=ibis.row_number().over(ibis.window(group_by=["source", "complaint_id", "step"], order_by=order))
    )
    first = ranked.filter(ranked.step == "received", ranked.place == 0).select(
        "source", "complaint_id", "party_id", "channel", received_on=ranked.business_date
    )
    steps = told.group_by("source", "complaint_id").aggregate(
        responded_on=told.business_date.min(where=told.step.isin(["answered", "closed"])),
        closed_on=told.business_date.max(where=told.step == "closed"),
    )
    return first.join(steps, ["source", "complaint_id"])


def days_between(later: ibis.Value, earlier: ibis.Value) -> ibis.Value:
    """Whole days from one day to another."""
    return later.delta(earlier, unit="day").cast("int64")
