"""Classes of merchants: what a customer buys, by merchant category code (ISO 18245).

The codes are four digits, so that texts compare like numbers. What no class names, or bears no code, is *other*.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text

OTHER = "other"


@dataclass(frozen=True)
class MerchantClass:
    """``codes`` are ranges, both ends included; no two classes share a code (tested)."""

    name: str
    title: Text
    codes: tuple[tuple[str, str], ...]


CLASSES = (
    MerchantClass("groceries", Text("日用食品", "groceries"), (("5411", "5499"),)),
    MerchantClass("dining", Text("餐饮", "dining"), (("5811", "5814"),)),
    MerchantClass(
        "transport", Text("出行与用车", "transport and car"),
        (("4111", "4131"), ("4784", "4789"), ("5511", "5599"), ("7511", "7549")),
    ),
    MerchantClass(
        "travel", Text("旅行", "travel"),
        (("3000", "3999"), ("4411", "4411"), ("4511", "4582"), ("4722", "4723"), ("7011", "7033")),
    ),
    MerchantClass(
        "shopping", Text("百货与服饰", "department stores and clothing"),
        (("5300", "5399"), ("5611", "5699"), ("5931", "5974"), ("5977", "5999")),
    ),
    MerchantClass("home", Text("家居与电器", "home and electronics"), (("5200", "5271"), ("5712", "5735"))),
    MerchantClass("health", Text("医疗健康", "health"), (("5912", "5912"), ("5975", "5976"), ("8011", "8099"))),
    MerchantClass("education", Text("教育", "education"), (("8211", "8299"),)),
    MerchantClass("leisure", Text("文娱休闲", "leisure"), (("5815", "5818"), ("7829", "7999"))),
    MerchantClass(
        "bills", Text("缴费与保险", "bills and insurance"), (("4812", "4900"), ("6300", "6399"), ("9211", "9402"))
    ),
)  # fmt: skip
TITLES = {each.name: each.title for each in CLASSES} | {OTHER: Text("其他商户", "other merchants")}


def merchant_class(mcc: ir.StringValue) -> ir.StringValue:
    """The name of the class of a code, never null."""
    ranges = [(mcc.between(low, high), each.name) for each in CLASSES for low, high in each.codes]
    return ibis.cases(*ranges, else_=OTHER)
