"""Words that the made bank's logs, calls and visits have in common, and the answers to offers in them."""

from collections.abc import Callable

import ibis
from ibis.expr.types import BooleanValue, Value

from zhike.data.source import Map

# How the world ends a contact -> how the canonical table says it.
OUTCOMES: dict[str, str | None] = {
    "done": "done", "solved": "done", "passed_on": "done", "gave_up": "failed", "no_answer": "failed",
    "talked": "answered", "delivered": "delivered", "failed": "failed",
}  # fmt: skip
ANSWERS: dict[str, str | None] = {
    name: name for name in ("accepted", "declined", "opened", "clicked", "ignored")
}  # fmt: skip


def own_campaign(raw: ibis.Table) -> BooleanValue:
    """Whether the bank's own campaigns made a contact: their references are 16 digits that begin with the day.

    A contact that was asked for from here has a reference of another kind and is recorded here already.
    """
    today = raw.at__day.strftime("%Y%m%d")
    return ((raw.ref.length() == 16) & (raw.ref.left(8) == today)).fill_null(False)


def answered(key: str, channel: Callable[[ibis.Table], Value]) -> Map:
    """The answer to an offer that a row may hold beside what else it tells."""
    return Map("offer_response", lambda raw: {
        "offer_response_id": raw[key], "party_id": raw.party_id, "offer": raw.offer, "channel": channel(raw),
        "answer": raw.answer, "event_at": raw["at"], "business_date": raw.at__day,
    }, where=lambda raw: raw.answer.notnull() & raw.offer.notnull())  # fmt: skip
