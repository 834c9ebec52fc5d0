"""What the aggregates of the made bank are held against: a public figure, a convention, or the made bank's own plan.

Marks as in the domain's own pages: A official text or two sources agree, B one decent secondary source, C convention.
A planning figure has no mark: nobody publishes it, and the made bank is built to it.
"""

from dataclasses import dataclass

from zhike.sandbox.groups import GROUPS

PLAN = "planning figure of the made bank"
_PBOC = "People's Bank of China, payment system report, first quarter of 2023"
_RETAIL = "National Bureau of Statistics, retail sales of 2023: goods sold online beside retail without cars"
_PARCELS = "State Post Bureau, 1 to 11 November 2023: 1.4 times the parcels of ordinary days"
_MOBILE = "People's Bank of China, payment system report of 2023: mobile payments beside all electronic payments"
_CENSUS = "National Bureau of Statistics, census of 2020"


@dataclass(frozen=True)
class Target:
    """One aggregate: ``value`` in ``unit``; ``mark`` is A, B or C, empty for a plan; ``beside`` divides the figure."""

    name: str
    meaning: str
    value: float
    unit: str
    source: str = PLAN
    mark: str = ""
    beside: str = ""


TARGETS = (
    Target("limit_per_card", "limits of open accounts ÷ cards held", 28_000, "yuan", _PBOC, "A"),
    Target("utilisation", "owed ÷ limits", 0.3862, "share", _PBOC, "A"),
    Target("owed_per_card", "owed ÷ cards held (8.57 trillion ÷ 791 million)", 10_834, "yuan", _PBOC, "A"),
    Target("over_6_months_share", "owed by accounts over 180 days late ÷ owed", 0.0116, "share", _PBOC, "A"),
    Target("online_goods_share", "goods bought online ÷ retail spending", 0.3078, "share", _RETAIL, "A"),
    Target("wallet_share", "purchases through a phone wallet ÷ purchases", 0.625, "share", _MOBILE, "A"),
    Target("double_11_season", "goods bought online a day, 1 to 11 November ÷ ordinary days", 1.4, "times", _PARCELS,
           "A", "ordinary_goods_online"),
    Target("interest_a_year", "interest charged in a year ÷ what bears it", 0.1825, "share", "0.05 % a day", "A"),
    Target("minimum_share", "minimum ÷ due, without plans and arrears", 0.10, "share", "habit of the market", "A"),
    Target("days_to_pay", "days from statement to due day (18 to 25)", 21.5, "days", "habit of the market", "C"),
    Target("days_of_grace", "days from due day to late fee", 3, "days", "convention of the industry", "A"),
    Target("bill_plan_12m_a_year", "simple annual rate of a bill plan of 12 months at 0.60 %", 0.1303, "share",
           "instalment arithmetic", "A"),
    Target("cash_plan_12m_a_year", "simple annual rate of a cash plan of 12 months at 0.75 %", 0.1622, "share",
           "instalment arithmetic", "A"),
    Target("women", "women ÷ people", 0.4876, "share", _CENSUS, "A"),
    *(Target(f"group_{group.name}", f"{group.title.en} ÷ people", group.share, "share", "groups the business plans for",
             "C") for group in GROUPS),
    Target("dormant_share", "18 months silent and nothing owed ÷ accounts; the ceiling is 20 %", 0.17, "share"),
    Target("active_1m", "accounts used in 1 month ÷ accounts", 0.70, "share"),
    Target("active_3m", "accounts used in 3 months ÷ accounts", 0.72, "share"),
    Target("active_6m", "accounts used in 6 months ÷ accounts", 0.74, "share"),
    Target("active_12m", "accounts used in 12 months ÷ accounts", 0.76, "share"),
    Target("never_used_share", "accounts never used ÷ accounts", 0.15, "share"),
    Target("activated_30d", "cards activated within 30 days of issue", 0.88, "share"),
    Target("activated_60d", "cards activated within 60 days of issue", 0.91, "share"),
    Target("activated_90d", "cards activated within 90 days of issue", 0.92, "share"),
    Target("bound_30d", "cards bound within 30 days of activation", 0.72, "share"),
    Target("bound_60d", "cards bound within 60 days of activation", 0.73, "share"),
    Target("first_used_30d", "cards used within 30 days of issue", 0.71, "share"),
    Target("first_used_60d", "cards used within 60 days of issue", 0.83, "share"),
    Target("first_used_90d", "cards used within 90 days of issue", 0.85, "share"),
    Target("bound_share", "cards bound ÷ activated cards held", 0.72, "share"),
    Target("minimum_payers", "statements of holders who pay the minimum", 0.08, "share"),
    Target("revolving_share", "interest-bearing ÷ statement balances", 0.37, "share"),
    Target("instalment_penetration", "principal in plans ÷ owed", 0.32, "share"),
    Target("m1_rate", "1 to 29 days late ÷ owed", 0.012, "share"),
    Target("m2_rate", "30 to 59 days late ÷ owed", 0.0042, "share"),
    Target("non_performing_share", "over 90 days late ÷ owed", 0.0175, "share"),
    Target("roll_m1_m2", "of M1 a month ago, later now", 0.32, "share"),
    Target("roll_m2_m3", "of M2 a month ago, later now", 0.58, "share"),
    Target("online_share", "purchases online ÷ purchases", 0.39, "share"),
    Target("abroad_share", "purchases abroad ÷ purchases", 0.0047, "share"),
    Target("declined_share", "purchases declined ÷ tried", 0.029, "share"),
    Target("cash_advance_share", "cash drawn ÷ cash drawn and purchases", 0.005, "share"),
    Target("complaints_per_million", "complaints a year per million accounts", 6_000, "complaints"),
    Target("double_11_day", "goods bought online on 11 November ÷ ordinary days", 3.6, "times",
           beside="ordinary_goods_online"),
    Target("spring_festival_week", "purchases a day in the week of Spring Festival ÷ ordinary days", 0.70, "times",
           beside="ordinary_purchases"),
)  # fmt: skip
