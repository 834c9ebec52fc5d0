"""Applications of the made bank's card system: the first file in which a person may be met."""

import ibis

from zhike.data.columns import Code, Identity, Ignored, Moment, Money, Party, Personal, Words
from zhike.data.source import Map, RawFile, Rule
from zhike.data.sources._made_format import BRANCH_NO, fixed, pattern, trailer
from zhike.data.sources._made_movements import CHANNELS

_EVENTS: dict[str, str | None] = {"01": "received", "02": "approved", "03": "refused", "04": "withdrawn"}

APPLICATIONS = RawFile(
    name="application",
    pattern=pattern("application"),
    format=fixed("application", {
        "event_ref": 16, "application_no": 14, "customer_no": 12, "name": 40, "id_type": 2, "id_no": 18, "phone": 11,
        "product": 4, "channel": 2, "event": 2, "event_date": 8, "event_time": 6, "limit": 14, "currency": 3,
        "reason": 2, "branch_no": 6,
    }),
    columns={
        "event_ref": Words(), "application_no": Ignored(),
        "customer_no": Party(name="party_id", first_known="at__day", masked=True), "name": Personal("full_name"),
        "id_type": Code({"01": "01"}), "id_no": Identity(), "phone": Personal("phone"),
        "product": Words(name="product_code"), "channel": Code(CHANNELS), "event": Code(_EVENTS, name="step"),
        "event_date": Moment("%Y%m%d %H%M%S", and_column="event_time", name="at"), "event_time": Ignored(),
        "limit": Money(implied=True, least=0, name="limit_cents"),
        "currency": Code({"CNY": "CNY"}), "reason": Words(optional=True),
        "branch_no": BRANCH_NO,
    },
    rules=(Rule("contradiction", "limit", lambda raw: (raw.limit_cents > 0) == (raw.step == "approved")),),
    maps=(
        Map("application", lambda raw: {
            "application_id": raw.event_ref, "party_id": raw.party_id, "product_code": raw.product_code,
            "channel": raw.channel, "outcome": raw.step,
            "limit_cents": ibis.ifelse(raw.step == "approved", raw.limit_cents, ibis.null("int64")),
            "event_at": raw["at"], "business_date": raw.at__day,
        }),
    ),
    control=trailer("limit"),
    optional=True,
)  # fmt: skip
