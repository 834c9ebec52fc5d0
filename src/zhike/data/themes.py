"""What the columns of the customer view speak of: pages show them together, theme by theme.

A feature declares a theme only where it is not that of its table, or of the first column that it is derived from.
"""

from zhike.core.text import Text
from zhike.data.feature import AnyFeature, Derived, Feature
from zhike.data.features import features

THEMES: dict[str, Text] = {
    "relation": Text("关系与持有", "Relationship and holdings"),
    "spending": Text("消费", "Spending"),
    "habits": Text("用卡习惯", "Habits of use"),
    "classes": Text("分类消费", "Spending by merchant class"),
    "balances": Text("额度、账单与还款", "Limit, statements and payments"),
    "instalments": Text("分期与贷款", "Instalments and loans"),
    "assets": Text("资金与资产", "Money and assets"),
    "worth": Text("价值", "Worth"),
    "points": Text("积分与权益", "Points and benefits"),
    "contact": Text("触达与服务", "Contact and service"),
    "consent": Text("同意", "Consent"),
    "person": Text("画像", "Profile"),
}

_BY_TABLE = {
    "account": "relation", "card": "relation", "holder_card": "relation", "holder_card_event": "relation",
    "application": "relation", "transaction": "spending", "class_spend": "classes", "authorisation": "habits",
    "limit_event": "balances", "statement": "balances", "answered_statement": "balances", "payment": "balances",
    "instalment_plan": "instalments", "plan_booking": "instalments", "ledger": "assets", "ledger_quarter_ago": "assets",
    "statement_quarter_ago": "assets", "posting": "worth", "points_movement": "points", "benefit_use": "points",
    "interaction": "contact", "offer_response": "contact", "complaint": "contact", "complaint_state": "contact",
    "newest_survey": "contact", "consent": "consent", "household_member": "person",
}  # fmt: skip


def theme(feature: AnyFeature) -> str:
    """The theme of a feature; ``spending`` for one whose table has none."""
    if feature.theme:
        return feature.theme
    if isinstance(feature, Derived):
        return theme(features.get(feature.needs[0]))
    return _BY_TABLE.get(feature.table, "spending") if isinstance(feature, Feature) else "person"
