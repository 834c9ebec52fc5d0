"""Berka: a real Czech bank, 1993 to 1998, with the first window on its transactions (Czech codes)."""

from zhike.core.text import Text
from zhike.data.source import Source, sources
from zhike.data.sources._berka_tables import SMALL_TABLES, transactions

TRANSACTIONS = transactions(
    # The exact first rows of trans.asc, or all of it.
    pattern=r"trans(_1993_to_19940331)?\.(csv|asc)",
    directions={"PRIJEM": "credit", "VYDAJ": "debit", "VYBER": "debit"},
    operations={
        "VKLAD": "cash_in", "VYBER": "cash_out", "VYBER KARTOU": "card_out",
        "PREVOD Z UCTU": "transfer_in", "PREVOD NA UCET": "transfer_out",
    },
    symbols={
        "UROK": "credit_interest", "SLUZBY": "service_fee", "SANKC. UROK": "penalty_interest", "DUCHOD": "pension",
        "POJISTNE": "insurance", "SIPO": "household", "UVER": "loan", "LEASING": "leasing",
    },
)  # fmt: skip

BERKA = sources.register(
    Source(
        name="berka",
        title=Text(zh="Berka 捷克银行（1993–1994 交易窗口）", en="Berka, a Czech bank (transactions 1993 to 1994)"),
        meaning=Text(
            zh="PKDD'99 公开数据：账户、客户、处置关系、银行卡、贷款、长期委托和 1994 年 3 月底前的全部交易。"
            "贷款结果在期满时才可知。",
            en="Public PKDD'99 data: accounts, clients, dispositions, cards, loans, orders, and all transactions up "
            "to the end of March 1994. The outcome of a loan is known at the end of its term.",
        ),
        currency="CZK",
        zone="Europe/Prague",
        files=(*SMALL_TABLES, TRANSACTIONS),
        consent="assumed_given_for_research_data",
    )
)
