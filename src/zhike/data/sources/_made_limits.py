"""Temporary limits of the made bank's card system: whole limits with a first and a last day."""

import ibis

from zhike.data.columns import Code, Day, Money
from zhike.data.source import Map, RawFile, Rule
from zhike.data.sources._made_format import ACCOUNT, DAY, fixed, pattern, trailer

_REASONS: dict[str, str | None] = {
    "01": "travel", "02": "spring_festival", "03": "holiday", "04": "sales", "05": "asked", "06": "offered",
}  # fmt: skip

TEMPORARY_LIMITS = RawFile(
    name="limit",
    pattern=pattern("limit"),
    format=fixed("limit", {
        "account_no": 14, "reason": 2, "limit": 14, "currency": 3, "start": 8, "end": 8, "state": 1, "changed": 8,
    }),
    columns={
        "account_no": ACCOUNT, "reason": Code(_REASONS), "limit": Money(implied=True, least=1, name="limit_cents"),
        "currency": Code({"CNY": "CNY"}), "start": Day(DAY, name="start_on"), "end": Day(DAY, name="end_on"),
        "state": Code({"G": "granted", "E": "ended_early"}), "changed": Day(DAY),
    },
    rules=(
        # What was ended before it began has its last day right before its first.
        Rule("contradiction", "end", lambda raw: raw.start_on <= raw.end_on + ibis.interval(days=1)),
        Rule("contradiction", "start", lambda raw: (raw.state == "ended_early") | (raw.changed <= raw.start_on)),
    ),
    maps=(
        Map("limit_event", lambda raw: {
            "account_id": raw.account_id, "kind": ibis.literal("temporary"), "limit_cents": raw.limit_cents,
            "currency": raw.currency, "reason": raw.reason, "valid_from": raw.start_on,
            "valid_to": (raw.end_on + ibis.interval(days=1)).cast("date"),
        }),
    ),
    control=trailer("limit"),
    optional=True,
)  # fmt: skip
