"""The columns of the card system's file of applications."""

import numpy as np

from zhike.sandbox.applications import APPROVED, EVENTS, NO_REASON, REASONS, RECEIVED, Filed
from zhike.sandbox.card_texts import CardTexts, prefixed
from zhike.sandbox.fixed_width import Coded, Column, encoded
from zhike.sandbox.numbers import digits, scattered
from zhike.sandbox.world import World

_EVENTS, _REASONS = encoded(EVENTS, 2), encoded(REASONS, 2)


def columns(world: World, texts: CardTexts, filed: Filed, base: int) -> dict[str, Column | Coded]:
    """One row per step of an application."""
    asked = world.applications.at(filed.application)
    approved = filed.event == APPROVED
    limit = np.where(approved, world.accounts.limit[np.maximum(asked.account, 0)], 0)
    reason = np.where(filed.event == RECEIVED, NO_REASON, asked.reason)
    hour = np.where(filed.event == RECEIVED, 32_400, 61_200)
    return {
        "event_ref": digits(base + 1 + np.arange(len(filed)), 16),
        "application_no": prefixed("80", digits(scattered(asked.number, 12), 12)),
        "customer_no": texts.customer_no(asked.person), "name": Coded(texts.names, world.people.name[asked.person]),
        "id_type": "01", "id_no": texts.identity[asked.person], "phone": texts.phone[asked.person],
        "product": Coded(texts.products, asked.product), "channel": Coded(texts.channels, asked.channel),
        "event": Coded(_EVENTS, filed.event), "event_date": filed.day, "event_time": hour + asked.number % 20_000,
        "limit": limit, "currency": "CNY", "reason": Coded(_REASONS, reason),
        "branch_no": Coded(texts.branch_codes, texts.home[asked.person]),
    }  # fmt: skip
