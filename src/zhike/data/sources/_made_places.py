"""Branches, products, merchants and terminals of the made bank's card system."""

from zhike.data.columns import Code, Ignored, Surrogate, Words
from zhike.data.source import Map, RawFile
from zhike.data.sources._made_format import FEN, fixed, pattern, trailer

BRANCH = RawFile(
    name="branch",
    pattern=pattern("branch"),
    format=fixed("branch", {"branch_no": 6, "name": 40, "level": 1, "parent_no": 6, "division": 6}),
    columns={
        "branch_no": Surrogate("branch", name="branch_id"), "name": Words(), "level": Ignored(),
        "parent_no": Surrogate("branch", name="parent_id", optional=True), "division": Words(),
    },
    maps=(
        Map("branch", lambda raw: {
            "branch_id": raw.branch_id, "name": raw["name"], "parent_id": raw.parent_id, "region_code": raw.division,
        }),
    ),
    control=trailer(),
    optional=True,
)  # fmt: skip

PRODUCT = RawFile(
    name="product",
    pattern=pattern("product"),
    format=fixed("product", {"product": 4, "name_zh": 40, "name_en": 40, "family": 1, "annual_fee": 14}),
    columns={
        "product": Words(name="product_code"), "name_zh": Words(), "name_en": Words(),
        "family": Code({"1": "inclusive", "2": "benefit", "3": "business", "4": "virtual", "5": "premium"}),
        "annual_fee": FEN,
    },
    maps=(
        Map("product", lambda raw: {
            "product_code": raw.product_code, "family": raw.family, "name_zh": raw.name_zh, "name_en": raw.name_en,
        }),
    ),
    control=trailer("annual_fee"),
    optional=True,
)  # fmt: skip

MERCHANT = RawFile(
    name="merchant",
    pattern=pattern("merchant"),
    format=fixed("merchant", {"merchant_no": 15, "name": 40, "mcc": 4, "division": 6, "country": 2}),
    columns={
        "merchant_no": Surrogate("merchant", name="merchant_id"), "name": Words(), "mcc": Words(),
        "division": Words(optional=True), "country": Words(),
    },
    maps=(
        Map("merchant", lambda raw: {
            "merchant_id": raw.merchant_id, "name": raw["name"], "mcc": raw.mcc, "region_code": raw.division,
            "country": raw.country,
        }),
    ),
    control=trailer(),
    optional=True,
)  # fmt: skip

TERMINAL = RawFile(
    name="terminal",
    pattern=pattern("terminal"),
    format=fixed("terminal", {"terminal_no": 8, "kind": 1, "merchant_no": 15}),
    columns={
        "terminal_no": Surrogate("terminal", name="terminal_id"), "kind": Code({"P": "pos", "A": "atm"}),
        "merchant_no": Surrogate("merchant", name="merchant_id", known_in="merchant"),
    },
    maps=(
        Map("terminal", lambda raw: {
            "terminal_id": raw.terminal_id, "kind": raw.kind, "merchant_id": raw.merchant_id,
        }),
    ),
    control=trailer(),
    optional=True,
)  # fmt: skip
