"""The record layouts of POS settlement and of the journal of the cash machines."""

from zhike.core.text import Text
from zhike.sandbox.record import Record, fields

_DAILY = Text("每日", "every day")

POS_SETTLEMENT = Record(
    "pos", "settlement", Text("收单清算（本行商户）", "Settlement of purchases acquired from the bank's own merchants"),
    Text("每日，前一日交易", "every day, of the day before"), fields(
        ("settlement_no", "code", 0, "none", "清算流水号", "reference of the settlement"),
        ("ref", "code", 0, "none", "卡系统流水号", "reference of the movement in the card system"),
        ("kind", "code", 0, "attribute", "P 消费 R 退货", "P purchase, R refund"),
        ("merchant_no", "code", 0, "none", "商户号", "merchant number"),
        ("merchant_name", "text", 0, "none", "商户名", "merchant name"),
        ("terminal_no", "code", 0, "none", "终端号，网上交易为空", "terminal number, blank online"),
        ("card_no", "code", 0, "identifier", "卡号", "card number"),
        ("day", "date", 0, "attribute", "交易日", "day of the movement"),
        ("time", "time", 0, "attribute", "交易时间", "time of the movement"),
        ("amount", "cents", 0, "attribute", "交易金额（元），退货为负", "yuan, negative for a refund"),
        ("discount", "cents", 0, "none", "商户手续费（元）", "merchant discount, yuan"),
        ("interchange", "cents", 0, "none", "发卡行手续费（元），已含在商户手续费中",
         "interchange, a part of the discount"),
        ("currency", "code", 0, "none", "币种", "currency"),
    ), total="amount",
)  # fmt: skip
ATM_JOURNAL = Record(
    "atm", "journal", Text("自助设备流水", "Journal of the cash machines"), _DAILY, fields(
        ("journal_no", "code", 0, "none", "流水号", "reference of the line"),
        ("terminal_no", "code", 0, "none", "终端号", "terminal number"),
        ("customer_no", "code", 0, "identifier", "客户号（卡系统或核心）",
         "customer number, of cards or of core banking"),
        ("card_no", "code", 0, "identifier", "卡号，凭存折时为空", "card number, blank with a passbook"),
        ("day", "date", 0, "attribute", "日期", "day"),
        ("time", "time", 0, "attribute", "时间", "time"),
        ("kind", "code", 0, "attribute", "W 取现 B 查询余额 P 密码错 R 吞卡",
         "W withdrawal, B balance enquiry, P wrong PIN, R card retained"),
        ("amount", "cents", 0, "attribute", "金额（元），仅取现", "yuan, of withdrawals only"),
        ("currency", "code", 0, "none", "币种", "currency"),
        ("of_ref", "code", 0, "none", "卡系统或核心流水号，仅取现",
         "reference of the withdrawal in cards or core banking"),
    ), total="amount",
)  # fmt: skip
