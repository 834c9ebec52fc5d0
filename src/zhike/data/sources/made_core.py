"""The made bank's core banking: CSV in UTF-8, daily, with a companion of control totals beside each file."""

import ibis

from zhike.core.text import Text
from zhike.data.columns import Code, Day, Identity, Ignored, Moment, Money, Party, Personal, Surrogate, Words
from zhike.data.source import Companion, Delimited, Map, RawFile, Rule, Source, sources
from zhike.data.sources._made_format import (
    ACCOUNT,
    CITY_TIERS,
    INCOME_BANDS,
    OCCUPATIONS,
    TARGET_GROUPS,
    coded,
)

_DAY = "%Y-%m-%d"
_COUNTED = Companion(r"rows=(?P<count>\d+)")
_BRANCH = Surrogate("branch", name="branch_id")


def _summed(total: str) -> Companion:
    return Companion(r"rows=(?P<count>\d+) sum=(?P<sum>-?[\d.]+)", total=total)


def _pattern(name: str) -> str:
    return rf"(core/)?(?P<date>\d{{8}})/{name}\.csv"


CUSTOMER = RawFile(
    name="customer",
    pattern=_pattern("customer"),
    format=Delimited(),
    columns={
        "customer_id": Party(name="party_id", first_known="opened_on", masked=True), "name": Personal("full_name"),
        "id_no": Identity(), "phone": Personal("phone"), "birth_date": Day(_DAY, masked=True),
        "sex": Code({"M": "male", "F": "female"}), "marital": Code({"S": "single", "M": "married"}),
        "household_no": Surrogate("household", name="household_id", masked=True), "division": Words(name="region_code"),
        "address": Personal("address"), "occupation": Code(OCCUPATIONS), "income_band": Code(INCOME_BANDS),
        "city_tier": Code(CITY_TIERS), "segment": Code(TARGET_GROUPS, name="target_group"),
        "risk": Code({code: code for code in ("C1", "C2", "C3", "C4", "C5")}), "branch_no": _BRANCH,
        "opened": Day(_DAY, name="opened_on"),
    },
    rules=(Rule("contradiction", "birth_date", lambda raw: raw.birth_date < raw.opened_on),),
    maps=(
        Map("party", lambda raw: {
            "party_id": raw.party_id, "kind": ibis.literal("person"), "birth_date": raw.birth_date, "sex": raw.sex,
            "occupation": raw.occupation, "income_band": raw.income_band, "marital_status": raw.marital,
            "risk_preference": raw.risk, "region_code": raw.region_code, "city_tier": raw.city_tier,
            "target_group": raw.target_group, "household_id": raw.household_id, "valid_from": raw.opened_on,
        }),
        Map("household", lambda raw: {"household_id": raw.household_id, "region_code": raw.region_code}),
    ),
    control=_COUNTED,
    optional=True,
)  # fmt: skip

ACCOUNTS = RawFile(
    name="account",
    pattern=_pattern("account"),
    format=Delimited(),
    columns={
        "account_no": Surrogate("account", name="account_id", masked=True),
        "customer_id": Party(name="party_id", masked=True),
        "kind": Code({"D": "demand", "T": "time"}, name="product_code"),
        "currency": Code({"CNY": "CNY"}), "opened": Day(_DAY, name="opened_on"),
        "status": Code({"A": "open", "C": "closed"}), "branch_no": _BRANCH,
    },
    maps=(
        Map("account", lambda raw: {
            "account_id": raw.account_id, "kind": ibis.literal("deposit"), "product_code": raw.product_code,
            "currency": raw.currency, "opened_on": raw.opened_on, "status": raw.status, "branch_id": raw.branch_id,
            "valid_from": raw.opened_on,
        }),
        Map("account_party", lambda raw: {
            "account_id": raw.account_id, "party_id": raw.party_id, "role": ibis.literal("main"),
            "valid_from": raw.opened_on,
        }),
    ),
    control=_COUNTED,
    optional=True,
)  # fmt: skip

_KINDS: dict[str, str | None] = {
    "10": "salary", "20": "transfer_in", "21": "transfer_out", "30": "withdrawal", "40": "card_repayment",
    "50": "mortgage", "90": "credit_interest",
}  # fmt: skip
_INCOMING = ["salary", "transfer_in", "credit_interest"]
# Made by the holder on the day; a mortgage is taken by standing instruction.
_BY_HOLDER = ["transfer_out", "withdrawal", "card_repayment"]
_OUT_FOR = {"card_repayment": "card_repayment", "mortgage": "mortgage"}


def _transaction(raw: ibis.Table) -> dict[str, ibis.Value]:
    purpose = coded(raw["kind"], _OUT_FOR)
    return {
        "transaction_id": raw.ref, "account_id": raw.account_id,
        "kind": ibis.ifelse(purpose.notnull(), "transfer_out", raw["kind"]),
        "direction": ibis.ifelse(raw.amount < 0, "debit", "credit"), "amount_cents": raw.amount.abs(),
        "currency": raw.currency, "customer_initiated": raw["kind"].isin(_BY_HOLDER), "channel": raw.channel,
        "local_hour": raw.at__hour, "purpose": purpose, "event_at": raw["at"], "business_date": raw.at__day,
    }  # fmt: skip


MOVEMENTS = RawFile(
    name="movement",
    pattern=_pattern("movement"),
    format=Delimited(),
    columns={
        "ref": Words(), "account_no": ACCOUNT, "day": Moment("%Y-%m-%d %H:%M:%S", and_column="time", name="at"),
        "time": Ignored(), "kind": Code(_KINDS), "amount": Money(), "currency": Code({"CNY": "CNY"}),
        "channel": Code({"A": "app", "B": "branch", "C": "atm", "T": "transfer"}), "memo": Ignored(masked=True),
    },
    rules=(Rule("contradiction", "amount", lambda raw: raw["kind"].isin(_INCOMING) == (raw.amount > 0)),),
    maps=(
        Map("transaction", _transaction, where=lambda raw: raw["kind"] != "credit_interest"),
        Map("posting", lambda raw: {
            "posting_id": raw.ref, "account_id": raw.account_id, "kind": raw["kind"],
            "direction": ibis.literal("credit"), "amount_cents": raw.amount, "currency": raw.currency,
            "customer_initiated": ibis.literal(False),
            "event_at": raw["at"], "business_date": raw.at__day,
        }, where=lambda raw: raw["kind"] == "credit_interest"),
    ),
    control=_summed("amount"),
)  # fmt: skip

BALANCES = RawFile(
    name="balance",
    pattern=_pattern("balance"),
    format=Delimited(),
    columns={
        "account_no": ACCOUNT, "day": Day(_DAY, name="closed_on"), "balance": Money(least=0),
        "currency": Code({"CNY": "CNY"}),
    },
    maps=(
        Map("statement", lambda raw: {
            "statement_id": raw.account_id.cast("string") + "-" + raw.closed_on.strftime("%Y-%m-%d"),
            "account_id": raw.account_id, "balance_cents": raw.balance, "currency": raw.currency,
            "business_date": raw.closed_on,
        }),
    ),
    control=_summed("balance"),
    optional=True,
)  # fmt: skip

MADE_CORE = sources.register(
    Source(
        name="made_core",
        title=Text(zh="样例银行核心系统", en="The made bank's core banking"),
        meaning=Text(
            zh="每日 CSV 文件（UTF-8，带控制文件）：客户、存款账户、流水、月末余额。客户号与卡系统不同，证件号相同。",
            en="Daily CSV files (UTF-8, a control file beside each): customers, deposit accounts, movements, balances "
            "at month's end. Other customer numbers than the card system's, the same identity numbers.",
        ),
        currency="CNY",
        zone="Asia/Shanghai",
        files=(CUSTOMER, ACCOUNTS, MOVEMENTS, BALANCES),
        consent="assumed_refused",
        # One bank: branch numbers mean the same in both systems; customer and account numbers never coincide.
        keys_of="made_cards",
    )
)
