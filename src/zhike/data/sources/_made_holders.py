"""Customers with their consents, accounts with their limits, and cards of the made bank's card system."""

import ibis
from ibis.expr.types import BooleanValue, Value

from zhike.data.columns import CardNumber, Code, Day, Identity, Ignored, Money, Party, Personal, Surrogate, Whole, Words
from zhike.data.source import Map, RawFile, Rule
from zhike.data.sources._made_format import (
    ACCOUNT,
    BRANCH_NO,
    CITY_TIERS,
    DAY,
    FEN,
    INCOME_BANDS,
    OCCUPATIONS,
    TARGET_GROUPS,
    coded,
    fixed,
    pattern,
    trailer,
)

# Field -> purpose and channel. G given and W withdrawn are recorded; N (never asked or refused) is no consent.
_CONSENTS = {
    "sms": ("marketing", "sms"), "call": ("marketing", "phone"), "app": ("marketing", "app"),
    "mail": ("marketing", "email"), "personal": ("personalisation", "all"), "partner": ("partner_sharing", "all"),
}  # fmt: skip


def _consent(field: str, purpose: str, channel: str) -> Map:
    def columns(raw: ibis.Table) -> dict[str, Value]:
        return {
            "party_id": raw.party_id, "purpose": ibis.literal(purpose), "channel": ibis.literal(channel),
            "given": raw[field] == "given", "valid_from": raw[f"{field}_date"],
        }  # fmt: skip

    return Map("consent", columns, where=lambda raw: raw[field] != "none")


CUSTOMER = RawFile(
    name="customer",
    pattern=pattern("customer"),
    format=fixed("customer", {
        "customer_no": 12, "kind": 1, "name": 40, "id_type": 2, "id_no": 18, "birth_date": 8, "sex": 1, "phone": 11,
        "email": 30, "division": 6, "city_tier": 1, "address": 80, "occupation": 2, "income_band": 1, "segment": 2,
        "branch_no": 6, "opened": 8,
        **{name + ending: width for name in _CONSENTS for ending, width in (("", 1), ("_date", 8))},
        "change": 1, "changed": 8,
    }),
    columns={
        "customer_no": Party(name="party_id", first_known="opened_on", masked=True),
        "kind": Code({"1": "person", "2": "organisation"}), "name": Personal("full_name"),
        "id_type": Code({"01": "01"}),
        "id_no": Identity(), "birth_date": Day(DAY, masked=True), "sex": Code({"1": "male", "2": "female"}),
        "phone": Personal("phone"), "email": Personal("email"), "division": Words(name="region_code"),
        "city_tier": Code(CITY_TIERS), "address": Personal("address"), "occupation": Code(OCCUPATIONS),
        "income_band": Code(INCOME_BANDS), "segment": Code(TARGET_GROUPS, name="target_group"), "branch_no": BRANCH_NO,
        "opened": Day(DAY, name="opened_on"),
        **{name: Code({"G": "given", "N": "none", "W": "withdrawn"}) for name in _CONSENTS},
        **{f"{name}_date": Day(DAY) for name in _CONSENTS},
        "change": Code({"N": "new", "C": "consent", "P": "phone", "A": "address"}), "changed": Day(DAY),
    },
    rules=(
        Rule("contradiction", "birth_date", lambda raw: raw.birth_date < raw.opened_on),
        Rule("contradiction", "opened", lambda raw: raw.opened_on <= raw.changed),
    ),
    maps=(
        Map("party", lambda raw: {
            "party_id": raw.party_id, "kind": raw["kind"], "birth_date": raw.birth_date, "sex": raw.sex,
            "occupation": raw.occupation, "income_band": raw.income_band, "region_code": raw.region_code,
            "city_tier": raw.city_tier, "target_group": raw.target_group,
            "valid_from": ibis.ifelse(raw.change == "new", raw.opened_on, raw.changed),
        }),
        *(_consent(field, purpose, channel) for field, (purpose, channel) in _CONSENTS.items()),
    ),
    control=trailer(),
    optional=True,
)  # fmt: skip

_STATUSES: dict[str, str | None] = {
    "01": "open", "02": "frozen", "03": "closed_by_customer", "04": "closed_by_bank", "05": "charged_off",
}  # fmt: skip
_CLOSED_BY = {"closed_by_customer": "customer", "closed_by_bank": "bank", "charged_off": "charge_off"}


def _is_new(raw: ibis.Table) -> BooleanValue:
    return raw.change == "new"


ACCOUNTS = RawFile(
    name="account",
    pattern=pattern("account"),
    format=fixed("account", {
        "account_no": 14, "customer_no": 12, "product": 4, "currency": 3, "opened": 8, "status": 2, "status_date": 8,
        "limit": 14, "limit_date": 8, "limit_reason": 2, "cash_limit": 14, "statement_day": 2, "autopay": 1,
        "balance": 14, "branch_no": 6, "change": 1, "changed": 8,
    }),
    columns={
        "account_no": Surrogate("account", name="account_id", masked=True),
        "customer_no": Party(name="party_id", masked=True), "product": Words(name="product_code"),
        "currency": Code({"CNY": "CNY"}), "opened": Day(DAY, name="opened_on"), "status": Code(_STATUSES),
        "status_date": Day(DAY), "limit": Money(implied=True, least=0, name="limit_cents"), "limit_date": Day(DAY),
        "limit_reason": Code({"01": "granted", "02": "raised_at_request", "03": "cut_for_risk"}),
        "cash_limit": Money(implied=True, least=0), "statement_day": Whole(least=1, most=28),
        "autopay": Code({"Y": "yes", "N": "no"}), "balance": FEN, "branch_no": BRANCH_NO,
        "change": Code({"N": "new", "L": "limit", "S": "status", "O": "other", "B": "branch"}), "changed": Day(DAY),
    },
    rules=(
        Rule("contradiction", "status_date", lambda raw: raw.status_date.between(raw.opened_on, raw.changed)),
        Rule("contradiction", "cash_limit", lambda raw: raw.cash_limit <= raw.limit_cents),
    ),
    maps=(
        Map("account", lambda raw: {
            "account_id": raw.account_id, "kind": ibis.literal("credit"), "product_code": raw.product_code,
            "currency": raw.currency, "opened_on": raw.opened_on,
            "status": ibis.ifelse(raw.status.startswith("closed"), "closed", raw.status),
            "closed_by": coded(raw.status, _CLOSED_BY), "statement_day": raw.statement_day, "branch_id": raw.branch_id,
            "valid_from": ibis.ifelse(_is_new(raw), raw.status_date, raw.changed),
        }),
        Map("account_party", lambda raw: {
            "account_id": raw.account_id, "party_id": raw.party_id, "role": ibis.literal("main"),
            "valid_from": raw.opened_on,
        }, where=_is_new),
        Map("limit_event", lambda raw: {
            "account_id": raw.account_id, "kind": ibis.literal("permanent"), "limit_cents": raw.limit_cents,
            "currency": raw.currency, "reason": raw.limit_reason, "valid_from": raw.limit_date,
        }, where=lambda raw: _is_new(raw) | (raw.limit_date == raw.changed)),
    ),
    control=trailer("limit"),
    optional=True,
)  # fmt: skip

_STEPS: dict[str, str | None] = {
    "01": "approved", "02": "issued", "03": "mailed", "04": "delivered", "05": "activated", "06": "bound",
    "07": "blocked", "08": "unblocked", "09": "closed", "10": "replaced",
}  # fmt: skip

CARDS = RawFile(
    name="card",
    pattern=pattern("card"),
    format=fixed("card", {
        "event_ref": 16, "card_no": 16, "account_no": 14, "customer_no": 12, "role": 1, "product": 4, "issued": 8,
        "expires": 8, "event": 2, "event_date": 8, "event_time": 6, "by": 1, "detail": 10, "branch_no": 6,
    }),
    columns={
        "event_ref": Words(), "card_no": CardNumber(name="card_id", to_vault=True), "account_no": ACCOUNT,
        "customer_no": Party(name="party_id", masked=True), "role": Code({"M": "main", "S": "supplementary"}),
        "product": Words(name="product_code"), "issued": Day(DAY, name="issued_on"), "expires": Day(DAY),
        "event": Code(_STEPS, name="step"), "event_date": Day(DAY, name="step_on"), "event_time": Ignored(),
        "by": Code({"C": "customer", "B": "bank", "X": "charge_off"}), "detail": Words(optional=True),
        "branch_no": BRANCH_NO,
    },
    rules=(
        Rule("contradiction", "expires", lambda raw: raw.issued_on < raw.expires),
        Rule("contradiction", "event_date", lambda raw: (raw.step == "approved") | (raw.step_on >= raw.issued_on)),
    ),
    maps=(
        Map("card", lambda raw: {
            "card_id": raw.card_id, "account_id": raw.account_id, "party_id": raw.party_id,
            "product_code": raw.product_code, "bin": raw.card_id__bin, "last4": raw.card_id__last4,
            "issued_on": raw.issued_on, "policy_function": ibis.literal(False), "valid_from": raw.issued_on,
        }, where=lambda raw: raw.step == "issued"),
        Map("account_party", lambda raw: {
            "account_id": raw.account_id, "party_id": raw.party_id, "role": raw.role, "valid_from": raw.issued_on,
        }, where=lambda raw: (raw.role == "supplementary") & (raw.step == "issued")),
        Map("card_event", lambda raw: {
            "card_event_id": raw.event_ref, "card_id": raw.card_id, "kind": raw.step, "by_whom": raw.by,
            "detail": raw.detail, "business_date": raw.step_on,
        }),
    ),
    control=trailer(),
    optional=True,
)  # fmt: skip
