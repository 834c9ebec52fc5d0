"""Customers as holders of accounts as of a date, for KPIs (DOMAIN section 2)."""

from datetime import date

import ibis

from zhike.data.asof import Facts, kept
from zhike.data.compiler import ID, Road
from zhike.data.rows import customer_initiated


@kept("open_holdings")
def open_holdings(facts: Facts) -> ibis.Table:
    """account_id, party_id, account_kind of open accounts (frozen ones too) and their main holders."""
    held = Road(facts).holders()
    kept = held.filter(held.account_status.isin(["open", "frozen"]))
    return kept.select("account_id", "account_kind", party_id=kept[ID])


def customers(facts: Facts) -> ibis.Table:
    """party_id: main holders of an open account."""
    return open_holdings(facts).select("party_id").distinct()


@kept("telling_accounts")
def telling_accounts(facts: Facts) -> ibis.Table:
    """account_id, party_id: the open accounts that tell of a customer's use: credit ones; of who holds none, all (as
    life-cycle stages tell it)."""
    held = open_holdings(facts)
    marked = held.mutate(credit=ibis.ifelse(held.account_kind == "credit", 1, 0))
    marked = marked.mutate(any_credit=marked.credit.max().over(ibis.window(group_by="party_id")))
    return marked.filter((marked.credit == 1) | (marked.any_credit == 0)).select("account_id", "party_id")


def used(accounts: ibis.Table, facts: Facts, after: date) -> ibis.Table:
    """party_id, used (0 or 1): whether a customer made a transaction on one of these accounts after that day."""
    moved = facts("transaction")
    made = moved.filter(moved.business_date > after, customer_initiated(moved)).select("account_id").distinct()
    marked = accounts.left_join(made.mutate(used=ibis.literal(1, "int64")), "account_id")
    return marked.group_by("party_id").aggregate(used=marked.used.fill_null(0).max())
