"""Cards as of a date: one row per card with what its life and use say, for KPIs (DOMAIN section 2)."""

import ibis
import ibis.expr.types as ir

from zhike.data.asof import Facts, kept
from zhike.data.rows import customer_initiated


@kept("cards")
def cards(facts: Facts) -> ibis.Table:
    """card_id, account_id, party_id, product_code, account_kind, account_status, issued_on, policy_function,
    delivered_on, activated_on and bound_on (the first, null if never), ended_on (closed or replaced, null if not)."""
    card, account = facts("card"), facts("account")
    held = card.join(account, card.account_id == account.account_id)
    held = held.select(
        card.card_id, card.account_id, card.party_id, card.product_code, card.issued_on, card.policy_function,
        account.kind.name("account_kind"), account.status.name("account_status"),
    )  # fmt: skip
    steps = facts("card_event")
    lives = steps.group_by("card_id").aggregate(
        **{f"{step}_on": steps.business_date.min(where=steps.kind == step) for step in _FIRST_STEPS},
        ended_on=steps.business_date.max(where=steps.kind.isin(["closed", "replaced"])),
    )
    return _beside(held, lives)


_FIRST_STEPS = ("delivered", "activated", "bound")


def with_use(rows: ibis.Table, facts: Facts) -> ibis.Table:
    """Cards with first_used_on and last_used_on: of the customer-initiated posted transactions of the card itself, null
    if none is known."""
    return _beside(rows, _first_and_last_uses(facts))


def with_third_use(rows: ibis.Table, facts: Facts) -> ibis.Table:
    """Cards with third_used_on, the day of the third customer-initiated posted transaction; null before it."""
    return _beside(rows, _third_uses(facts))


def use_is_known(facts: Facts) -> ir.BooleanScalar:
    """Whether any transaction tells which card was used."""
    return _first_and_last_uses(facts).count() > 0


def step_is_known(facts: Facts, step: str) -> ir.BooleanScalar:
    """Whether such a step of any card is told."""
    steps = facts("card_event")
    return steps.filter(steps.kind == step).count() > 0


def valid(rows: ibis.Table) -> ir.BooleanValue:
    """Neither closed nor replaced, and its account is not closed or charged off."""
    return rows.ended_on.isnull() & rows.account_status.isin(["open", "frozen"])


@kept("first_and_last_uses")
def _first_and_last_uses(facts: Facts) -> ibis.Table:
    used = _uses(facts)
    days = used.business_date
    return used.group_by("card_id").aggregate(first_used_on=days.min(), last_used_on=days.max())


@kept("third_uses")
def _third_uses(facts: Facts) -> ibis.Table:
    used = _uses(facts)
    order = [used.business_date, used.transaction_id]
    ranked = used.mutate(use=ibis.row_number().over(ibis.window(group_by="card_id", order_by=order)))
    return ranked.filter(ranked.use == 2).select("card_id", third_used_on=ranked.business_date)


def _uses(facts: Facts) -> ibis.Table:
    moved = facts("transaction")
    return moved.filter(moved.card_id.notnull(), customer_initiated(moved))


def _beside(rows: ibis.Table, others: ibis.Table) -> ibis.Table:
    return rows.left_join(others, "card_id").drop("card_id_right")
