"""Tables that features read but no source delivers: canonical tables put together, as of the date."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import ibis

from zhike.data.asof import Facts
from zhike.data.merchant_classes import merchant_class

QUARTER_DAYS = 90
# A year of statements, and the one before the first of them.
_SETTLED_DAYS = 365 + 62


def ledger(facts: Facts) -> ibis.Table:
    """Balances after each movement, of accounts whose source gives them: transactions and postings together."""
    columns = ["account_id", "business_date", "entry_id", "balance_after_cents"]
    moved, posted = facts("transaction"), facts("posting")
    both = ibis.union(
        moved.mutate(entry_id=moved.transaction_id).select(columns),
        posted.mutate(entry_id=posted.posting_id).select(columns),
    )
    return both.filter(both.balance_after_cents.notnull())


def holder_card_event(facts: Facts) -> ibis.Table:
    """Steps in the life of cards, with the holder of the card."""
    steps, cards = facts("card_event"), facts("card")
    joined = steps.join(cards.select("card_id", "party_id"), "card_id")
    return joined.select("card_id", "party_id", "kind", "by_whom", "business_date")


def complaint_state(facts: Facts) -> ibis.Table:
    """One row per complaint: ``is_open`` unless a closing step came after the last time it was received.

    Of a day the later instant counts; where a source gives none, closing comes last.
    """
    told = facts("complaint")
    steps = told.filter(told.step.isin(["received", "closed"]))
    closing = ibis.ifelse(steps.step == "closed", 1, 0)
    instant = steps.event_at.coalesce(steps.business_date.cast(steps.event_at.type()))
    order = [steps.business_date.desc(), instant.desc(), closing.desc(), steps.complaint_event_id.desc()]
    rank = ibis.row_number().over(ibis.window(group_by=["source", "complaint_id"], order_by=order))
    newest = steps.mutate(rank_in_complaint=rank).filter(lambda ranked: ranked.rank_in_complaint == 0)
    return newest.select("party_id", "source", "business_date", is_open=newest.step == "received")


def ledger_quarter_ago(facts: Facts) -> ibis.Table:
    """The ledger as it stood and was known 90 days before."""
    return ledger(_quarter_ago(facts))


def statement_quarter_ago(facts: Facts) -> ibis.Table:
    """The statements as they stood and were known 90 days before."""
    rows = _quarter_ago(facts)("statement")
    return rows.select("account_id", "business_date", "balance_cents", entry_id=rows.statement_id)


def _quarter_ago(facts: Facts) -> Facts:
    return replace(facts, as_of=facts.as_of - timedelta(days=QUARTER_DAYS))


def holder_card(facts: Facts) -> ibis.Table:
    """One row per card with a step in its life: its holder, first binding to a wallet, end (null if none)."""
    steps = holder_card_event(facts)
    return steps.group_by("party_id", "card_id").aggregate(
        bound_on=steps.business_date.min(where=steps.kind == "bound"),
        ended_on=steps.business_date.max(where=steps.kind.isin(["closed", "replaced"])),
    )


def class_spend(facts: Facts) -> ibis.Table:
    """Purchases and refunds with the class of the merchant."""
    moved = facts("transaction")
    rows = moved.filter(moved.kind.isin(["purchase", "refund"]))
    return rows.select(
        "account_id", "business_date", "kind", "amount_cents", merchant_class=merchant_class(rows.mcc.fill_null(""))
    )


def answered_statement(facts: Facts) -> ibis.Table:
    """How each statement of a credit account with something to pay was answered until the next one.

    ``business_date`` is that of the next; ``billed_cents`` (what could be asked for: without instalments to come) and
    ``minimum_cents`` are of the statement answered, and ``paid_cents`` is what came until the next.
    """
    told = facts("statement")
    rows = told.filter(told.paid_cents.notnull(), told.business_date > facts.as_of - timedelta(days=_SETTLED_DAYS))
    order = [rows.business_date, rows.statement_id.length(), rows.statement_id]
    in_turn = ibis.window(group_by="account_id", order_by=order)
    due = rows.balance_cents - rows.unbilled_cents.fill_null(0)
    answered = rows.select(
        "account_id", "business_date", "paid_cents", billed_cents=due.lag().over(in_turn),
        minimum_cents=rows.minimum_cents.lag().over(in_turn),
    )  # fmt: skip
    return answered.filter(answered.billed_cents > 0)


def plan_booking(facts: Facts) -> ibis.Table:
    """Instalment plans by the day on which they were booked; neither loans nor what was cancelled."""
    plans = facts("instalment_plan")
    rows = plans.filter(plans.kind != "loan", plans.status != "cancelled")
    return rows.select("plan_id", "account_id", "kind", "principal_cents", business_date=rows.booked_on)


def household_member(facts: Facts) -> ibis.Table:
    """Every party of a known household, with how many parties it has."""
    parties = facts("party")
    rows = parties.filter(parties.household_id.notnull())
    together = ibis.window(group_by=rows.household_id)
    return rows.select("party_id", members=rows.party_id.count().over(together))


def newest_survey(facts: Facts) -> ibis.Table:
    """Of each customer the newest answer on each scale."""
    told = facts("survey_response")
    order = [told.business_date.desc(), told.survey_response_id.length().desc(), told.survey_response_id.desc()]
    rank = ibis.row_number().over(ibis.window(group_by=["party_id", "kind"], order_by=order))
    ranked = told.mutate(newest_rank=rank)
    return ranked.filter(ranked.newest_rank == 0).select("party_id", "kind", "score", "business_date")


JOINED: dict[str, Callable[[Facts], ibis.Table]] = {
    "ledger": ledger, "holder_card_event": holder_card_event, "complaint_state": complaint_state,
    "ledger_quarter_ago": ledger_quarter_ago, "statement_quarter_ago": statement_quarter_ago,
    "holder_card": holder_card, "class_spend": class_spend, "answered_statement": answered_statement,
    "plan_booking": plan_booking, "household_member": household_member, "newest_survey": newest_survey,
}  # fmt: skip
