"""Movements of points of the made bank's card system."""

import ibis
from ibis.expr.types import Value

from zhike.data.columns import Code, Ignored, Moment, Money, Party, Surrogate, Words
from zhike.data.source import Map, RawFile, Rule
from zhike.data.sources._made_format import HIDDEN, fixed, pattern, trailer

_KINDS: dict[str, str | None] = {
    "01": "earn", "02": "promotion", "03": "redeem", "04": "expire", "05": "reverse", "06": "transfer",
}  # fmt: skip
_LESS = ["redeem", "expire", "reverse"]


def _movement(raw: ibis.Table) -> dict[str, Value]:
    return {
        "points_movement_id": raw.ref, "party_id": raw.party_id, "account_id": raw.account_id, "kind": raw.kind,
        "direction": ibis.ifelse(raw.points < 0, "debit", "credit"), "points": raw.points.abs(),
        "event_at": raw["at"], "business_date": raw.at__day,
    }  # fmt: skip


POINTS = RawFile(
    name="points",
    pattern=pattern("points"),
    format=fixed("points", {
        "ref": 16, "account_no": 14, "customer_no": 12, "kind": 2, "txn_date": 8, "txn_time": 6, "points": 14,
        "balance": 14, "other_no": 14,
    }),
    columns={
        "ref": Words(), "account_no": Surrogate("account", name="account_id", known_in="account", masked=True),
        "customer_no": Party(name="party_id", masked=True), "kind": Code(_KINDS),
        "txn_date": Moment("%Y%m%d %H%M%S", and_column="txn_time", name="at"), "txn_time": Ignored(),
        # Whole points, written and summed as amounts are.
        "points": Money(implied=True), "balance": Money(implied=True, least=0), "other_no": HIDDEN,
    },
    rules=(
        Rule("contradiction", "points", lambda raw: ~raw.kind.isin(_LESS) | (raw.points < 0)),
        Rule("contradiction", "kind", lambda raw: ~raw.kind.isin(["earn", "promotion"]) | (raw.points > 0)),
    ),
    maps=(Map("points_movement", _movement),),
    control=trailer("points"),
    optional=True,
)  # fmt: skip
