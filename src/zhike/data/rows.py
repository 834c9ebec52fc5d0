"""Which rows of a table count as what (DOMAIN section 2), said once for features and KPIs."""

import ibis
import ibis.expr.types as ir

# The source of rows that were recorded here: of them the decision knows more than the snapshot does (live.py).
OPERATIONS = "operations"
# Postings that lie beside the balance: what comes in on an account that is written off.
BESIDE_BALANCE = ("recovery",)


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


def salaries(rows: ibis.Table) -> ir.BooleanValue:
    return rows.kind == "salary"


def net_spend(rows: ibis.Table) -> ir.IntegerValue:
    """Posted purchases net of refunds, without cash advances, in cents."""
    refunded = ibis.ifelse(rows.kind == "refund", -rows.amount_cents, 0)
    return ibis.ifelse(rows.kind == "purchase", rows.amount_cents, refunded)


def online_purchases(rows: ibis.Table) -> ir.BooleanValue:
    return purchases(rows) & rows.channel.isin(["online", "wallet", "app"])


def night_purchases(rows: ibis.Table) -> ir.BooleanValue:
    """Between midnight and five in the bank's day; never true where the source gives no time."""
    return purchases(rows) & (rows.local_hour < 5)


def wallet_purchases(rows: ibis.Table) -> ir.BooleanValue:
    return purchases(rows) & (rows.channel == "wallet")


def began_by_customer(rows: ibis.Table) -> ir.BooleanValue:
    """The customer turned to the bank; not a log-in or a click."""
    return (rows.contact_direction == "inbound") & (rows.purpose != "digital")


def digital_visits(rows: ibis.Table) -> ir.BooleanValue:
    """The customer opened the app or the online bank."""
    return (rows.contact_direction == "inbound") & (rows.purpose == "digital")


def went_out(rows: ibis.Table) -> ir.BooleanValue:
    """The bank turned to the customer, for whatever purpose, and it left the house."""
    return (rows.contact_direction == "outbound") & rows.outcome.fill_null("sent").notin(["planned", "failed"])


def marketing_contacts(rows: ibis.Table) -> ir.BooleanValue:
    """The bank turned to the customer to sell something, and it went out."""
    return (rows.purpose == "marketing") & went_out(rows)


def spoken_on(rows: ibis.Table) -> ir.DateValue:
    """The day of a word of consent: a yes is of the day on which it was given, however late it arrives; a no that a
    file tells is of the day on which it was known, a no that was said here of the day on which it was said."""
    return ibis.ifelse(rows.given | (rows.source == OPERATIONS), rows.valid_from, rows.known_from)


def spends(rows: ibis.Table) -> ir.BooleanValue:
    """What `net_spend` counts: purchases and refunds."""
    return rows.kind.isin(["purchase", "refund"])


def purchases_are_told(rows: ibis.Table) -> ir.BooleanScalar:
    """Whether any purchase is known."""
    return rows.filter(purchases(rows)).count() > 0


def use_is_told(rows: ibis.Table) -> ir.BooleanScalar:
    """Whether any transaction that a customer made is known."""
    return rows.filter(customer_initiated(rows)).count() > 0


def charged(rows: ibis.Table) -> ir.IntegerValue:
    """Postings in cents, positive where the customer is charged, negative where the customer gets."""
    return ibis.ifelse(rows.direction == "credit", -rows.amount_cents, rows.amount_cents)


def postings_are_told(rows: ibis.Table, *kinds: str) -> ir.BooleanScalar:
    """Whether any posting of these kinds is known."""
    return rows.filter(rows.kind.isin(kinds)).count() > 0


def points_earned(rows: ibis.Table) -> ir.IntegerValue:
    """Points given for spend and by promotion, net of what was taken back."""
    signed = ibis.ifelse(rows.direction == "credit", rows.points, -rows.points)
    return ibis.ifelse(rows.kind.isin(["earn", "promotion", "reverse"]), signed, 0)


def points_gone(rows: ibis.Table, kind: str) -> ir.IntegerValue:
    """Points redeemed or expired."""
    signed = ibis.ifelse(rows.direction == "credit", -rows.points, rows.points)
    return ibis.ifelse(rows.kind == kind, signed, 0)
