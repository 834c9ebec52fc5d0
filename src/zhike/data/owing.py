"""What every credit account owes at the end of the as-of day: the newest statement and what moved since.

An account that was never billed owes what has moved on it since it was opened. So an account counts from its first day
on, and no balance is older than the day that it speaks of.
"""

import ibis
import ibis.expr.types as ir

from zhike.data.asof import Facts, kept
from zhike.data.newest import newest_per_account
from zhike.data.rows import BESIDE_BALANCE, charged, net_spend, spends


@kept("owing")
def owing(facts: Facts) -> ibis.Table:
    """account_id, status, balance_cents (negative where overpaid), is_billed, and of the newest statement
    revolving_cents and days_past_due: every credit account once."""
    account, billed = facts("account"), newest_per_account("statement", facts("statement"))
    credit = account.filter(account.kind == "credit").select("account_id", "status")
    told = ("account_id", "revolving_cents", "days_past_due")
    closing = billed.select(*told, closing_cents=billed.balance_cents, closed_on=billed.business_date)
    rows = credit.left_join(closing, "account_id").drop("account_id_right")
    rows = rows.left_join(_moved_since(rows, facts), "account_id").drop("account_id_right")
    return rows.select(
        "account_id", "status", "revolving_cents", "days_past_due", is_billed=rows.closed_on.notnull(),
        balance_cents=rows.closing_cents.fill_null(0) + rows.moved_cents.fill_null(0),
    )  # fmt: skip


def balances_are_told(facts: Facts) -> ir.BooleanScalar:
    """Whether a statement of any credit account is known: without one, movements alone are no balance."""
    rows = owing(facts)
    return rows.filter(rows.is_billed).count() > 0


def _moved_since(rows: ibis.Table, facts: Facts) -> ibis.Table:
    """account_id, moved_cents: since the statement of each account, or ever where there is none."""
    moves = _movements(facts)
    met = rows.select("account_id", "closed_on").join(moves, "account_id")
    met = met.filter(met.closed_on.isnull() | (met.day > met.closed_on))
    return met.group_by("account_id").aggregate(moved_cents=met.cents.sum().cast("int64"))


def _movements(facts: Facts) -> ibis.Table:
    """account_id, day, cents (positive raises what is owed), as far as they add up to a balance.

    A source without statements tells only some of what moves; so does one of the days before its first file.
    """
    moved, posted, paid = facts("transaction"), facts("posting"), facts("payment")
    kept_rows = posted.filter(posted.kind.notin(BESIDE_BALANCE))
    every = ibis.union(
        _line(moved, ibis.ifelse(spends(moved), net_spend(moved), charged(moved))),
        _line(kept_rows, charged(kept_rows)),
        _line(paid, -paid.amount_cents),
    )
    began = every.group_by("source").aggregate(first_on=every.known_at.min())
    whole = began.semi_join(facts("statement").select("source").distinct(), "source")
    rows = every.join(whole, "source")
    return rows.filter(rows.day >= rows.first_on)


def _line(rows: ibis.Table, cents: ir.IntegerValue) -> ibis.Table:
    return rows.select("account_id", "source", "known_at", day=rows.business_date, cents=cents.cast("int64"))
