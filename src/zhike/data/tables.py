"""The canonical tables: what every source is turned into and every feature is computed from.

Rules that hold for all (docs/decisions/0006-ids-time-money.md):

- ``party_id`` is the surrogate of a person or organisation (UUIDv7 text); other ``*_id`` of type int64 are keyed
  surrogates; ids of events are ``<source>:<the bank's reference>``.
- Amounts are non-negative integer minor units in ``currency``; ``direction`` says which way the money went, seen
  from the customer's account: ``debit`` takes from the customer (or raises what is owed), ``credit`` gives.
- An event is seen as of a date when ``business_date`` and ``known_at`` are not after it. A dimension row is seen when
  ``known_from`` and ``valid_from`` are not after it, the newest version of a key wins, ``valid_to`` is exclusive.
- Two systems know the same person, each in part: the versions of ``party`` are kept by source and merged when read.
"""

from zhike.data.schema import Column, Table

_SOURCE = Column("source", "string", "the source that delivered the row", required=True)
_CURRENCY = Column("currency", "string", "ISO 4217 code of the amounts of the row", required=True)
_EVENT = (
    Column("event_at", "timestamp", "instant, UTC; null where the source gives a day only"),
    Column("business_date", "date", "bank-local day on which it happened", required=True),
    Column("known_at", "date", "business date of the file that told it, else the day of the event", required=True),
    _SOURCE,
)
_VERSION = (
    Column("valid_from", "date", "first day of this version", required=True),
    Column("valid_to", "date", "day after the last, null while the source has not ended it"),
    Column("known_from", "date", "business date of the file that told it", required=True),
    _SOURCE,
)


def _code(name: str, meaning: str, *codes: str, required: bool = True) -> Column:
    return Column(name, "string", meaning, required=required, codes=codes)


def _id(name: str, meaning: str, required: bool = True) -> Column:
    return Column(name, "int64", meaning, required=required)


def _key(name: str, meaning: str) -> Column:
    return Column(name, "string", meaning, required=True)


def _cents(name: str, meaning: str, required: bool = True) -> Column:
    return Column(name, "int64", meaning, unit="cents", required=required)


def _trait(name: str, meaning: str) -> Column:
    return Column(name, "string", meaning, personal="attribute")


_PARTY = Column("party_id", "string", "the person or organisation", required=True, personal="attribute")
_PARTY_OPTIONAL = Column("party_id", "string", "the person or organisation", personal="attribute")
_DIRECTION = _code("direction", "which way the money went, seen from the customer", "debit", "credit")
_CHANNELS = ("pos", "online", "wallet", "atm", "branch", "phone", "app", "sms", "email", "mail", "transfer", "other")
_CHANNEL = _code("channel", "how it reached the bank or the customer", *_CHANNELS)


def _event(name: str, grain: str, *columns: Column) -> Table:
    return Table(name, grain, "event", (columns[0].name,), (*columns, *_EVENT))


def _dimension(name: str, grain: str, key: tuple[str, ...], *columns: Column, merged: bool = False) -> Table:
    return Table(name, grain, "dimension", key, (*columns, *_VERSION), merged)


_WHO = (
    _dimension(
        "party", "one version of what is known of a person or organisation", ("party_id",), _PARTY,
        _code("kind", "person or organisation", "person", "organisation"),
        Column("birth_date", "date", "day of birth; the first of July where only the year is known", personal="attribute"),
        _code("sex", "as the bank recorded it", "female", "male", required=False),
        _trait("occupation", "the bank's occupation class"), _trait("industry", "the bank's industry class"),
        _trait("income_band", "declared income band"), _trait("education", "highest level"),
        _trait("marital_status", "as recorded"), _trait("risk_preference", "declared"),
        _trait("region_code", "division code of residence"),
        _code("city_tier", "tier of the city of residence", "1", "2", "3", "4", "rural", required=False),
        _trait("target_group", "planning group of the bank"),
        Column("household_id", "int64", "the household", personal="attribute"), merged=True,
    ),
    _dimension(
        "party_key", "crosswalk: one version of what a source system calls a party", ("source", "key_token"),
        Column("key_token", "string", "keyed token of the customer number in the source", required=True, personal="token"),
        _PARTY,
    ),
    _dimension(
        "household", "one version of a household", ("household_id",), _id("household_id", "the household"),
        _trait("region_code", "division code"), Column("members", "int32", "persons known to live in it"),
    ),
)  # fmt: skip

_HOLDINGS = (
    _dimension(
        "account", "one version of an account", ("account_id",), _id("account_id", "the account"),
        _code("kind", "what it is", "credit", "deposit", "loan", "purchase"),
        Column("product_code", "string", "product in the source's words"), _CURRENCY,
        Column("opened_on", "date", "opening day", required=True),
        _code("status", "state", "open", "frozen", "closed", "charged_off"),
        _code("closed_by", "who closed it", "customer", "bank", "charge_off", required=False),
        Column("statement_day", "int32", "day of the month, 1 to 28"), _id("branch_id", "branch that keeps it", False),
    ),
    _dimension(
        "account_party", "one version of a party's role on an account", ("account_id", "party_id"),
        _id("account_id", "the account"), _PARTY,
        _code("role", "main holder answers for the account and earns on it", "main", "supplementary", "business_user",
              "authorised"),
    ),
    _dimension(
        "card", "one version of a card", ("card_id",), _id("card_id", "the card"), _id("account_id", "drawn on"), _PARTY,
        Column("product_code", "string", "product in the source's words"),
        Column("bin", "string", "first 6 digits"), Column("last4", "string", "last 4 digits"),
        Column("issued_on", "date", "day of issue", required=True),
        Column("policy_function", "bool", "social-security and similar cards, outside the dormancy ceiling"),
    ),
    _dimension(
        "limit_event", "one version of an account's credit limit", ("account_id", "kind"), _id("account_id", "the account"),
        _code("kind", "permanent, or temporary until valid_to", "permanent", "temporary"),
        _cents("limit_cents", "limit"), _CURRENCY, Column("reason", "string", "in the source's words", free_text=True),
    ),
    _dimension(
        "instalment_plan", "one version of a plan or loan; its outcome is a later version, known at its end", ("plan_id",),
        _key("plan_id", "the plan"), _id("account_id", "the account"),
        _code("kind", "what was split", "bill", "purchase", "cash", "loan"), _cents("principal_cents", "booked principal"),
        _CURRENCY, Column("term_months", "int32", "months", unit="months", required=True),
        _cents("payment_cents", "per month"), Column("booked_on", "date", "day of booking", required=True),
        _code("status", "state", "running", "finished", "finished_unpaid", "running_in_debt", "cancelled"),
    ),
    _dimension(
        "standing_order", "one version of a permanent order", ("order_id",), _key("order_id", "the order"),
        _id("account_id", "the account"), _cents("amount_cents", "per execution"), _CURRENCY,
        Column("purpose", "string", "in the source's words", free_text=True),
    ),
    _dimension(
        "consent", "one version of a consent by purpose and channel", ("party_id", "purpose", "channel"), _PARTY,
        _code("purpose", "what for", "marketing", "personalisation", "partner_sharing"),
        _code("channel", "by which means", *_CHANNELS, "all"), Column("given", "bool", "given or withdrawn", required=True),
        Column("wording_version", "string", "the text agreed to"), Column("proof", "string", "reference of the proof"),
    ),
)  # fmt: skip

_EVENTS = (
    _event(
        "card_event", "one step in the life of a card", _key("card_event_id", "the step"), _id("card_id", "the card"),
        _code("kind", "the step", "approved", "issued", "mailed", "delivered", "activated", "bound", "blocked",
              "unblocked", "replaced", "closed"),
        _code("by_whom", "who took it", "customer", "bank", "charge_off", required=False),
        Column("detail", "string", "wallet, reason", free_text=True),
    ),
    _event(
        "transaction", "one posted movement on an account", _key("transaction_id", "the movement"),
        _id("account_id", "the account"), _id("card_id", "the card, if one was used", False),
        _code("kind", "what it is", "purchase", "refund", "cash_advance", "withdrawal", "deposit", "transfer_in",
              "transfer_out", "salary"),
        _DIRECTION, _cents("amount_cents", "billing amount"), _CURRENCY,
        _cents("original_amount_cents", "amount at the merchant", False),
        Column("original_currency", "string", "its currency; null where it is the billing currency"),
        Column("customer_initiated", "bool", "made by the holder (DOMAIN section 2)", required=True), _CHANNEL,
        _id("merchant_id", "the merchant", False), _id("terminal_id", "POS or ATM", False),
        Column("mcc", "string", "merchant category, ISO 18245"), Column("country", "string", "ISO 3166 alpha-2 of the place"),
        Column("local_hour", "int32", "hour of the bank's day, 0 to 23"),
        _cents("balance_after_cents", "balance after it, where the source says", False),
        Column("purpose", "string", "in the source's words", free_text=True),
    ),
    _event(
        "authorisation", "one request to authorise", _key("authorisation_id", "the request"), _id("account_id", "the account"),
        _id("card_id", "the card", False), _code("outcome", "answer", "approved", "declined"),
        Column("decline_code", "string", "reason in the source's words", free_text=True), _cents("amount_cents", "asked for"), _CURRENCY,
        _CHANNEL, _id("merchant_id", "the merchant", False), Column("mcc", "string", "merchant category"),
    ),
    _event(
        "posting", "one movement made by the bank", _key("posting_id", "the posting"), _id("account_id", "the account"),
        _code("kind", "what it is", "interest", "annual_fee", "late_fee", "cash_advance_fee", "instalment_interest",
              "service_fee", "penalty_interest", "credit_interest", "waiver", "charge_off", "recovery", "adjustment"),
        _DIRECTION, _cents("amount_cents", "amount"), _CURRENCY,
        Column("customer_initiated", "bool", "never, but for a correction asked for", required=True),
        _cents("balance_after_cents", "balance after it, where the source says", False),
    ),
    _event(
        "settlement", "one purchase settled with a merchant of the bank: not a movement again, its transaction tells that",
        _key("settlement_id", "the settlement"), _id("card_id", "paid with"),
        _code("kind", "what was settled", "purchase", "refund"), _id("merchant_id", "the merchant"),
        _id("terminal_id", "POS", False), _cents("amount_cents", "amount"),
        _cents("discount_cents", "what the merchant pays for it"),
        _cents("interchange_cents", "the issuer's part of the discount"), _CURRENCY,
        Column("reference", "string", "the card system's reference of the movement"),
    ),
    _event(
        "payment", "one payment towards a credit account or loan", _key("payment_id", "the payment"),
        _id("account_id", "the account"), _cents("amount_cents", "amount"), _CURRENCY, _CHANNEL,
        Column("autopay", "bool", "by standing instruction"),
    ),
    _event(
        "statement", "one closing of an account: what is owed (credit) or held (deposit) at the end of business_date",
        _key("statement_id", "the statement"), _id("account_id", "the account"),
        Column("balance_cents", "int64", "owed or held; negative is overpaid or overdrawn", unit="cents", required=True),
        _CURRENCY, _cents("minimum_cents", "minimum payment", False), _cents("revolving_cents", "interest-bearing part", False),
        _cents("unbilled_cents", "of it instalment principal that is not called in yet", False),
        _cents("paid_cents", "paid since the last statement", False), Column("due_date", "date", "due day"),
        Column("days_past_due", "int32", "days by which the account is late", unit="days"),
    ),
    _event(
        "application", "one application for a product", _key("application_id", "the application"), _PARTY,
        Column("product_code", "string", "asked for"), _CHANNEL,
        _code("outcome", "state on the day", "received", "approved", "refused", "withdrawn"),
        _cents("limit_cents", "granted limit", False),
    ),
    _event(
        "interaction", "one contact with a customer", _key("interaction_id", "the contact"), _PARTY, _CHANNEL,
        _code("contact_direction", "who began", "inbound", "outbound"), Column("topic", "string", "topic", required=True, free_text=True),
        _code("outcome", "how it ended", "planned", "sent", "delivered", "answered", "failed", "done", required=False),
        _code("purpose", "what for", "marketing", "service", "collections", "digital"),
        Column("reference", "string", "campaign or case"),
    ),
    _event(
        "offer_response", "one answer to an offer", _key("offer_response_id", "the answer"), _PARTY,
        Column("offer", "string", "offer", required=True), _CHANNEL,
        _code("answer", "what was answered", "accepted", "declined", "opened", "clicked", "ignored"),
    ),
    _event(
        "complaint", "one step of a complaint", _key("complaint_event_id", "the step"),
        Column("complaint_id", "string", "the complaint", required=True), _PARTY,
        _code("step", "what happened", "received", "answered", "reviewed", "closed"), Column("cause", "string", "cause class", free_text=True),
        _CHANNEL, Column("by_regulator", "bool", "forwarded by the regulator"),
    ),
    _event(
        "survey_response", "one answer to a survey", _key("survey_response_id", "the answer"), _PARTY,
        _code("kind", "scale", "csat", "nps"), Column("score", "int32", "1 to 5, or 0 to 10", required=True), _CHANNEL,
    ),
    _event(
        "points_movement", "one movement of points", _key("points_movement_id", "the movement"), _PARTY,
        _id("account_id", "earned on", False),
        _code("kind", "what it is", "earn", "promotion", "redeem", "expire", "reverse", "transfer"), _DIRECTION,
        Column("points", "int64", "whole points", unit="points", required=True),
    ),
    _event(
        "benefit_use", "one use of a benefit", _key("benefit_use_id", "the use"), _PARTY, _id("card_id", "the card", False),
        Column("benefit", "string", "benefit", required=True), _cents("cost_cents", "cost to the bank", False), _CURRENCY,
    ),
)  # fmt: skip

_PLACES = (
    _dimension(
        "product", "one version of a product", ("source", "product_code"),
        Column("product_code", "string", "in the source's words", required=True),
        _code("family", "product family", "inclusive", "benefit", "business", "virtual", "premium", "debit", "loan", "other"),
        Column("name_zh", "string", "name in Chinese"), Column("name_en", "string", "name in English"),
    ),
    _dimension(
        "merchant", "one version of a merchant", ("merchant_id",), _id("merchant_id", "the merchant"),
        Column("name", "string", "name as printed", free_text=True), Column("mcc", "string", "merchant category"),
        Column("region_code", "string", "division code"), Column("country", "string", "ISO 3166 alpha-2"),
    ),
    _dimension(
        "terminal", "one version of a POS or ATM", ("terminal_id",), _id("terminal_id", "the terminal"),
        _code("kind", "what it is", "pos", "atm"), _id("merchant_id", "where it stands", False),
        _id("branch_id", "whose it is", False),
    ),
    _dimension(
        "branch", "one version of a branch", ("branch_id",), _id("branch_id", "the branch"),
        Column("name", "string", "name", free_text=True), _id("parent_id", "branch above", False),
        Column("region", "string", "region"), Column("region_code", "string", "division code"),
    ),
    _dimension(
        "employee", "one version of a post", ("employee_id",), _id("employee_id", "the post"),
        _id("branch_id", "branch", False), Column("role", "string", "role of DOMAIN section 1"),
    ),
    _dimension(
        "partner", "one version of a partner", ("partner_id",), _id("partner_id", "the partner"),
        Column("name", "string", "name", free_text=True), Column("kind", "string", "merchant, agency, wallet"),
    ),
)  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in (*_WHO, *_HOLDINGS, *_EVENTS, *_PLACES)}
