"""The made bank's card system: fixed width, GB18030, daily, with trailers."""

from zhike.core.text import Text
from zhike.data.source import Source, sources
from zhike.data.sources._made_applications import APPLICATIONS
from zhike.data.sources._made_holders import ACCOUNTS, CARDS, CUSTOMER
from zhike.data.sources._made_limits import TEMPORARY_LIMITS
from zhike.data.sources._made_movements import MOVEMENTS, STATEMENTS
from zhike.data.sources._made_places import BRANCH, MERCHANT, PRODUCT, TERMINAL
from zhike.data.sources._made_plans import PLANS
from zhike.data.sources._made_points import POINTS

MADE_CARDS = sources.register(
    Source(
        name="made_cards",
        title=Text(zh="样例银行卡系统", en="The made bank's card system"),
        meaning=Text(
            zh="每日定长文件（GB18030，带首尾记录）：机构、产品、商户、终端、申请、客户与同意、账户与额度、临时额度、卡片事件、交易流水、账单、分期计划、积分。",
            en="Daily fixed-width files (GB18030, header and trailer): branches, products, merchants, terminals, "
            "applications, customers with their consents, accounts with their limits, temporary limits, steps of "
            "cards, movements, statements, instalment plans, points.",
        ),
        currency="CNY",
        zone="Asia/Shanghai",
        files=(
            BRANCH,
            PRODUCT,
            MERCHANT,
            TERMINAL,
            APPLICATIONS,
            CUSTOMER,
            ACCOUNTS,
            TEMPORARY_LIMITS,
            CARDS,
            MOVEMENTS,
            STATEMENTS,
            PLANS,
            POINTS,
        ),
        consent="delivered",
    )
)
