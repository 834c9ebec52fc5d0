"""CDNOW: 69,659 purchases of 23,570 customers of an online shop, 1997 to June 1998.

The file has no reference of a purchase (215 rows repeat another one exactly), so the line is the reference.
A customer is an account of kind ``purchase``, known from the first purchase on.
"""

import ibis

from zhike.core.text import Text
from zhike.data.columns import Day, Money, Party, Surrogate, Whole
from zhike.data.source import Lookup, Map, RawFile, Source, Spaced, sources


def _with_first(raw: ibis.Table, lookup: Lookup) -> ibis.Table:
    first = lookup("purchases").group_by("party_id").aggregate(first_known=lambda rows: rows.bought_on.min())
    return raw.left_join(first, "party_id").drop("party_id_right")


def _purchase(raw: ibis.Table) -> dict[str, ibis.Value]:
    return {
        "transaction_id": raw["_line"], "account_id": raw.account_id, "kind": ibis.literal("purchase"),
        "direction": ibis.literal("debit"), "amount_cents": raw.dollar_value, "customer_initiated": ibis.literal(True),
        "channel": ibis.literal("online"), "purpose": raw.number_of_cds.cast("string") + " CDs",
        "business_date": raw.bought_on,
    }  # fmt: skip


PURCHASES = RawFile(
    name="purchases",
    pattern=r"CDNOW_master\.txt",
    format=Spaced(),
    columns={
        "customer_id": (Party(first_known="first_known", name="party_id"), Surrogate("account", name="account_id")),
        "date": Day("%Y%m%d", name="bought_on"), "number_of_cds": Whole(least=0), "dollar_value": Money(least=0),
    },
    reads=("purchases",),
    prepare=_with_first,
    maps=(
        Map("party", lambda raw: {
            "party_id": raw.party_id, "kind": ibis.literal("person"), "known_from": raw.first_known,
        }),
        Map("account", lambda raw: {
            "account_id": raw.account_id, "kind": ibis.literal("purchase"), "opened_on": raw.first_known,
            "status": ibis.literal("open"), "known_from": raw.first_known,
        }),
        Map("account_party", lambda raw: {
            "account_id": raw.account_id, "party_id": raw.party_id, "role": ibis.literal("main"),
            "known_from": raw.first_known,
        }),
        Map("transaction", _purchase),
    ),
)  # fmt: skip

CDNOW = sources.register(
    Source(
        name="cdnow",
        title=Text(zh="CDNOW 网店购买记录", en="CDNOW, purchases in an online shop"),
        meaning=Text(
            zh="1997 年一季度首次购买的 23,570 位客户到 1998 年 6 月的全部购买，客户生命周期价值的基准数据。",
            en="All purchases to June 1998 of the 23,570 customers who first bought in the first quarter of 1997: "
            "the benchmark of customer lifetime value.",
        ),
        currency="USD",
        zone="America/New_York",
        files=(PURCHASES,),
        consent="assumed_given_for_research_data",
    )
)
