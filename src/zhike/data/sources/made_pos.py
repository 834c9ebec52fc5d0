"""The made bank's POS settlement: fields with bars between in GB18030, a companion of control totals beside each file.

Every row tells again, from the merchant's side, a purchase that the card system delivers as a movement. It becomes a
settlement, never a transaction or a posting: spend is counted once, and what the merchant pays is no charge to the
holder.
"""

import ibis

from zhike.core.text import Text
from zhike.data.columns import CardNumber, Code, Ignored, Moment, Money, Surrogate, Words
from zhike.data.source import Delimited, Map, RawFile, Rule, Source, sources
from zhike.data.sources._made_format import daily, summed


def _sign(raw: ibis.Table) -> ibis.Value:
    return ibis.ifelse(raw["kind"] == "refund", -1, 1)


SETTLEMENT = RawFile(
    name="settlement",
    pattern=daily("pos", "settlement.txt"),
    format=Delimited(separator="|", quote="", encoding="gb18030"),
    columns={
        "settlement_no": Words(), "ref": Words(), "kind": Code({"P": "purchase", "R": "refund"}),
        "merchant_no": Surrogate("merchant", name="merchant_id", known_in="merchant"), "merchant_name": Ignored(),
        "terminal_no": Surrogate("terminal", name="terminal_id", known_in="terminal", optional=True),
        "card_no": CardNumber(name="card_id", known_in="card"),
        "day": Moment("%Y-%m-%d %H:%M:%S", and_column="time", name="at"), "time": Ignored(), "amount": Money(),
        "discount": Money(), "interchange": Money(), "currency": Code({"CNY": "CNY"}),
    },
    rules=(
        Rule("contradiction", "amount", lambda raw: (raw["kind"] == "refund") == (raw.amount < 0)),
        Rule("contradiction", "discount", lambda raw: raw.discount.abs() <= raw.amount.abs()),
        Rule("contradiction", "interchange", lambda raw: raw.interchange.abs() <= raw.discount.abs()),
    ),
    maps=(
        Map("settlement", lambda raw: {
            "settlement_id": raw.settlement_no, "card_id": raw.card_id, "kind": raw["kind"],
            "merchant_id": raw.merchant_id, "terminal_id": raw.terminal_id, "amount_cents": raw.amount * _sign(raw),
            "discount_cents": raw.discount * _sign(raw), "interchange_cents": raw.interchange * _sign(raw),
            "currency": raw.currency, "reference": raw.ref, "event_at": raw["at"], "business_date": raw.at__day,
        }),
    ),
    control=summed("amount"),
)  # fmt: skip

MADE_POS = sources.register(
    Source(
        name="made_pos",
        title=Text(zh="样例银行收单清算", en="The made bank's POS settlement"),
        meaning=Text(
            zh="每日竖线分隔文件（GB18030，带控制文件）：本行商户前一日交易的清算、商户手续费与发卡行手续费。卡号同卡系统。",
            en="Daily files with bars between the fields (GB18030, a control file beside each): what the bank's own "
            "merchants are paid for the purchases of the day before, with discount and interchange. Card numbers are "
            "the card system's.",
        ),
        currency="CNY",
        zone="Asia/Shanghai",
        files=(SETTLEMENT,),
        consent="assumed_refused",
        keys_of="made_cards",
    )
)
