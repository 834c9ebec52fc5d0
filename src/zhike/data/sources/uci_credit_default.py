"""UCI credit default: 30,000 card accounts in Taiwan, six statements each, April to September 2005.

One row is one account: its holder, its limit, six monthly states. ``default payment next month`` (October 2005) is
checked and left out of the facts: no canonical table holds a default that is not yet a charge-off, and an as-of read
of 2005-09-30, the last day the features may see, must not meet it. A model reads it from the file as its label.
Where a fact needs a day and the file has none: accounts, holders and limits are known from 2005-04-01,
the first day the rows speak of; a birth day is the first of July of 2005 minus the age.
"""

from dataclasses import replace
from datetime import date

import ibis

from zhike.core.text import Text
from zhike.data.columns import Code, Money, Party, Surrogate, Whole
from zhike.data.source import Delimited, Map, RawFile, Source, sources

FIRST_DAY = date(2005, 4, 1)
# This copy writes some round amounts as 1.00E+05.
NT_DOLLARS = Money(scientific=True)
# Month end, column of the status, number of the bill and payment columns. The first status column is PAY_0, not PAY_1.
MONTHS = (
    (date(2005, 4, 30), "PAY_6", 6), (date(2005, 5, 31), "PAY_5", 5), (date(2005, 6, 30), "PAY_4", 4),
    (date(2005, 7, 31), "PAY_3", 3), (date(2005, 8, 31), "PAY_2", 2), (date(2005, 9, 30), "PAY_0", 1),
)  # fmt: skip


def _account(raw: ibis.Table) -> dict[str, ibis.Value]:
    return {
        "account_id": raw.account_id, "kind": ibis.literal("credit"), "opened_on": ibis.literal(FIRST_DAY),
        "status": ibis.literal("open"), "known_from": ibis.literal(FIRST_DAY),
    }  # fmt: skip


def _holder(raw: ibis.Table) -> dict[str, ibis.Value]:
    return {
        "party_id": raw.party_id, "kind": ibis.literal("person"), "sex": raw.SEX, "education": raw.EDUCATION,
        "marital_status": raw.MARRIAGE, "birth_date": ibis.date(ibis.literal(2005) - raw.AGE, 7, 1),
        "known_from": ibis.literal(FIRST_DAY),
    }  # fmt: skip


def _held(raw: ibis.Table) -> dict[str, ibis.Value]:
    return {
        "account_id": raw.account_id, "party_id": raw.party_id, "role": ibis.literal("main"),
        "known_from": ibis.literal(FIRST_DAY),
    }  # fmt: skip


def _limit(raw: ibis.Table) -> dict[str, ibis.Value]:
    return {
        "account_id": raw.account_id, "kind": ibis.literal("permanent"), "limit_cents": raw.LIMIT_BAL,
        "known_from": ibis.literal(FIRST_DAY),
    }  # fmt: skip


def _reference(raw: ibis.Table, day: date) -> ibis.Value:
    """The account's surrogate and the month: the file's own number of the account is the customer's."""
    return raw.account_id.cast("string") + f"-{day:%Y%m}"


def _month(day: date, status: str, number: int) -> tuple[Map, Map]:
    def statement(raw: ibis.Table) -> dict[str, ibis.Value]:
        return {
            "statement_id": _reference(raw, day), "account_id": raw.account_id,
            "balance_cents": raw[f"BILL_AMT{number}"], "paid_cents": raw[f"PAY_AMT{number}"],
            # -2 no use, -1 paid in full, 0 revolving, n months late.
            "days_past_due": ibis.greatest(raw[status], 0) * 30, "business_date": ibis.literal(day),
        }  # fmt: skip

    def payment(raw: ibis.Table) -> dict[str, ibis.Value]:
        return {
            "payment_id": _reference(raw, day), "account_id": raw.account_id,
            "amount_cents": raw[f"PAY_AMT{number}"], "channel": ibis.literal("other"),
            "business_date": ibis.literal(day),
        }  # fmt: skip

    return Map("statement", statement), Map("payment", payment, where=lambda raw: raw[f"PAY_AMT{number}"] > 0)


ACCOUNTS = RawFile(
    name="accounts",
    pattern=r"default_of_credit_card_clients\.csv",
    format=Delimited(),
    columns={
        "ID": (Party(first_known="first_known", name="party_id"), Surrogate("account", name="account_id")),
        "LIMIT_BAL": replace(NT_DOLLARS, least=0), "SEX": Code({"1": "male", "2": "female"}),
        # 0, 5 and 6 are not documented.
        "EDUCATION": Code({"1": "graduate_school", "2": "university", "3": "high_school", "4": "other",
                           "0": None, "5": None, "6": None}),
        "MARRIAGE": Code({"1": "married", "2": "single", "3": "other", "0": None}), "AGE": Whole(least=18, most=120),
        **{status: Whole(least=-2, most=12) for _, status, _ in reversed(MONTHS)},
        **{f"BILL_AMT{number}": NT_DOLLARS for number in range(1, 7)},
        **{f"PAY_AMT{number}": replace(NT_DOLLARS, least=0) for number in range(1, 7)},
        "default payment next month": Code({"0": "no", "1": "yes"}, name="defaulted"),
    },
    prepare=lambda raw, _: raw.mutate(first_known=ibis.literal(FIRST_DAY)),
    maps=(
        Map("account", _account), Map("party", _holder), Map("account_party", _held), Map("limit_event", _limit),
        *(map_ for month in MONTHS for map_ in _month(*month)),
    ),
)  # fmt: skip

UCI_CREDIT_DEFAULT = sources.register(
    Source(
        name="uci_credit_default",
        title=Text(zh="UCI 信用卡违约（台湾，2005）", en="UCI credit-card default (Taiwan, 2005)"),
        meaning=Text(
            zh="3 万个信用卡账户 2005 年 4 月至 9 月的额度、账单、还款和逾期状态。"
            "次月违约结果不进入事实表，只作模型标签。",
            en="Limit, statements, payments and arrears of 30,000 card accounts, April to September 2005. "
            "The default of the next month is no fact here, only a model's label.",
        ),
        currency="TWD",
        zone="Asia/Taipei",
        files=(ACCOUNTS,),
        consent="assumed_given_for_research_data",
    )
)
