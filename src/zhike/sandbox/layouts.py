"""What the made bank writes into each file, as a bank would hand its record layouts over."""

from zhike.sandbox.card_layouts import ACCOUNT, BRANCH, CARD, CUSTOMER, MERCHANT, PRODUCT, STATEMENT, TERMINAL, TXN
from zhike.sandbox.core_layouts import CORE_ACCOUNT, CORE_BALANCE, CORE_CUSTOMER, CORE_MOVEMENT

RECORDS = (
    BRANCH, PRODUCT, MERCHANT, TERMINAL, CUSTOMER, ACCOUNT, CARD, TXN, STATEMENT, CORE_CUSTOMER, CORE_ACCOUNT,
    CORE_MOVEMENT, CORE_BALANCE,
)  # fmt: skip
# First and last line of a fixed-width file, and the companion of a CSV file.
HEADER = "H{name:<10}{day:%Y%m%d}+0800"
TRAILER = "T{count:010d}{total:+018d}"
COMPANION = "file={file} day={day:%Y-%m-%d} rows={count} sum={total}"

__all__ = [
    "ACCOUNT", "BRANCH", "CARD", "COMPANION", "CORE_ACCOUNT", "CORE_BALANCE", "CORE_CUSTOMER", "CORE_MOVEMENT",
    "CUSTOMER", "HEADER", "MERCHANT", "PRODUCT", "RECORDS", "STATEMENT", "TERMINAL", "TRAILER", "TXN",
]  # fmt: skip
