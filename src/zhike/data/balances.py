"""What credit accounts owe as of a date, for KPIs (DOMAIN section 2)."""

from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.asof import Facts, kept
from zhike.data.assumption import assumption
from zhike.data.joined import JOINED
from zhike.data.newest import newest_per_account
from zhike.data.owing import owing

BUCKETS = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True)
class Edges:
    """Days past due from which an account stands in a bucket; before the first it is in M0."""

    m1_days: int = assumption(1, "days", Text("M1 起", "M1 from"), owner="risk")
    m2_days: int = assumption(30, "days", Text("M2 起", "M2 from"), owner="risk")
    m3_days: int = assumption(60, "days", Text("M3 起", "M3 from"), owner="risk")
    m4_days: int = assumption(90, "days", Text("M4 起", "M4 from"), owner="risk")
    m5_days: int = assumption(120, "days", Text("M5 起", "M5 from"), owner="risk")
    m6_days: int = assumption(150, "days", Text("M6 起", "M6 from"), owner="risk")
    m7_days: int = assumption(180, "days", Text("M7+ 起", "M7+ from"), owner="risk")
    non_performing_days: int = assumption(
        90, "days", Text("不良：逾期超过", "Non-performing: late for more than"), owner="risk"
    )

    def starts(self) -> tuple[int, ...]:
        return (self.m1_days, self.m2_days, self.m3_days, self.m4_days, self.m5_days, self.m6_days, self.m7_days)


EDGES = Edges()


@kept("receivables")
def receivables(facts: Facts) -> ibis.Table:
    """account_id, balance_cents (what is overpaid counts as nothing), revolving_cents, days_past_due, bucket (0 to 7)
    of every credit account that is not charged off.

    The balance is that of the as-of day. What bears interest, no more than is still owed, and how late the account is
    are told by the newest statement: null where the source does not tell; an account never billed is not late.
    """
    rows = owing(facts)
    rows = rows.filter(rows.status != "charged_off")
    owed = ibis.greatest(rows.balance_cents, 0)
    late = ibis.ifelse(rows.is_billed, rows.days_past_due, 0)
    return rows.select(
        "account_id",
        balance_cents=owed,
        # Engines differ in what the lesser of nothing and something is.
        revolving_cents=ibis.ifelse(rows.revolving_cents > owed, owed, rows.revolving_cents),
        days_past_due=late,
        bucket=bucket(late),
    )


def receivables_at(facts: Facts, day: date) -> ibis.Table:
    """The receivables of another day, as known then."""
    return receivables(replace(facts, as_of=day))


def bucket(days_past_due: ir.IntegerValue) -> ir.IntegerValue:
    """The number of the bucket of so many days."""
    starts = reversed(list(enumerate(EDGES.starts(), start=1)))
    cases = [(days_past_due >= first, number) for number, first in starts]
    return ibis.cases((days_past_due.isnull(), ibis.null("int64")), *cases, else_=0).cast("int64")


@kept("deposits")
def deposits(facts: Facts) -> ibis.Table:
    """account_id, balance_cents of deposit accounts: by ledger where movements carry balances, else by statement."""
    account, moved = facts("account"), newest_per_account("ledger", JOINED["ledger"](facts))
    held = account.filter(account.kind == "deposit").select("account_id")
    ledger = moved.select("account_id", ledger_cents=moved.balance_after_cents)
    rows = held.left_join(ledger, "account_id").drop("account_id_right")
    billed = newest_per_account("statement", facts("statement")).select("account_id", "balance_cents")
    rows = rows.left_join(billed, "account_id").drop("account_id_right")
    found = rows.select("account_id", balance_cents=rows.ledger_cents.coalesce(rows.balance_cents))
    return found.filter(found.balance_cents.notnull())


@kept("plans")
def plans(facts: Facts) -> ibis.Table:
    """plan_id, account_id, principal_cents, booked_on, is_open, remaining_cents of instalment plans (no loans).

    What is left is the principal that no statement has called in: each statement after the booking calls in one part
    of ``term_months``, the last one the rest.
    """
    told, billed = facts("instalment_plan"), facts("statement")
    plan = told.filter(told.kind != "loan", told.status != "cancelled")
    closings = plan.select("plan_id", "account_id", "booked_on").join(
        billed.select("account_id", "business_date"), "account_id"
    )
    called = closings.group_by("plan_id").aggregate(
        called=closings.count(where=closings.business_date > closings.booked_on)
    )
    rows = plan.left_join(called, "plan_id").drop("plan_id_right")
    is_open = rows.status.isin(["running", "running_in_debt"])
    called_in = rows.called.fill_null(0)
    part = (rows.principal_cents - rows.principal_cents % rows.term_months) / rows.term_months
    left = rows.principal_cents - part.cast("int64") * called_in
    running = is_open & (called_in < rows.term_months)
    return rows.select(
        "plan_id", "account_id", "principal_cents", "booked_on", "kind",
        is_open=is_open, remaining_cents=ibis.ifelse(running, left, 0),
    )  # fmt: skip


@kept("instalments_left")
def instalments_left(facts: Facts) -> ibis.Table:
    """account_id, left_cents: principal of running plans that no statement has called in.

    Where statements tell it: what the newest one told, and what was booked since; else by the terms of the plans.
    """
    plan, billed = plans(facts), newest_per_account("statement", facts("statement"))
    told = billed.select("account_id", "unbilled_cents", closed_on=billed.business_date)
    rows = plan.filter(plan.is_open).left_join(told, "account_id").drop("account_id_right")
    fresh = rows.closed_on.isnull() | (rows.booked_on > rows.closed_on)
    sums = rows.group_by("account_id").aggregate(
        told_cents=rows.unbilled_cents.max(),
        fresh_cents=rows.principal_cents.sum(where=fresh).fill_null(0),
        planned_cents=rows.remaining_cents.sum(),
    )
    left = (sums.told_cents + sums.fresh_cents).coalesce(sums.planned_cents)
    return sums.select("account_id", left_cents=left.cast("int64"))


def plans_are_known(facts: Facts) -> ir.BooleanScalar:
    told = facts("instalment_plan")
    return told.filter(told.kind != "loan").count() > 0


def lateness_is_known(facts: Facts) -> ir.BooleanScalar:
    """Whether any statement tells by how many days the account is late."""
    billed = facts("statement")
    return billed.filter(billed.days_past_due.notnull()).count() > 0
