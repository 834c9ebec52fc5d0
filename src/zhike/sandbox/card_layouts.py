"""The record layouts of the card system: fixed width, GB18030."""

from zhike.core.text import Text
from zhike.sandbox.record import Record, fields

_OPENING = Text("首日", "first day")
_CHANGES = Text("首日全量，之后有新增或变更的日子", "first day in full, then on days with new or changed ones")
_DAILY = Text("每日", "every day")

BRANCH = Record("cards", "branch", Text("机构", "Branches"), _OPENING, fields(
    ("branch_no", "code", 6, "none", "机构号", "branch number"),
    ("name", "text", 40, "none", "名称", "name"),
    ("level", "code", 1, "none", "层级：1 总行 2 分行 3 支行", "1 head office, 2 city branch, 3 sub-branch"),
    ("parent_no", "code", 6, "none", "上级机构号", "branch above"),
    ("division", "code", 6, "none", "行政区划代码", "division code"),
))  # fmt: skip
PRODUCT = Record("cards", "product", Text("卡产品", "Card products"), _OPENING, fields(
    ("product", "code", 4, "none", "产品代码", "product code"),
    ("name_zh", "text", 40, "none", "中文名", "name in Chinese"),
    ("name_en", "text", 40, "none", "英文名", "name in English"),
    ("family", "code", 1, "none", "1 普惠 2 权益 3 商务 4 虚拟 5 高端",
     "1 inclusive, 2 benefit, 3 business, 4 virtual, 5 premium"),
    ("annual_fee", "cents", 14, "none", "年费（分）", "annual fee, fen"),
), total="annual_fee")  # fmt: skip
MERCHANT = Record("cards", "merchant", Text("商户", "Merchants"), _OPENING, fields(
    ("merchant_no", "code", 15, "none", "商户号", "merchant number"),
    ("name", "text", 40, "none", "名称", "name"),
    ("mcc", "code", 4, "none", "商户类别码 ISO 18245", "merchant category, ISO 18245"),
    ("division", "code", 6, "none", "行政区划代码，境外为空", "division code, blank abroad"),
    ("country", "code", 2, "none", "国家代码", "country, ISO 3166"),
))  # fmt: skip
TERMINAL = Record("cards", "terminal", Text("终端", "Terminals"), _OPENING, fields(
    ("terminal_no", "code", 8, "none", "终端号", "terminal number"),
    ("kind", "code", 1, "none", "P 销售点 A 自助机", "P point of sale, A cash machine"),
    ("merchant_no", "code", 15, "none", "商户号", "merchant number"),
))  # fmt: skip
CUSTOMER = Record("cards", "customer", Text("客户", "Customers"), _CHANGES, fields(
    ("customer_no", "code", 12, "identifier", "客户号", "customer number"),
    ("kind", "code", 1, "none", "1 个人 2 单位", "1 person, 2 organisation"),
    ("name", "text", 40, "identifier", "姓名", "name"),
    ("id_type", "code", 2, "none", "证件类型：01 身份证", "01 identity card"),
    ("id_no", "code", 18, "identifier", "证件号码（校验位有意写错）",
     "identity number (check digit wrong on purpose)"),
    ("birth_date", "date", 8, "attribute", "出生日期", "day of birth"),
    ("sex", "code", 1, "attribute", "1 男 2 女", "1 male, 2 female"),
    ("phone", "code", 11, "identifier", "手机号（未分配号段 154）", "mobile (prefix 154, held by no operator)"),
    ("email", "code", 30, "identifier", "电子邮箱", "electronic mail"),
    ("division", "code", 6, "attribute", "居住地行政区划代码", "division code of residence"),
    ("city_tier", "code", 1, "attribute", "1-4 线城市，R 县域", "tier of the city 1 to 4, R county"),
    ("address", "text", 80, "identifier", "地址", "address"),
    ("occupation", "code", 2, "attribute",
     "职业：01 公务 02 专业 03 职员 04 商业服务 05 生产运输 06 农林 07 经营者 08 学生 09 退休 10 管理",
     ("01 civil servant, 02 professional, 03 clerk, 04 shop and service, 05 production and transport, 06 "
     "farming, 07 own business, 08 student, 09 retired, 10 manager")),
    ("income_band", "code", 1, "attribute", "年收入：1 五万以下 2 十万以下 3 二十万以下 4 五十万以下 5 五十万及以上",
     "yearly income: 1 under 50,000, 2 under 100,000, 3 under 200,000, 4 under 500,000, 5 above"),
    ("segment", "code", 2, "attribute", "客群 01-07", "planning group 01 to 07"),
    ("branch_no", "code", 6, "none", "所属机构", "home branch"),
    ("opened", "date", 8, "attribute", "建立客户日", "customer since"),
    ("sms", "code", 1, "attribute", "短信营销：G 同意 N 未同意 W 撤回",
     "marketing by SMS: G given, N not given, W withdrawn"),
    ("sms_date", "date", 8, "attribute", "该状态起始日", "since"),
    ("call", "code", 1, "attribute", "电话营销，同上", "marketing by telephone, as above"),
    ("call_date", "date", 8, "attribute", "该状态起始日", "since"),
    ("app", "code", 1, "attribute", "手机银行消息营销，同上", "marketing in the app, as above"),
    ("app_date", "date", 8, "attribute", "该状态起始日", "since"),
    ("mail", "code", 1, "attribute", "邮件营销，同上", "marketing by electronic mail, as above"),
    ("mail_date", "date", 8, "attribute", "该状态起始日", "since"),
    ("personal", "code", 1, "attribute", "个性化推荐，同上", "personalisation, as above"),
    ("personal_date", "date", 8, "attribute", "该状态起始日", "since"),
    ("partner", "code", 1, "attribute", "向合作方提供，同上", "sharing with partners, as above"),
    ("partner_date", "date", 8, "attribute", "该状态起始日", "since"),
    ("change", "code", 1, "none", "N 新增 C 同意变更 P 手机号变更 A 迁址",
     "N new, C consent changed, P mobile changed, A moved"),
    ("changed", "date", 8, "none", "变更日", "day of the change"),
))  # fmt: skip
ACCOUNT = Record("cards", "account", Text("信用卡账户", "Credit accounts"), _CHANGES, fields(
    ("account_no", "code", 14, "identifier", "账号", "account number"),
    ("customer_no", "code", 12, "identifier", "主持卡人客户号", "customer number of the main holder"),
    ("product", "code", 4, "none", "产品代码", "product code"),
    ("currency", "code", 3, "none", "币种", "currency"),
    ("opened", "date", 8, "attribute", "开户日", "opening day"),
    ("status", "code", 2, "attribute", "01 正常 02 冻结 03 客户销户 04 银行销户 05 核销",
     "01 open, 02 blocked, 03 closed by the customer, 04 closed by the bank, 05 charged off"),
    ("status_date", "date", 8, "attribute", "状态起始日", "status since"),
    ("limit", "cents", 14, "attribute", "固定信用额度（分）", "permanent credit limit, fen"),
    ("limit_date", "date", 8, "attribute", "固定额度起始日", "permanent limit since"),
    ("limit_reason", "code", 2, "attribute", "01 授信 02 客户申请调高 03 风险调低",
     "01 granted, 02 raised at request, 03 cut for risk"),
    ("cash_limit", "cents", 14, "attribute", "取现额度（分）", "cash limit, fen"),
    ("statement_day", "int", 2, "none", "账单日 1-28", "statement day, 1 to 28"),
    ("autopay", "code", 1, "attribute", "Y 自动还款 N 否", "Y pays by standing order, N not"),
    ("balance", "cents", 14, "attribute", "当时欠款（分）", "owed at that time, fen"),
    ("branch_no", "code", 6, "none", "开户机构", "branch that keeps it"),
    ("change", "code", 1, "none", "N 新增 L 额度 S 状态 O 产品或自动还款 B 机构",
     "N new, L limit, S status, O product or standing order, B branch"),
    ("changed", "date", 8, "none", "变更日", "day of the change"),
), total="limit")  # fmt: skip
_LIMITS = Text("临时额度，授予或提前结束时各一行", "Limits for a while, one row when granted and one when ended early")
_WITH_LIMITS = Text("有授予或提前结束的日子", "days on which one is granted or ended early")
LIMIT = Record("cards", "limit", _LIMITS, _WITH_LIMITS, fields(
    ("account_no", "code", 14, "identifier", "账号", "account number"),
    ("reason", "code", 2, "attribute", "01 出境旅行 02 春节 03 节假日 04 购物节 05 客户申请 06 银行邀约",
     "01 travel abroad, 02 Spring Festival, 03 holiday, 04 shopping festival, 05 asked for, 06 offered by the bank"),
    ("limit", "cents", 14, "attribute", "期间总额度（分）", "whole limit meanwhile, fen"),
    ("currency", "code", 3, "none", "币种", "currency"),
    ("start", "date", 8, "attribute", "生效日", "first day"),
    ("end", "date", 8, "attribute", "最后有效日（早于生效日为从未生效）",
     "last day; the day before the first where it never began"),
    ("state", "code", 1, "attribute", "G 授予 E 提前结束", "G granted, E ended early"),
    ("changed", "date", 8, "none", "变更日", "day of the change"),
), total="limit")  # fmt: skip
CARD = Record("cards", "card", Text("卡片与卡片事件", "Cards, one row per step of their life"), _CHANGES, fields(
    ("event_ref", "code", 16, "none", "事件编号", "reference of the step"),
    ("card_no", "code", 16, "identifier", "卡号（测试 BIN 999999）", "card number (test BIN 999999)"),
    ("account_no", "code", 14, "identifier", "账号", "account number"),
    ("customer_no", "code", 12, "identifier", "持卡人客户号", "customer number of the holder"),
    ("role", "code", 1, "none", "M 主卡 S 附属卡", "M main, S supplementary"),
    ("product", "code", 4, "none", "产品代码", "product code"),
    ("issued", "date", 8, "attribute", "发卡日", "day of issue"),
    ("expires", "date", 8, "none", "有效期止", "expiry"),
    ("event", "code", 2, "attribute", "01 核准 02 发卡 03 寄出 04 送达 05 激活 06 绑定 07 止付 08 解除 09 销卡 10 换卡",
     ("01 approved, 02 issued, 03 mailed, 04 delivered, 05 activated, 06 bound, 07 blocked, 08 unblocked, "
     "09 closed, 10 replaced by another")),
    ("event_date", "date", 8, "attribute", "事件日", "day of the step"),
    ("event_time", "time", 6, "attribute", "事件时间", "time of the step"),
    ("by", "code", 1, "attribute", "C 客户 B 银行 X 核销", "C customer, B bank, X charge-off"),
    ("detail", "code", 10, "attribute", "钱包或原因", "wallet, or reason"),
    ("branch_no", "code", 6, "none", "开户机构", "branch"),
))  # fmt: skip
_MOVEMENTS = Text("交易流水（消费、还款、计费、拒绝）", "Movements: purchases, payments, charges, refusals")
TXN = Record("cards", "txn", _MOVEMENTS, _DAILY, fields(
    ("ref", "code", 16, "none", "银行流水号", "the bank's reference"),
    ("type", "code", 4, "attribute",
     ("1001 消费 1002 取现 1003 退货 1004 现金分期放款 1005 争议退款 1009 消费冲正 2001 还款 2002 自动还款 3001 利息 "
     "3002 违约金 3003 取现手续费 3004 年费 3005 减免 3006 核销 3007 核销后收回 3008 分期利息 3009 息费更正"),
     ("1001 purchase, 1002 cash advance, 1003 refund, 1004 cash instalment paid out, 1005 money back after a "
     "dispute, 2001 payment, 2002 payment by standing order, 3001 interest, 3002 late fee, 3003 cash advance fee, "
     "3004 annual fee, 3005 waiver, 3006 charge-off, 3007 recovery, 3008 instalment interest, "
     "1009 reversal of a purchase, 3009 correction of a charge")),
    ("account_no", "code", 14, "identifier", "账号", "account number"),
    ("card_no", "code", 16, "identifier", "卡号，批量交易为空", "card number, blank for the bank's own movements"),
    ("txn_date", "date", 8, "attribute", "交易日", "day of the movement"),
    ("txn_time", "time", 6, "attribute", "交易时间", "time of the movement"),
    ("post_date", "date", 8, "none", "入账日", "day of posting"),
    ("amount", "cents", 14, "attribute", "入账金额（分），正数增加欠款",
     "billing amount, fen; positive raises what is owed"),
    ("currency", "code", 3, "none", "入账币种", "billing currency"),
    ("orig_amount", "cents", 14, "attribute", "原币金额（原币最小单位）",
     "original amount, minor units of its currency"),
    ("orig_currency", "code", 3, "attribute", "原币种", "original currency"),
    ("response", "code", 2, "attribute", "00 成功 05 不予承兑 51 余额不足 54 过期 55 密码错 61 超限",
     "00 approved, 05 do not honour, 51 no funds, 54 expired, 55 wrong PIN, 61 over the amount limit"),
    ("channel", "code", 2, "attribute", "01 POS 02 网上 03 钱包 04 自助机 05 手机银行 06 柜面 07 批量",
     "01 POS, 02 online, 03 wallet, 04 cash machine, 05 app, 06 branch, 07 batch"),
    ("wallet", "code", 2, "attribute", "WX 微信 ZF 支付宝 YS 云闪付 SJ 手机支付",
     "WX WeChat, ZF Alipay, YS UnionPay, SJ phone pay"),
    ("merchant_no", "code", 15, "none", "商户号", "merchant number"),
    ("terminal_no", "code", 8, "none", "终端号", "terminal number"),
    ("mcc", "code", 4, "attribute", "商户类别码", "merchant category"),
    ("merchant_name", "text", 40, "attribute", "商户名（钱包交易带前缀）",
     "merchant name (wallets put theirs before it)"),
    ("division", "code", 6, "attribute", "交易地行政区划代码", "division code of the place"),
    ("country", "code", 2, "attribute", "交易国家", "country of the place"),
    ("of_ref", "code", 16, "none", "原流水号（退货、争议退款、冲正、更正）",
     "reference of the movement undone (refunds, disputes, reversals, corrections)"),
), total="amount")  # fmt: skip
POINTS = Record("cards", "points", Text("积分流水", "Movements of points"), _DAILY, fields(
    ("ref", "code", 16, "none", "积分流水号", "reference of the movement"),
    ("account_no", "code", 14, "identifier", "账号", "account number"),
    ("customer_no", "code", 12, "identifier", "主持卡人客户号", "customer number of the main holder"),
    ("kind", "code", 2, "attribute", "01 获得 02 活动赠送 03 兑换 04 到期 05 退货扣回 06 转赠",
     "01 earned, 02 promotion, 03 redeemed, 04 expired, 05 taken back on a refund, 06 passed on"),
    ("txn_date", "date", 8, "attribute", "日期", "day"),
    ("txn_time", "time", 6, "attribute", "时间", "time"),
    ("points", "cents", 14, "attribute", "积分，正数为增加", "whole points, positive for more"),
    ("balance", "cents", 14, "attribute", "变动后积分余额", "points after it"),
    ("other_no", "code", 14, "identifier", "转赠对方账号", "account at the other end, of points passed on"),
), total="points")  # fmt: skip
_WITH_STATEMENTS = Text("有账单的日子", "days with statements")
STATEMENT = Record("cards", "statement", Text("账单", "Statements"), _WITH_STATEMENTS, fields(
    ("statement_no", "code", 22, "identifier", "账单号（账号加日期）", "account number and day"),
    ("account_no", "code", 14, "identifier", "账号", "account number"),
    ("statement_date", "date", 8, "none", "账单日", "day of closing"),
    ("due_date", "date", 8, "none", "到期还款日", "due day"),
    ("currency", "code", 3, "none", "币种", "currency"),
    ("opening", "cents", 14, "attribute", "上期账单余额（分）", "balance of the last statement, fen"),
    ("purchases", "cents", 14, "attribute", "本期消费", "purchases since"),
    ("cash", "cents", 14, "attribute", "本期取现", "cash advances since"),
    ("refunds", "cents", 14, "attribute", "本期退货", "refunds since"),
    ("charges", "cents", 14, "attribute", "本期息费净额", "interest and fees since, less waivers"),
    ("paid", "cents", 14, "attribute", "本期还款", "paid since"),
    ("closing", "cents", 14, "attribute", "本期余额", "owed at closing"),
    ("unbilled", "cents", 14, "attribute", "其中未出账的分期本金", "of it instalment principal not called in yet"),
    ("minimum", "cents", 14, "attribute", "最低还款额", "minimum payment"),
    ("revolving", "cents", 14, "attribute", "计息余额", "interest-bearing part"),
    ("late_days", "int", 4, "attribute", "逾期天数", "days past due"),
), total="closing")  # fmt: skip
_PLANS = Text("分期计划，每个版本一行", "Instalment plans, one row per version")
PLAN = Record("cards", "plan", _PLANS, _CHANGES, fields(
    ("plan_no", "code", 16, "none", "分期编号", "number of the plan"),
    ("account_no", "code", 14, "identifier", "账号", "account number"),
    ("kind", "code", 1, "attribute", "B 账单分期 P 大额消费分期 C 现金分期", "B bill, P large purchase, C cash"),
    ("principal", "cents", 14, "attribute", "本金（分）", "booked principal, fen"),
    ("currency", "code", 3, "none", "币种", "currency"),
    ("term", "int", 2, "attribute", "期数（月）", "months"),
    ("payment", "cents", 14, "attribute", "每期应还本息（分）", "principal and interest a month, fen"),
    ("interest", "cents", 14, "attribute", "其中每期利息（分）", "interest of it, fen"),
    ("annual_rate", "int", 5, "attribute", "年化利率（单利，万分之一）", "simple annual rate, 12 x IRR, in 1/10,000"),
    ("booked", "date", 8, "attribute", "办理日", "day of booking"),
    ("billed", "int", 2, "attribute", "已出账期数", "months called in"),
    ("remaining", "cents", 14, "attribute", "未出账本金（分）", "principal not called in yet, fen"),
    ("status", "code", 1, "attribute", "R 正常 D 逾期 F 结清 B 逾期中止 C 提前结清",
     "R running, D in arrears, F finished, B broken off in arrears, C paid back early"),
    ("since", "date", 8, "attribute", "状态起始日", "status since"),
), total="principal")  # fmt: skip
_APPLICATIONS = Text("申请件，每个步骤一行", "Applications, one row per step")
APPLICATION = Record("cards", "application", _APPLICATIONS, _CHANGES, fields(
    ("event_ref", "code", 16, "none", "步骤编号", "reference of the step"),
    ("application_no", "code", 14, "none", "申请编号", "number of the application"),
    ("customer_no", "code", 12, "identifier", "客户号", "customer number"),
    ("name", "text", 40, "identifier", "姓名", "name"),
    ("id_type", "code", 2, "none", "证件类型：01 身份证", "01 identity card"),
    ("id_no", "code", 18, "identifier", "证件号码", "identity number"),
    ("phone", "code", 11, "identifier", "手机号", "mobile"),
    ("product", "code", 4, "none", "申请的产品", "product asked for"),
    ("channel", "code", 2, "attribute", "渠道，同交易流水", "channel, as in movements"),
    ("event", "code", 2, "attribute", "01 受理 02 核准 03 拒绝 04 撤回",
     "01 received, 02 approved, 03 refused, 04 withdrawn"),
    ("event_date", "date", 8, "attribute", "步骤日", "day of the step"),
    ("event_time", "time", 6, "attribute", "步骤时间", "time of the step"),
    ("limit", "cents", 14, "attribute", "核准额度（分）", "limit granted, fen"),
    ("currency", "code", 3, "none", "币种", "currency"),
    ("reason", "code", 2, "attribute", "拒绝原因：01 收入 02 征信 03 他行授信 04 无法核实",
     "refused for: 01 income, 02 credit record, 03 lines at other banks, 04 what could not be confirmed"),
    ("branch_no", "code", 6, "none", "受理机构", "branch"),
), total="limit")  # fmt: skip
