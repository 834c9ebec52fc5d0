"""The made bank's journal of cash machines: CSV in UTF-8, daily, with a companion beside each file.

A withdrawal is a transaction of the card system or of core banking; here it is a visit, like an enquiry or a wrong PIN.
"""

import ibis

from zhike.core.text import Text
from zhike.data.columns import CardNumber, Code, Ignored, Moment, Money, Party, Surrogate, Words
from zhike.data.source import Delimited, Map, RawFile, Rule, Source, sources
from zhike.data.sources._made_format import daily, summed

KINDS: dict[str, str | None] = {"W": "withdrawal", "B": "balance", "P": "wrong_pin", "R": "card_retained"}

JOURNAL = RawFile(
    name="journal",
    pattern=daily("atm", "journal.csv"),
    format=Delimited(),
    columns={
        "journal_no": Words(), "terminal_no": Surrogate("terminal", name="terminal_id", known_in="terminal"),
        "customer_no": Party(name="party_id"), "card_no": CardNumber(name="card_id", known_in="card", optional=True),
        "day": Moment("%Y-%m-%d %H:%M:%S", and_column="time", name="at"), "time": Ignored(), "kind": Code(KINDS),
        "amount": Money(least=0), "currency": Code({"CNY": "CNY"}), "of_ref": Words(optional=True),
    },
    rules=(
        Rule("contradiction", "amount", lambda raw: (raw["kind"] == "withdrawal") == (raw.amount > 0)),
        Rule("missing_value", "of_ref", lambda raw: (raw["kind"] != "withdrawal") | raw.of_ref.notnull()),
    ),
    maps=(
        Map("interaction", lambda raw: {
            "interaction_id": raw.journal_no, "party_id": raw.party_id, "channel": ibis.literal("atm"),
            "contact_direction": ibis.literal("inbound"), "topic": raw["kind"],
            "outcome": ibis.ifelse(raw["kind"].isin(["wrong_pin", "card_retained"]), "failed", "done"),
            "purpose": ibis.literal("service"), "reference": raw.of_ref, "event_at": raw["at"],
            "business_date": raw.at__day,
        }),
    ),
    control=summed("amount"),
)  # fmt: skip

MADE_ATM = sources.register(
    Source(
        name="made_atm",
        title=Text(zh="样例银行自助设备流水", en="The made bank's cash machines"),
        meaning=Text(
            zh="每日 CSV 文件（UTF-8，带控制文件）：取现、余额查询、密码错误、吞卡。取现记账以卡系统与核心系统为准。",
            en="Daily CSV files (UTF-8, a control file beside each): withdrawals, balance enquiries, wrong PINs, "
            "retained cards. The money of a withdrawal is told by the card system and core banking.",
        ),
        currency="CNY",
        zone="Asia/Shanghai",
        files=(JOURNAL,),
        consent="assumed_refused",
        keys_of="made_cards",
    )
)
