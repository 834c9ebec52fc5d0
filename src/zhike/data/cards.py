"""Cards as of a date: one row per card with what its life and use say, for KPIs (DOMAIN section 2)."""

import ibis
import ibis.expr.types as ir

from zhike.data.asof import Facts
from zhike.data.newest import newest_per_account
from zhike.data.rows import customer_initiated


def cards(facts: Facts) -> ibis.Table:
    """card_id, account_id, account_kind, account_status, issued_on, policy_function, activated_on (first, null if
    never), ended_on (closed or replaced, null if not), last_used_on (newest customer-initiated posted transaction of
    the card itself, null if none is known)."""
    card, account = facts("card"), facts("account")
    held = card.join(account, card.account_id == account.account_id)
    held = held.select(
        card.card_id, card.account_id, card.issued_on, card.policy_function, account.kind.name("account_kind"),
        account.status.name("account_status"),
    )  # fmt: skip
    steps, moved = facts("card_event"), facts("transaction")
    lives = steps.group_by("card_id").aggregate(
        activated_on=steps.business_date.min(where=steps.kind == "activated"),
        ended_on=steps.business_date.max(where=steps.kind.isin(["closed", "replaced"])),
    )
    used = moved.filter(moved.card_id.notnull(), customer_initiated(moved))
    uses = used.group_by("card_id").aggregate(last_used_on=used.business_date.max())
    return held.left_join(lives, "card_id").drop("card_id_right").left_join(uses, "card_id").drop("card_id_right")


def valid(rows: ibis.Table) -> ir.BooleanValue:
    """Neither closed nor replaced, and its account is not closed or charged off."""
    return rows.ended_on.isnull() & rows.account_status.isin(["open", "frozen"])


def newest_balances(facts: Facts) -> ibis.Table:
    """account_id, balance_cents by the newest statement."""
    return newest_per_account("statement", facts("statement")).select("account_id", "balance_cents")
