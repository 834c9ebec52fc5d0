"""Berka, second window: all transactions of 354 accounts before their loans were granted (English codes).

The small tables hold 4,500 accounts, the window speaks of 354. Rows of the others are quarantined as
``outside_coverage``: taken in, they would look like customers who never did anything. For the same reason nothing
can be said of an account after its loan date: read it as of that day or before.
"""

from dataclasses import replace

import ibis

from zhike.core.text import Text
from zhike.data.source import Lookup, RawFile, Rule, Source, sources
from zhike.data.sources._berka_tables import (
    ACCOUNTS,
    CARDS,
    CLIENTS,
    DISPOSITIONS,
    DISTRICT,
    LOANS,
    ORDERS,
    transactions,
)  # fmt: skip

TRANSACTIONS = transactions(
    pattern=r"trans_loan_accounts_354\.csv",
    directions={"credit": "credit", "withdrawal": "debit", "withdrawal in cash": "debit"},
    operations={
        "credit in cash": "cash_in", "withdrawal in cash": "cash_out", "credit card withdrawal": "card_out",
        "collection from another bank": "transfer_in", "remittance to another bank": "transfer_out",
    },
    symbols={
        "interest credited": "credit_interest", "payment for statement": "service_fee",
        "sanction interest if negative balance": "penalty_interest", "old-age pension": "pension",
        "insurrance payment": "insurance", "household": "household", "loan payment": "loan", "leasing": "leasing",
    },
)  # fmt: skip


def _covered(file: RawFile, column: str) -> RawFile:
    """The file with a rule: what ``column`` names (an account, a client, a disposition) is covered by the window."""

    def prepare(raw: ibis.Table, lookup: Lookup) -> ibis.Table:
        before = file.prepare(raw, lookup) if file.prepare else raw
        held = lookup("trans").select("account_id").distinct()
        if column != "account_id":
            held = held.inner_join(lookup("disp"), "account_id").select(column).distinct()
        covered = held.mutate(covered=True)
        return before.left_join(covered, column).drop(f"{column}_right")

    rule = Rule("outside_coverage", column, lambda raw: raw.covered.fill_null(False))
    reads = tuple(dict.fromkeys([*file.reads, "trans", *([] if column == "account_id" else ["disp"])]))
    return replace(file, prepare=prepare, reads=reads, rules=(rule, *file.rules))


BERKA_LOANS = sources.register(
    Source(
        name="berka_loans",
        title=Text(zh="Berka 捷克银行（354 个贷款账户）", en="Berka, a Czech bank (354 accounts with a loan)"),
        meaning=Text(
            zh="PKDD'99 公开数据的第二个窗口：354 个贷款账户在放款日之前的全部交易。"
            "窗口之外的账户进入隔离区，不当作沉默客户。",
            en="Second window on the public PKDD'99 data: all transactions of 354 accounts before the day of their "
            "loan. Accounts outside the window are quarantined, not taken for silent customers.",
        ),
        currency="CZK",
        zone="Europe/Prague",
        files=(
            DISTRICT,
            _covered(ACCOUNTS, "account_id"),
            _covered(CLIENTS, "client_id"),
            _covered(DISPOSITIONS, "account_id"),
            _covered(CARDS, "disp_id"),
            _covered(LOANS, "account_id"),
            _covered(ORDERS, "account_id"),
            TRANSACTIONS,
        ),
        consent="assumed_given_for_research_data",
        keys_of="berka",
    )
)
