"""The groups of people a bank plans for, and how they differ."""

from dataclasses import dataclass

from zhike.core.text import Text


@dataclass(frozen=True)
class Group:
    """One group. Incomes and tickets in yuan; traits are means on a logit scale.

    ``cities`` weighs a city by its tier (1 to 4) as this group's home; ``county`` is the chance of living in a county.
    """

    name: str
    title: Text
    share: float
    ages: tuple[int, int]
    income: float
    income_spread: float
    purchases_a_month: float
    ticket: float
    limit_months: float
    need_for_credit: float
    digital: float
    diligence: float
    travel: float
    price_sensitivity: float
    risk: float
    cities: tuple[float, float, float, float]
    county: float
    occupations: tuple[str, ...]
    products: dict[str, float]
    tastes: dict[str, float]


# Codes of occupation: 01 civil servant, 02 professional, 03 office worker, 04 shop and service, 05 production and
# transport, 06 farming, 07 own business, 08 student, 09 retired, 10 manager.
GROUPS = (
    Group(
        "young_digital", Text("年轻数字客群", "Young and digital"), 0.24, (22, 35), 96_000, 0.40, 28.0, 1.5, 2.65,
        -0.45, 1.9, 0.7, 0.2, 0.5, -0.2, (1.6, 1.3, 0.8, 0.5), 0.05, ("02", "03", "03", "04"),
        {"1001": 4, "2001": 4, "2002": 4, "4001": 3}, {"online": 1.5, "delivery": 1.8, "leisure": 1.5, "fuel": 0.5},
    ),
    Group(
        "stable_middle", Text("稳定中产", "Stable middle class"), 0.30, (30, 55), 138_000, 0.35, 24.0, 1.95, 2.75, -1.0,
        0.9, 1.4, 0.3, 0.1, -0.9, (1.2, 1.2, 1.0, 0.8), 0.06, ("01", "02", "03", "10"),
        {"1001": 3, "1002": 4, "2001": 2, "2002": 2, "2003": 2, "5001": 1},
        {"school": 1.8, "fuel": 1.5, "grocery": 1.2},
    ),
    Group(
        "high_end", Text("高端客群", "High-end"), 0.03, (32, 62), 620_000, 0.50, 28.0, 4.3, 3.0,
        -1.8, 0.8, 2.0, 1.6, -1.3, -1.5, (2.2, 1.2, 0.5, 0.3), 0.01, ("10", "07", "02"),
        {"5001": 6, "5002": 4}, {"hotel": 3.0, "airline": 3.0, "dining": 1.4, "jewellery": 2.5, "delivery": 0.5},
    ),
    Group(
        "rural_county", Text("县域与乡村", "Rural and county"), 0.18, (22, 60), 52_000, 0.40, 14.0, 1.4, 2.95,
        -0.6, 0.1, 0.8, -1.6, 0.7, 0.0, (0.0, 0.5, 1.0, 2.5), 0.85, ("05", "06", "04", "07"),
        {"1001": 8, "1002": 1}, {"grocery": 1.4, "telecom": 1.3, "online": 0.8, "hotel": 0.4, "airline": 0.2},
    ),
    Group(
        "older", Text("年长客群", "Older"), 0.08, (58, 75), 66_000, 0.35, 10.0, 1.5, 2.6,
        -2.2, -0.9, 2.2, -0.6, 0.4, -1.6, (1.0, 1.0, 1.1, 1.0), 0.12, ("09",),
        {"1001": 6, "1002": 2}, {"pharmacy": 2.5, "grocery": 1.8, "medical": 2.0, "delivery": 0.2, "leisure": 0.5},
    ),
    Group(
        "small_business", Text("小微企业主", "Small-business owners"), 0.09, (28, 58), 170_000, 0.55, 23.0, 2.9, 2.65,
        0.25, 0.9, 0.4, 0.4, -0.2, 0.5, (0.9, 1.0, 1.2, 1.2), 0.15, ("07",),
        {"3001": 7, "1002": 2, "5001": 1}, {"wholesale": 4.0, "fuel": 1.6, "dining": 1.3, "electronics": 1.5},
    ),
    Group(
        "first_job", Text("学生与初入职场", "Students and first-jobbers"), 0.08, (18, 25), 48_000, 0.30, 21.0, 1.05,
        1.95, -0.1, 2.3, 0.1, -0.3, 0.9, 0.4, (1.3, 1.4, 0.9, 0.6), 0.03, ("08", "03", "04"),
        {"1001": 5, "4001": 5, "2001": 2}, {"online": 1.4, "delivery": 2.4, "leisure": 1.6, "fuel": 0.1, "school": 1.4},
    ),
)  # fmt: skip
