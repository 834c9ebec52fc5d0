"""What the made bank writes into each file, as a bank would hand its record layouts over."""

from zhike.sandbox.card_layouts import (
    ACCOUNT,
    APPLICATION,
    BRANCH,
    CARD,
    CUSTOMER,
    LIMIT,
    MERCHANT,
    PLAN,
    POINTS,
    PRODUCT,
    STATEMENT,
    TERMINAL,
    TXN,
)
from zhike.sandbox.contact_layouts import (
    CALL,
    COMPLAINT,
    CRM_CUSTOMER,
    CRM_MANAGER,
    CRM_VISIT,
    DIGITAL_EVENT,
    SURVEY,
)
from zhike.sandbox.core_layouts import CORE_ACCOUNT, CORE_BALANCE, CORE_CUSTOMER, CORE_MOVEMENT
from zhike.sandbox.machine_layouts import ATM_JOURNAL, POS_SETTLEMENT

RECORDS = (
    BRANCH, PRODUCT, MERCHANT, TERMINAL, APPLICATION, CUSTOMER, ACCOUNT, LIMIT, CARD, TXN, STATEMENT, PLAN, POINTS,
    CORE_CUSTOMER, CORE_ACCOUNT, CORE_MOVEMENT, CORE_BALANCE, POS_SETTLEMENT, ATM_JOURNAL, DIGITAL_EVENT, CALL,
    COMPLAINT, SURVEY, CRM_MANAGER, CRM_CUSTOMER, CRM_VISIT,
)  # fmt: skip
# First and last line of a fixed-width file, and the companion of a CSV file.
HEADER = "H{name:<10}{day:%Y%m%d}+0800"
TRAILER = "T{count:010d}{total:+018d}"
COMPANION = "file={file} day={day:%Y-%m-%d} rows={count} sum={total}"

__all__ = [
    "ACCOUNT", "APPLICATION", "ATM_JOURNAL", "BRANCH", "CALL", "CARD", "COMPANION", "COMPLAINT", "CORE_ACCOUNT",
    "CORE_BALANCE", "CORE_CUSTOMER", "CORE_MOVEMENT", "CRM_CUSTOMER", "CRM_MANAGER", "CRM_VISIT", "CUSTOMER",
    "DIGITAL_EVENT", "HEADER", "LIMIT", "MERCHANT", "PLAN", "POINTS", "POS_SETTLEMENT", "PRODUCT", "RECORDS",
    "STATEMENT", "SURVEY", "TERMINAL", "TRAILER", "TXN",
]  # fmt: skip
