"""Which rows of a transaction count as what (DOMAIN section 2), said once for features and KPIs."""

import ibis
import ibis.expr.types as ir


def customer_initiated(rows: ibis.Table) -> ir.BooleanValue:
    """Made by the holder; not interest, fees, refunds or corrections of the bank."""
    return rows.customer_initiated


def purchases(rows: ibis.Table) -> ir.BooleanValue:
    return rows.kind == "purchase"


def cash(rows: ibis.Table) -> ir.BooleanValue:
    """Cash taken: advances on credit, withdrawals from a deposit account."""
    return rows.kind.isin(["cash_advance", "withdrawal"])


def inflows(rows: ibis.Table) -> ir.BooleanValue:
    """Money that came in from outside: salary, deposits, transfers."""
    return rows.kind.isin(["salary", "deposit", "transfer_in"])


def net_spend(rows: ibis.Table) -> ir.IntegerValue:
    """Posted purchases net of refunds, without cash advances, in cents."""
    refunded = ibis.ifelse(rows.kind == "refund", -rows.amount_cents, 0)
    return ibis.ifelse(rows.kind == "purchase", rows.amount_cents, refunded)


def online_purchases(rows: ibis.Table) -> ir.BooleanValue:
    return purchases(rows) & rows.channel.isin(["online", "wallet", "app"])


def night_purchases(rows: ibis.Table) -> ir.BooleanValue:
    """Between midnight and five in the bank's day; never true where the source gives no time."""
    return purchases(rows) & (rows.local_hour < 5)
