"""The record layouts of core banking: CSV in UTF-8, every text in quotes."""

from zhike.core.text import Text
from zhike.sandbox.record import Record, fields

_CHANGES = Text("首日全量，之后有新增或变更的日子", "first day in full, then on days with new or changed ones")
_DAILY = Text("每日", "every day")

CORE_CUSTOMER = Record("core", "customer", Text("核心客户", "Customers of core banking"), _CHANGES, fields(
    ("customer_id", "code", 0, "identifier", "核心客户号", "customer number of core banking"),
    ("name", "text", 0, "identifier", "姓名", "name"),
    ("id_no", "code", 0, "identifier", "身份证号", "identity number"),
    ("phone", "code", 0, "identifier", "手机号", "mobile"),
    ("birth_date", "date", 0, "attribute", "出生日期", "day of birth"),
    ("sex", "code", 0, "attribute", "M 男 F 女", "M male, F female"),
    ("marital", "code", 0, "attribute", "S 未婚 M 已婚", "S single, M married"),
    ("household_no", "code", 0, "attribute", "户号", "household number"),
    ("division", "code", 0, "attribute", "居住地行政区划代码", "division code of residence"),
    ("address", "text", 0, "identifier", "地址", "address"),
    ("occupation", "code", 0, "attribute", "职业，同卡系统", "occupation, as in the card system"),
    ("income_band", "code", 0, "attribute", "年收入档，同卡系统", "income band, as in the card system"),
    ("city_tier", "code", 0, "attribute", "1-4 线城市，R 县域", "tier of the city 1 to 4, R county"),
    ("segment", "code", 0, "attribute", "客群 01-07，全行统一", "planning group 01 to 07, one for the whole bank"),
    ("risk", "code", 0, "attribute", "风险承受 C1-C5", "risk preference C1 to C5"),
    ("branch_no", "code", 0, "none", "开户机构", "home branch"),
    ("opened", "date", 0, "attribute", "建立客户日", "customer since"),
))  # fmt: skip
CORE_ACCOUNT = Record("core", "account", Text("存款账户", "Deposit accounts"), _CHANGES, fields(
    ("account_no", "code", 0, "identifier", "账号", "account number"),
    ("customer_id", "code", 0, "identifier", "核心客户号", "customer number"),
    ("kind", "code", 0, "attribute", "D 活期 T 定期", "D demand, T time"),
    ("currency", "code", 0, "none", "币种", "currency"),
    ("opened", "date", 0, "attribute", "开户日", "opening day"),
    ("status", "code", 0, "attribute", "A 正常 C 销户", "A open, C closed"),
    ("branch_no", "code", 0, "none", "开户机构", "branch that keeps it"),
))  # fmt: skip
CORE_MOVEMENT = Record("core", "movement", Text("存款流水", "Movements on deposit accounts"), _DAILY, fields(
    ("ref", "code", 0, "none", "银行流水号", "the bank's reference"),
    ("account_no", "code", 0, "identifier", "账号", "account number"),
    ("day", "date", 0, "attribute", "交易日", "day"),
    ("time", "time", 0, "attribute", "交易时间", "time"),
    ("kind", "code", 0, "attribute", "10 工资 20 转入 21 转出 30 取现 40 信用卡还款 50 按揭还款 90 结息",
     ("10 salary, 20 transfer in, 21 transfer out, 30 cash, 40 card repayment, 50 mortgage instalment, 90 "
     "credit interest")),
    ("amount", "cents", 0, "attribute", "金额（元），正数为入账", "yuan, positive for money in"),
    ("currency", "code", 0, "none", "币种", "currency"),
    ("channel", "code", 0, "attribute", "A 手机银行 B 柜面 C 自助机 T 批量",
     "A app, B branch, C cash machine, T batch"),
    ("memo", "text", 0, "attribute", "附言", "memo"),
), total="amount", upgraded=(
    "ref", "day", "time", "account_no", "kind", "currency", "amount", "memo", "channel",
))  # fmt: skip
_MONTH_END = Text("月末日", "last day of a month")
CORE_BALANCE = Record("core", "balance", Text("月末余额", "Balances at month's end"), _MONTH_END, fields(
    ("account_no", "code", 0, "identifier", "账号", "account number"),
    ("day", "date", 0, "none", "日期", "day"),
    ("balance", "cents", 0, "attribute", "余额（元）", "balance, yuan"),
    ("currency", "code", 0, "none", "币种", "currency"),
), total="balance")  # fmt: skip
