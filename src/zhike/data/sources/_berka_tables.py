"""The seven small Berka tables, shared by the two windows on the transactions; declarations of both."""

from datetime import date

import ibis
from ibis.expr.types import BooleanValue, DateValue, StringValue

from zhike.data.columns import Code, Day, Ignored, Money, Party, Surrogate, Whole, Words
from zhike.data.source import Delimited, Lookup, Map, RawFile, Rule, one_each

SEMICOLONS = Delimited(separator=";")
# The data begin with 1993 and end with 1998: what bears no date of its own was known from the one or the other.
FIRST_DAY, LAST_DAY = date(1993, 1, 1), date(1998, 12, 31)
ACCOUNT = Surrogate("account", known_in="account")
CLIENT = Party()
HIDDEN = Ignored(masked=True)

DISTRICT = RawFile(
    name="district",
    pattern=r"district\.(csv|asc)",
    format=SEMICOLONS,
    columns={
        "A1": (Surrogate("branch", name="branch_id"), Words(name="district_id")),
        "A2": Words(name="district_name"), "A3": Words(name="region"),
        **{f"A{number}": Ignored() for number in range(4, 17)},
    },
    maps=(
        Map("branch", lambda raw: {
            "branch_id": raw.branch_id, "name": raw.district_name, "region": raw.region, "region_code": raw.district_id,
            "known_from": ibis.literal(FIRST_DAY),
        }),
    ),
)  # fmt: skip

ACCOUNTS = RawFile(
    name="account",
    pattern=r"account\.(csv|asc)",
    format=SEMICOLONS,
    columns={
        "account_id": Surrogate("account"),
        "district_id": Surrogate("branch", name="branch_id", known_in="branch"),
        "frequency": Code({
            "POPLATEK MESICNE": "statement_monthly", "POPLATEK TYDNE": "statement_weekly",
            "POPLATEK PO OBRATU": "statement_after_transaction",
        }),
        "date": Day("%y%m%d", name="opened_on"),
    },
    maps=(
        Map("account", lambda raw: {
            "account_id": raw.account_id, "kind": ibis.literal("deposit"), "product_code": raw.frequency,
            "opened_on": raw.opened_on, "status": ibis.literal("open"), "branch_id": raw.branch_id,
            "known_from": raw.opened_on,
        }),
    ),
)  # fmt: skip


def _client(raw: ibis.Table, lookup: Lookup) -> ibis.Table:
    """Birth day and sex out of YYMMDD (women's months + 50); known since the first account of the client's."""
    number = raw.birth_number
    month = number.substr(2, 2).try_cast("int32")
    female = month > 50
    month = ibis.ifelse(female, month - 50, month).cast("string").lpad(2, "0")
    born = ibis.literal("19") + number.substr(0, 2) + "-" + month + "-" + number.substr(4, 2)
    disp, account = lookup("disp"), lookup("account")
    held = disp.inner_join(account, "account_id")
    first = held.group_by("client_id").aggregate(first_known=lambda rows: rows.opened_on.min())
    made = raw.mutate(
        birth_date=ibis.cases((number.re_search(r"^[0-9]{6}$"), born), else_=ibis.null("string")).try_cast("date"),
        sex=ibis.ifelse(female, "female", "male"),
    )
    return made.left_join(first, "client_id").drop("client_id_right")


CLIENTS = RawFile(
    name="client",
    pattern=r"client\.(csv|asc)",
    format=SEMICOLONS,
    columns={
        "client_id": Party(first_known="first_known"), "birth_number": Words(masked=True),
        "district_id": Words(),
    },
    reads=("disp", "account"),
    prepare=_client,
    rules=(Rule("not_a_date", "birth_number", lambda raw: raw.birth_date.notnull()),),
    maps=(
        Map("party", lambda raw: {
            "party_id": raw.client_id, "kind": ibis.literal("person"), "birth_date": raw.birth_date, "sex": raw.sex,
            "region_code": raw.district_id, "known_from": raw.first_known,
        }),
    ),
)  # fmt: skip


def _with_opening(raw: ibis.Table, lookup: Lookup) -> ibis.Table:
    opened = one_each(lookup("account").select("account_id", "opened_on"), "account_id")
    return raw.left_join(opened, "account_id").drop("account_id_right")


DISPOSITIONS = RawFile(
    name="disp",
    pattern=r"disp\.(csv|asc)",
    format=SEMICOLONS,
    columns={
        "disp_id": Words(), "client_id": CLIENT, "account_id": ACCOUNT,
        "type": Code({"OWNER": "main", "DISPONENT": "authorised"}, name="role"),
    },
    reads=("account",),
    prepare=_with_opening,
    maps=(
        Map("account_party", lambda raw: {
            "account_id": raw.account_id, "party_id": raw.client_id, "role": raw.role, "known_from": raw.opened_on,
        }),
    ),
)  # fmt: skip


def _with_disposition(raw: ibis.Table, lookup: Lookup) -> ibis.Table:
    held = one_each(lookup("disp").select("disp_id", "client_id", "account_id"), "disp_id")
    return raw.left_join(held, "disp_id").drop("disp_id_right")


CARDS = RawFile(
    name="card",
    pattern=r"card\.(csv|asc)",
    format=SEMICOLONS,
    columns={
        "card_id": Surrogate("card", keep=True), "disp_id": Words(),
        "type": Code({"junior": "junior", "classic": "classic", "gold": "gold"}, name="product_code"),
        "issued": Day("%y%m%d 00:00:00", name="issued_on"),
    },
    reads=("disp",),
    prepare=_with_disposition,
    party_columns=("client_id",),
    rules=(Rule("unknown_account", "disp_id", lambda raw: raw.account_id.notnull()),),
    maps=(
        Map("card", lambda raw: {
            "card_id": raw.card_id, "account_id": raw.account_id, "party_id": raw.client_id,
            "product_code": raw.product_code, "issued_on": raw.issued_on, "known_from": raw.issued_on,
        }),
        Map("card_event", lambda raw: {
            "card_event_id": raw.card_id__text + "-issued", "card_id": raw.card_id, "kind": ibis.literal("issued"),
            "by_whom": ibis.literal("bank"), "business_date": raw.issued_on,
        }),
    ),
)  # fmt: skip


def _loan(raw: ibis.Table, status: StringValue | str, known_from: DateValue) -> dict[str, ibis.Value]:
    return {
        "plan_id": raw.loan_id, "account_id": raw.account_id, "kind": ibis.literal("loan"),
        "principal_cents": raw.amount, "term_months": raw.duration, "payment_cents": raw.payments,
        "booked_on": raw.booked_on,
        "status": ibis.literal(status) if isinstance(status, str) else status, "known_from": known_from,
    }  # fmt: skip


def _is_over(raw: ibis.Table) -> BooleanValue:
    return raw.status.isin(["finished", "finished_unpaid"])


def _outcome_known(raw: ibis.Table) -> DateValue:
    """A loan that is over: the end of its term. One that runs: the end of the data, of which its state speaks."""
    return ibis.ifelse(_is_over(raw), (raw.booked_on + raw.duration.as_interval("M")).cast("date"), LAST_DAY)


LOANS = RawFile(
    name="loan",
    pattern=r"loan\.(csv|asc)",
    format=SEMICOLONS,
    columns={
        "loan_id": Words(), "account_id": ACCOUNT, "date": Day("%y%m%d", name="booked_on"), "amount": Money(least=1),
        "duration": Whole(least=1, most=600), "payments": Money(least=1),
        "status": Code({"A": "finished", "B": "finished_unpaid", "C": "running", "D": "running_in_debt"}),
    },
    maps=(
        Map("instalment_plan", lambda raw: _loan(raw, "running", raw.booked_on)),
        Map("instalment_plan", lambda raw: _loan(raw, raw.status, _outcome_known(raw))),
    ),
)  # fmt: skip

PURPOSES = {"SIPO": "household", "POJISTNE": "insurance", "LEASING": "leasing", "UVER": "loan"}

ORDERS = RawFile(
    name="order",
    pattern=r"order\.(csv|asc)",
    format=SEMICOLONS,
    columns={
        "order_id": Words(), "account_id": ACCOUNT, "bank_to": Ignored(), "account_to": HIDDEN,
        "amount": Money(least=0), "k_symbol": Code(PURPOSES, name="purpose", optional=True),
    },
    maps=(
        # Orders bear no date: nobody may see them before the data were drawn.
        Map("standing_order", lambda raw: {
            "order_id": raw.order_id, "account_id": raw.account_id, "amount_cents": raw.amount, "purpose": raw.purpose,
            "known_from": ibis.literal(LAST_DAY),
        }),
    ),
)  # fmt: skip

SMALL_TABLES = (DISTRICT, ACCOUNTS, CLIENTS, DISPOSITIONS, CARDS, LOANS, ORDERS)

# What both windows call their codes after translation.
BY_THE_BANK = ["credit_interest", "service_fee", "penalty_interest"]
_KINDS = {"cash_in": "deposit", "cash_out": "withdrawal", "card_out": "withdrawal",
          "transfer_in": "transfer_in", "transfer_out": "transfer_out"}  # fmt: skip
_CHANNELS = {"cash_in": "branch", "cash_out": "branch", "card_out": "atm",
             "transfer_in": "transfer", "transfer_out": "transfer"}  # fmt: skip


def _by_bank(raw: ibis.Table) -> BooleanValue:
    return raw.symbol.isin(BY_THE_BANK).fill_null(False)


def _posting(raw: ibis.Table) -> dict[str, ibis.Value]:
    return {
        "posting_id": raw.trans_id, "account_id": raw.account_id, "kind": raw.symbol, "direction": raw.direction,
        "amount_cents": raw.amount, "customer_initiated": ibis.literal(False), "balance_after_cents": raw.balance,
        "business_date": raw.booked_on,
    }  # fmt: skip


def _transaction(raw: ibis.Table) -> dict[str, ibis.Value]:
    pension = raw.symbol == "pension"
    return {
        "transaction_id": raw.trans_id, "account_id": raw.account_id,
        "kind": ibis.ifelse(pension.fill_null(False), "salary", _coded(raw.operation, _KINDS)),
        "direction": raw.direction, "amount_cents": raw.amount,
        # A transfer that comes in was made by somebody else (DOMAIN section 2: made by the holder).
        "customer_initiated": raw.operation != "transfer_in", "channel": _coded(raw.operation, _CHANNELS),
        "balance_after_cents": raw.balance, "purpose": raw.symbol, "business_date": raw.booked_on,
    }  # fmt: skip


def _coded(value: StringValue, codes: dict[str, str]) -> StringValue:
    return ibis.cases(*((value == code, text) for code, text in codes.items()), else_=ibis.null("string"))


def transactions(
    pattern: str, directions: dict[str, str | None], operations: dict[str, str | None], symbols: dict[str, str | None]
) -> RawFile:
    """A window on the transactions, in the words of its copy."""
    return RawFile(
        name="trans",
        pattern=pattern,
        format=SEMICOLONS,
        columns={
            "trans_id": Words(), "account_id": ACCOUNT, "date": Day("%y%m%d", name="booked_on"),
            "type": Code(directions, name="direction"), "operation": Code(operations, optional=True),
            "amount": Money(least=0), "balance": Money(), "k_symbol": Code(symbols, name="symbol", optional=True),
            "bank": Ignored(), "account": HIDDEN,
        },
        rules=(Rule("missing_value", "operation", lambda raw: raw.operation.notnull() | _by_bank(raw)),),
        maps=(
            Map("posting", _posting, where=_by_bank),
            Map("transaction", _transaction, where=lambda raw: ~_by_bank(raw)),
        ),
    )  # fmt: skip
