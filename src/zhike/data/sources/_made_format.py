"""What the files of the made bank have in common (docs/reference/made-bank-files.md)."""

import re
from collections.abc import Mapping

import ibis
from ibis.expr.types import StringValue

from zhike.data.columns import Ignored, Money, Surrogate
from zhike.data.source import Companion, FixedWidth, Trailer

DAY = "%Y%m%d"
HIDDEN = Ignored(masked=True)
ACCOUNT = Surrogate("account", name="account_id", known_in="account", masked=True)
BRANCH_NO = Surrogate("branch", name="branch_id", known_in="branch")
FEN = Money(implied=True)


def fixed(name: str, widths: Mapping[str, int]) -> FixedWidth:
    """The format of a file of the card system: widths in bytes, a header line that names the kind of file."""
    return FixedWidth(widths, header=rf"H{name.upper():<10}\d{{8}}\+0800")


def pattern(name: str) -> str:
    return rf"(cards/)?(?P<date>\d{{8}})/{name}\.dat"


def trailer(total: str = "") -> Trailer:
    """T, number of lines, and the sum of a column, which is zero where no column is summed."""
    return Trailer(rf"T(?P<count>\d{{10}}){'(?P<sum>' if total else '('}[+-]\d{{17}})", total)


def daily(system: str, file: str) -> str:
    """The pattern of a file of a system that writes a folder a day."""
    return rf"({system}/)?(?P<date>\d{{8}})/{re.escape(file)}"


COUNTED = Companion(r"rows=(?P<count>\d+)")


def summed(total: str) -> Companion:
    """A companion that tells the number of rows and the sum of a column in yuan."""
    return Companion(r"rows=(?P<count>\d+) sum=(?P<sum>-?[\d.]+)", total=total)


def coded(value: StringValue, codes: Mapping[str, str]) -> StringValue:
    """The text that stands for a code, null for others."""
    return ibis.cases(*((value == code, text) for code, text in codes.items()), else_=ibis.null("string"))


OCCUPATIONS: dict[str, str | None] = {
    "01": "civil_servant", "02": "professional", "03": "clerk", "04": "shop_and_service",
    "05": "production_and_transport", "06": "farming", "07": "own_business", "08": "student", "09": "retired",
    "10": "manager",
}  # fmt: skip
INCOME_BANDS: dict[str, str | None] = {
    "1": "under_50k", "2": "50k_to_100k", "3": "100k_to_200k", "4": "200k_to_500k", "5": "over_500k",
}  # fmt: skip
CITY_TIERS: dict[str, str | None] = {"1": "1", "2": "2", "3": "3", "4": "4", "R": "rural"}
TARGET_GROUPS: dict[str, str | None] = {
    "01": "young_digital", "02": "stable_middle", "03": "high_end", "04": "rural_county", "05": "older",
    "06": "small_business", "07": "first_job",
}  # fmt: skip
