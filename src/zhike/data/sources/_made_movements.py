"""Movements and statements of the made bank's card system."""

from collections.abc import Callable

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, Value

from zhike.data.columns import CardNumber, Code, Day, Ignored, Moment, Money, Surrogate, Whole, Words
from zhike.data.source import Map, RawFile, Rule
from zhike.data.sources._made_format import ACCOUNT, DAY, FEN, HIDDEN, fixed, pattern, trailer

_TYPES: dict[str, str | None] = {
    "1001": "purchase", "1002": "cash_advance", "1003": "refund", "2001": "payment", "2002": "autopay",
    "3001": "interest", "3002": "late_fee", "3003": "cash_advance_fee", "3004": "annual_fee", "3005": "waiver",
    "3006": "charge_off", "3007": "recovery", "3008": "instalment_interest", "1004": "cash_plan",
    "1005": "chargeback", "1009": "reversal", "3009": "correction",
}  # fmt: skip
_BY_CARD = ["purchase", "cash_advance", "refund", "chargeback", "reversal"]
# Paid out to the holder without a card.
_PAID_OUT = ["cash_plan"]
_PAYMENTS = ["payment", "autopay"]
# What lowers what is owed is written with a minus.
_LOWERS = ["refund", "chargeback", "reversal", "payment", "autopay", "waiver", "charge_off", "recovery"]
_RESPONSES: dict[str, str | None] = {
    "00": "approved", "51": "no_funds", "55": "wrong_pin", "61": "over_amount_limit", "05": "do_not_honour",
    "54": "expired",
}  # fmt: skip
CHANNELS: dict[str, str | None] = {
    "01": "pos", "02": "online", "03": "wallet", "04": "atm", "05": "app", "06": "branch", "07": "other",
}  # fmt: skip


def _is(*kinds: str) -> Callable[[ibis.Table], BooleanValue]:
    return lambda raw: raw.type.isin(kinds) & (raw.response == "approved")


def _direction(raw: ibis.Table) -> Value:
    return ibis.ifelse(raw.amount < 0, "credit", "debit")


def _transaction(raw: ibis.Table) -> dict[str, Value]:
    abroad = raw.orig_currency != raw.currency
    return {
        "transaction_id": raw.ref, "account_id": raw.account_id, "card_id": raw.card_id,
        # Money back after a dispute, or for what was posted by mistake, undoes a purchase as a refund does.
        "kind": raw.type.replace("chargeback", "refund").replace("reversal", "refund")
        .replace("cash_plan", "cash_advance"),
        "direction": _direction(raw), "amount_cents": raw.amount.abs(), "currency": raw.currency,
        "original_amount_cents": ibis.ifelse(abroad, raw.orig_amount.abs(), ibis.null("int64")),
        "original_currency": ibis.ifelse(abroad, raw.orig_currency, ibis.null("string")),
        # A refund is the shop's doing, money back after a dispute the bank's, not the holder's.
        "customer_initiated": raw.type.isin(["purchase", "cash_advance"]), "channel": raw.channel,
        "merchant_id": raw.merchant_id, "terminal_id": raw.terminal_id, "mcc": raw.mcc, "country": raw.country,
        "local_hour": raw.at__hour, "event_at": raw["at"], "business_date": raw.at__day,
    }  # fmt: skip


def _authorisation(raw: ibis.Table) -> dict[str, Value]:
    return {
        "authorisation_id": raw.ref, "account_id": raw.account_id, "card_id": raw.card_id,
        "outcome": ibis.literal("declined"), "decline_code": raw.response, "amount_cents": raw.amount.abs(),
        "currency": raw.currency, "channel": raw.channel, "merchant_id": raw.merchant_id, "mcc": raw.mcc,
        "event_at": raw["at"], "business_date": raw.at__day,
    }  # fmt: skip


def _payment(raw: ibis.Table) -> dict[str, Value]:
    return {
        "payment_id": raw.ref, "account_id": raw.account_id, "amount_cents": raw.amount.abs(), "currency": raw.currency,
        "channel": raw.channel, "autopay": raw.type == "autopay", "event_at": raw["at"], "business_date": raw.at__day,
    }  # fmt: skip


def _sign_fits(raw: ibis.Table) -> BooleanValue:
    """A correction may go either way."""
    return (raw.type == "correction") | (raw.type.isin(_LOWERS) == (raw.amount < 0))


def _posting(raw: ibis.Table) -> dict[str, Value]:
    return {
        "posting_id": raw.ref, "account_id": raw.account_id,
        "kind": raw.type.replace("correction", "adjustment"), "direction": _direction(raw),
        "amount_cents": raw.amount.abs(), "currency": raw.currency, "customer_initiated": ibis.literal(False),
        "event_at": raw["at"], "business_date": raw.at__day,
    }  # fmt: skip


MOVEMENTS = RawFile(
    name="txn",
    pattern=pattern("txn"),
    format=fixed("txn", {
        "ref": 16, "type": 4, "account_no": 14, "card_no": 16, "txn_date": 8, "txn_time": 6, "post_date": 8,
        "amount": 14, "currency": 3, "orig_amount": 14, "orig_currency": 3, "response": 2, "channel": 2, "wallet": 2,
        "merchant_no": 15, "terminal_no": 8, "mcc": 4, "merchant_name": 40, "division": 6, "country": 2, "of_ref": 16,
    }),
    columns={
        "ref": Words(), "type": Code(_TYPES), "account_no": ACCOUNT,
        "card_no": CardNumber(name="card_id", known_in="card", optional=True),
        "txn_date": Moment("%Y%m%d %H%M%S", and_column="txn_time", name="at"), "txn_time": Ignored(),
        "post_date": Day(DAY), "amount": FEN, "currency": Code({"CNY": "CNY"}), "orig_amount": Whole(),
        "orig_currency": Words(), "response": Code(_RESPONSES), "channel": Code(CHANNELS),
        "wallet": Ignored(),
        "merchant_no": Surrogate("merchant", name="merchant_id", known_in="merchant", optional=True),
        "terminal_no": Surrogate("terminal", name="terminal_id", known_in="terminal", optional=True),
        "mcc": Words(optional=True), "merchant_name": Ignored(), "division": Ignored(), "country": Words(),
        "of_ref": Ignored(),
    },
    rules=(
        Rule("contradiction", "amount", _sign_fits),
        Rule("contradiction", "post_date", lambda raw: raw.at__day <= raw.post_date),
        Rule("missing_value", "card_no", lambda raw: raw.card_id.notnull() | ~raw.type.isin(_BY_CARD)),
    ),
    maps=(
        Map("transaction", _transaction, where=_is(*_BY_CARD, *_PAID_OUT)),
        Map("authorisation", _authorisation, where=lambda raw: raw.response != "approved"),
        Map("payment", _payment, where=_is(*_PAYMENTS)),
        Map("posting", _posting, where=lambda raw: ~raw.type.isin([*_BY_CARD, *_PAID_OUT, *_PAYMENTS])),
    ),
    control=trailer("amount"),
)  # fmt: skip


def _adds_up(raw: ibis.Table) -> BooleanValue:
    rises: IntegerValue = raw.opening + raw.purchases + raw.cash + raw.charges
    return rises - raw.refunds - raw.paid == raw.closing


STATEMENTS = RawFile(
    name="statement",
    pattern=pattern("statement"),
    format=fixed("statement", {
        "statement_no": 22, "account_no": 14, "statement_date": 8, "due_date": 8, "currency": 3, "opening": 14,
        "purchases": 14, "cash": 14, "refunds": 14, "charges": 14, "paid": 14, "closing": 14, "unbilled": 14,
        "minimum": 14, "revolving": 14, "late_days": 4,
    }),
    columns={
        # It contains the account number: the statement is named by the account's surrogate and the day instead.
        "statement_no": HIDDEN, "account_no": ACCOUNT, "statement_date": Day(DAY, name="closed_on"),
        "due_date": Day(DAY),
        "currency": Code({"CNY": "CNY"}), "opening": FEN, "purchases": FEN, "cash": FEN, "refunds": FEN, "charges": FEN,
        "paid": FEN, "closing": FEN, "unbilled": Money(implied=True, least=0),
        "minimum": Money(implied=True, least=0), "revolving": Money(implied=True, least=0),
        "late_days": Whole(least=0),
    },
    rules=(
        Rule("contradiction", "due_date", lambda raw: raw.closed_on < raw.due_date),
        Rule("contradiction", "closing", _adds_up),
    ),
    maps=(
        Map("statement", lambda raw: {
            "statement_id": raw.account_id.cast("string") + "-" + raw.closed_on.strftime("%Y-%m-%d"),
            "account_id": raw.account_id, "balance_cents": raw.closing, "currency": raw.currency,
            "minimum_cents": raw.minimum, "revolving_cents": raw.revolving, "paid_cents": raw.paid,
            "unbilled_cents": raw.unbilled,
            "due_date": raw.due_date, "days_past_due": raw.late_days, "business_date": raw.closed_on,
        }),
    ),
    control=trailer("closing"),
    optional=True,
)  # fmt: skip
