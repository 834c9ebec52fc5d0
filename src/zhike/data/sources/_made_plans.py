"""Instalment plans of the made bank's card system."""

from zhike.data.columns import Code, Day, Money, Whole, Words
from zhike.data.source import Map, RawFile, Rule
from zhike.data.sources._made_format import ACCOUNT, DAY, fixed, pattern, trailer

_STATUSES: dict[str, str | None] = {
    "R": "running", "D": "running_in_debt", "F": "finished", "B": "finished_unpaid", "C": "cancelled",
}  # fmt: skip

PLANS = RawFile(
    name="plan",
    pattern=pattern("plan"),
    format=fixed("plan", {
        "plan_no": 16, "account_no": 14, "kind": 1, "principal": 14, "currency": 3, "term": 2, "payment": 14,
        "interest": 14, "annual_rate": 5, "booked": 8, "billed": 2, "remaining": 14, "status": 1, "since": 8,
    }),
    columns={
        "plan_no": Words(), "account_no": ACCOUNT, "kind": Code({"B": "bill", "P": "purchase", "C": "cash"}),
        "principal": Money(implied=True, least=1), "currency": Code({"CNY": "CNY"}), "term": Whole(least=2, most=60),
        "payment": Money(implied=True, least=0), "interest": Money(implied=True, least=0),
        "annual_rate": Whole(least=0), "booked": Day(DAY, name="booked_on"), "billed": Whole(least=0, most=60),
        "remaining": Money(implied=True, least=0), "status": Code(_STATUSES), "since": Day(DAY),
    },
    rules=(
        Rule("contradiction", "since", lambda raw: raw.booked_on <= raw.since),
        Rule("contradiction", "remaining", lambda raw: raw.remaining <= raw.principal),
    ),
    maps=(
        Map("instalment_plan", lambda raw: {
            "plan_id": raw.plan_no, "account_id": raw.account_id, "kind": raw["kind"],
            "principal_cents": raw.principal, "currency": raw.currency, "term_months": raw.term.cast("int32"),
            "payment_cents": raw.payment, "booked_on": raw.booked_on, "status": raw.status, "valid_from": raw.since,
        }),
    ),
    control=trailer("principal"),
    optional=True,
)  # fmt: skip
