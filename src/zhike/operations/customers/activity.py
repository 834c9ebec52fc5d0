"""What a customer's page shows beside the view: what happened lately, and spend by month, packed one row each.

The engine ranks and orders flat rows; packing them to JSON is done here on Arrow columns, so that every engine
publishes the same bytes, in bounded memory.
"""

from collections.abc import Iterator, Sequence

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _

from zhike.core.clock import months_before
from zhike.data.asof import Facts
from zhike.data.compiler import Road

KEPT_PER_CUSTOMER = 50
MONTHS = 18
ENTRY = ("on_day", "at", "table_name", "kind", "amount_cents", "currency", "direction", "channel", "detail")
MONTH = ("month", "spend_cents", "purchases")

_MONEY = {"amount_cents": "int64", "currency": "string", "direction": "string"}


def timeline(facts: Facts, of: ibis.Table | None = None) -> ibis.Table:
    """Flat rows (customer_id, then `ENTRY`), newest first: of each the last 50 movements and 50 other steps.

    ``of`` holds the customer_id of those wanted; None wants everybody.
    """
    rows = _entries(facts)
    rows = rows if of is None else rows.semi_join(of, "customer_id")
    at = rows.at.fill_null(rows.on_day.cast("timestamp('UTC')"))
    newest = [rows.on_day.desc(), at.desc(), rows.entry_id.desc()]
    ranked = rows.mutate(place=ibis.row_number().over(group_by=["customer_id", "lane"], order_by=newest))
    kept = ranked.filter(ranked.place < KEPT_PER_CUSTOMER)
    ordered = kept.order_by([kept.customer_id, kept.on_day.desc(), kept.lane, kept.place])
    return ordered.select("customer_id", *ENTRY)


def prints(facts: Facts, code: str) -> ibis.Table:
    """customer_id, and a print: equal as long as a customer's timeline, made by this ``code``, is.

    It covers all that can be seen of the customer, so it does not matter which load, version or day changed it; and it
    needs neither rank nor order, which are what a timeline costs. Two hashes: those of Spark have 32 bits each.
    """
    rows = _entries(facts)
    parts = {"code": ibis.literal(code), **{name: rows[name] for name in rows.columns}}
    hashed = rows.mutate(one=ibis.struct(parts).hash(), two=ibis.struct(dict(reversed(parts.items()))).hash())
    return hashed.group_by("customer_id").aggregate(entries=_.count(), one=_.one.bit_xor(), two=_.two.bit_xor())


def monthly_spend(facts: Facts) -> ibis.Table:
    """Flat rows (customer_id, then `MONTH`) of the last 18 months, oldest first, without empty months."""
    moved = facts("transaction")
    first = months_before(facts.as_of.replace(day=1), MONTHS - 1)
    moved = moved.filter(moved.business_date >= first, moved.kind.isin(["purchase", "refund"]))
    held = _of_holder(facts, moved)
    spend = ibis.ifelse(held.kind == "purchase", held.amount_cents, -held.amount_cents)
    months = held.group_by("customer_id", month=held.business_date.truncate("M").cast("date")).aggregate(
        spend_cents=spend.sum().cast("int64"), purchases=held.count(where=held.kind == "purchase")
    )
    return months.order_by("customer_id", "month").select("customer_id", *MONTH)


def packed(rows: pa.RecordBatchReader, name: str, columns: Sequence[str]) -> pa.RecordBatchReader:
    """Flat rows ordered by customer -> one row each: ``customer_id``, and ``name``: a JSON array of arrays."""
    schema = pa.schema([("customer_id", pa.string()), (name, pa.string())])

    def batches() -> Iterator[pa.RecordBatch]:
        for whole in _by_customer(rows):
            yield _pack(whole, schema, columns)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _entries(facts: Facts) -> ibis.Table:
    return ibis.union(*_movements(facts), *_steps(facts))


def _movements(facts: Facts) -> list[ibis.Table]:
    moved, posted, paid = facts("transaction"), facts("posting"), facts("payment")
    merchants = facts("merchant").select("merchant_id", merchant_name="name")
    named = _of_holder(facts, moved.left_join(merchants, "merchant_id"))
    detail = ibis.coalesce(named.merchant_name, named.purpose)
    posted, paid = _of_holder(facts, posted), _of_holder(facts, paid)
    none = ibis.null("string")
    return [
        _entry(named, "transaction", "movement", named.transaction_id, channel=named.channel, detail=detail),
        _entry(posted, "posting", "movement", posted.posting_id),
        _entry(
            paid.mutate(kind=ibis.literal("payment"), direction=none), "payment", "movement", paid.payment_id,
            channel=paid.channel,
        ),
    ]  # fmt: skip


def _steps(facts: Facts) -> list[ibis.Table]:
    cards = facts("card").select("card_id", customer_id="party_id")
    carded = facts("card_event").join(cards, "card_id")
    asked, spoke, told = (
        facts(name).mutate(customer_id=lambda rows: rows.party_id)
        for name in ("application", "interaction", "complaint")
    )
    return [
        _step(carded, "card_event", carded.card_event_id, carded.kind, detail=carded.detail),
        _step(asked, "application", asked.application_id, asked.outcome, asked.channel, asked.product_code),
        _step(spoke, "interaction", spoke.interaction_id, spoke.topic, spoke.channel, spoke.outcome),
        _step(told, "complaint", told.complaint_event_id, told.step, told.channel, told.cause),
    ]


def _of_holder(facts: Facts, rows: ibis.Table) -> ibis.Table:
    """Rows with ``account_id`` and the main holder of that account as ``customer_id``."""
    return rows.join(Road(facts).holders().select("account_id", "customer_id"), "account_id")


def _entry(
    rows: ibis.Table, table: str, lane: str, entry_id: ibis.Value,
    channel: ibis.Value | None = None, detail: ibis.Value | None = None,
) -> ibis.Table:  # fmt: skip
    none = ibis.null("string")
    return rows.select(
        rows.customer_id, on_day=rows.business_date, at=rows.event_at, table_name=ibis.literal(table), kind=rows.kind,
        amount_cents=rows.amount_cents, currency=rows.currency, direction=rows.direction,
        channel=none if channel is None else channel, detail=none if detail is None else detail,
        lane=ibis.literal(lane), entry_id=entry_id,
    )  # fmt: skip


def _step(
    rows: ibis.Table, table: str, entry_id: ibis.Value, kind: ibis.Value,
    channel: ibis.Value | None = None, detail: ibis.Value | None = None,
) -> ibis.Table:  # fmt: skip
    nothing = {name: ibis.null(kind_of) for name, kind_of in _MONEY.items()}
    return _entry(rows.mutate(kind=kind, **nothing), table, "step", entry_id, channel, detail)


def _by_customer(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The same rows in tables that never part a customer's rows."""
    held: pa.Table | None = None
    for batch in rows:
        piece = pa.Table.from_batches([batch])
        held = piece if held is None else pa.concat_tables([held, piece])
        if held.num_rows == 0:
            continue
        last = held["customer_id"][-1]
        start = pc.index(held["customer_id"], last).as_py()
        if start:
            yield held.slice(0, start).combine_chunks()
            held = held.slice(start)
    if held is not None and held.num_rows:
        yield held.combine_chunks()


def _pack(rows: pa.Table, schema: pa.Schema, columns: Sequence[str]) -> pa.RecordBatch:
    customers = rows["customer_id"].combine_chunks()
    entries = pc.binary_join_element_wise(*[_json(rows[name].combine_chunks()) for name in columns], ",")
    entries = pc.binary_join_element_wise("[", entries, "]", "")
    starts = np.flatnonzero(np.concatenate([[True], customers.to_numpy(False)[1:] != customers.to_numpy(False)[:-1]]))
    offsets = pa.array(np.append(starts, len(customers)), pa.int32())
    lists = pc.binary_join(pa.ListArray.from_arrays(offsets, entries.cast(pa.string())), ",")
    joined = pc.binary_join_element_wise("[", lists, "]", "")
    return pa.record_batch([customers.take(pa.array(starts)), joined], schema=schema)


def _json(column: pa.Array) -> pa.Array:
    """A column as JSON texts, null as ``null``."""
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "null")
    if pa.types.is_timestamp(column.type):
        column = pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ")
    text = column.cast(pa.string())
    text = pc.replace_substring_regex(text, r"[\x00-\x1f]", " ")
    text = pc.replace_substring(pc.replace_substring(text, "\\", "\\\\"), '"', '\\"')
    return pc.fill_null(pc.binary_join_element_wise('"', text, '"', ""), "null")
