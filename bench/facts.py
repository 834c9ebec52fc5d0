"""Facts for benchmarks, straight into a workspace: shaped like a card business, made in columns, by seed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace, open_workspace
from zhike.data.tables import TABLES

AS_OF = date(2026, 6, 30)
_EPOCH = date(1970, 1, 1)
_DAYS = 365


def make(home: Path, customers: int, transactions: int, seed: int = 1) -> Workspace:
    """A workspace with ``customers`` and about ``transactions`` rows over a year; kept and reused when it stands."""
    workspace = open_workspace(home)
    store = SnapshotStore(workspace)
    if store.current_id():
        return workspace
    workspace.adopt_currency("CNY", "bench")
    random = np.random.default_rng(seed)
    manifest = Manifest()
    for name, parts in _tables(random, customers, transactions):
        schema = TABLES[name].arrow_schema()
        files = [store.add(name, partition, _sorted(_fitted(schema, columns))) for partition, columns in parts]
        manifest = manifest.with_table(name, files, schema)
    store.publish(replace(manifest, sources={"bench": {"currency": "CNY", "consent": "delivered"}}), "bench")
    return workspace


def _tables(random: np.random.Generator, customers: int, transactions: int) -> Iterator[tuple[str, Iterator]]:
    """Every seventh customer holds a deposit account beside the credit account; some keys have a second version."""
    holder = np.concatenate([np.arange(customers), np.arange(0, customers, 7)])
    accounts = np.arange(1, len(holder) + 1, dtype=np.int64) * 9_007_199_254_740_881 & ((1 << 62) - 1)
    parties = np.array([f"0190{i >> 16:04x}-{i & 0xFFFF:04x}-7000-8000-{i:012x}" for i in range(customers)])
    opened = _day(AS_OF) - random.integers(_DAYS, 3000, len(holder))
    since, kind = opened[:customers], np.where(np.arange(len(holder)) < customers, "credit", "deposit")
    yield "party", _versions(random, 0.05, since, {"occupation": "teacher"}, {
        "party_id": parties, "kind": "person", "sex": _pick(random, ["female", "male"], customers),
        "occupation": _pick(random, ["clerk", "driver", "cook"], customers),
        "birth_date": _day(AS_OF) - random.integers(7000, 28000, customers)})  # fmt: skip
    yield "account", _versions(random, 0.05, opened, {"status": "closed"}, {
        "account_id": accounts, "kind": kind, "currency": "CNY", "opened_on": opened, "status": "open",
        "statement_day": random.integers(1, 29, len(holder))})  # fmt: skip
    yield "account_party", _versions(random, 0, opened, {}, {
        "account_id": accounts, "party_id": parties[holder], "role": "main"})  # fmt: skip
    credit = accounts[:customers]
    yield "limit_event", _versions(random, 0.3, since, {"limit_cents": 6_000_000}, {
        "account_id": credit, "kind": "permanent", "currency": "CNY",
        "limit_cents": random.integers(5, 100, customers) * 100_000})  # fmt: skip
    cards = credit ^ 0x5555
    yield "card", _versions(random, 0, since, {}, {
        "card_id": cards, "account_id": credit, "party_id": parties, "product_code": "CLASSIC",
        "issued_on": since})  # fmt: skip
    yield "consent", _versions(random, 0.02, since, {"given": False}, {
        "party_id": parties, "purpose": "marketing", "channel": "sms",
        "given": random.random(customers) < 0.8})  # fmt: skip
    yield "card_event", _card_events(random, cards, since)
    yield "transaction", _transactions(random, accounts, transactions)
    yield "payment", _monthly(random, credit, "payment", {"channel": "app"})
    yield "posting", _monthly(random, credit, "posting",
                              {"kind": "interest", "direction": "debit", "customer_initiated": False})  # fmt: skip
    yield "statement", _statements(random, accounts)


def _versions(
    random: np.random.Generator, share: float, first: np.ndarray, changed: dict, columns: dict
) -> Iterator[tuple[str, dict]]:
    """A first version of every key, and for a ``share`` of them a second one, a third of those still to come."""
    again = np.flatnonzero(random.random(len(first)) < share)
    day = _day(AS_OF) + random.integers(-200, 100, len(again))
    columns = {**columns, "source": "bench", "valid_from": first, "known_from": first}
    changed = {**changed, "valid_from": day, "known_from": day}
    both: dict = {}
    for name, values in columns.items():
        every = values if isinstance(values, np.ndarray) else np.full(len(first), values)
        later = np.full(len(again), changed[name]) if name in changed else every[again]
        both[name] = np.concatenate([every, later])
    yield "", both


def _transactions(random: np.random.Generator, accounts: np.ndarray, rows: int) -> Iterator[tuple[str, dict]]:
    weight = random.gamma(0.7, size=len(accounts))
    cumulative = np.cumsum(weight / weight.sum())
    per_month = rows // 12
    for month in range(12):
        first = _day(AS_OF) - _DAYS + 1 + month * 30
        day = np.sort(random.integers(first, first + (35 if month == 11 else 30), per_month))
        who = np.searchsorted(cumulative, random.random(per_month))
        kind = random.random(per_month)
        yield (
            f"{_EPOCH + timedelta(days=int(first)):%Y-%m}-{month:02d}",
            {
                "transaction_id": pa.compute.cast(pa.array(np.arange(per_month) + month * per_month), pa.string()),
                "account_id": accounts[np.minimum(who, len(accounts) - 1)],
                "kind": np.where(kind < 0.93, "purchase", np.where(kind < 0.96, "refund", "cash_advance")),
                "direction": np.where((kind < 0.93) | (kind >= 0.96), "debit", "credit"),
                "amount_cents": (random.lognormal(9, 1.2, per_month)).astype(np.int64) + 100,
                "currency": "CNY",
                "customer_initiated": (kind < 0.93) | (kind >= 0.96),
                "channel": _pick(random, ["pos", "online", "wallet", "wallet"], per_month),
                "merchant_id": (random.zipf(1.3, per_month) % 50_000).astype(np.int64),
                "mcc": _pick(random, ["5411", "5812", "5732", "4111", "5541"], per_month),
                "local_hour": random.integers(0, 24, per_month).astype(np.int32),
                "business_date": day,
                "known_at": day,
                "source": "bench",
            },
        )


def _card_events(random: np.random.Generator, cards: np.ndarray, opened: np.ndarray) -> Iterator[tuple[str, dict]]:
    for kind, share in (("issued", 1.0), ("activated", 0.8)):
        chosen = random.random(len(cards)) < share
        day = opened[chosen] + (kind == "activated") * 7
        ids = pa.compute.binary_join_element_wise(kind, pa.array(cards[chosen]).cast(pa.string()), ":")
        yield kind, {"card_event_id": ids, "card_id": cards[chosen], "kind": kind, "business_date": day,
                     "known_at": day, "source": "bench"}  # fmt: skip


def _monthly(random: np.random.Generator, accounts: np.ndarray, table: str, fixed: dict) -> Iterator[tuple[str, dict]]:
    """One row a month for a third of the accounts."""
    for month in range(12):
        chosen = accounts[random.random(len(accounts)) < 0.33]
        day = np.full(len(chosen), _day(AS_OF) - 5 - 30 * month)
        yield f"{_EPOCH + timedelta(days=int(day[0])):%Y-%m}-{month:02d}", {
            f"{table}_id": pa.compute.cast(pa.array(np.arange(len(chosen)) + month * len(accounts)), pa.string()),
            "account_id": chosen, "amount_cents": random.integers(100, 300_000, len(chosen)), "currency": "CNY",
            "business_date": day, "known_at": day, "source": "bench", **fixed,
        }  # fmt: skip


def _statements(random: np.random.Generator, accounts: np.ndarray) -> Iterator[tuple[str, dict]]:
    for month in range(3):
        rows = len(accounts)
        day = np.full(rows, _day(AS_OF) - 10 - 30 * month)
        balance = random.integers(-100, 2_000_000, rows)
        yield f"{_EPOCH + timedelta(days=int(day[0])):%Y-%m}", {
            "statement_id": pa.compute.cast(pa.array(np.arange(rows) + month * rows), pa.string()),
            "account_id": accounts, "balance_cents": balance, "currency": "CNY", "minimum_cents": balance // 10,
            "revolving_cents": np.where(random.random(rows) < 0.3, np.maximum(balance, 0), 0), "due_date": day + 20,
            "days_past_due": (random.integers(0, 40, rows) // 39 * 30).astype(np.int32), "business_date": day,
            "known_at": day, "source": "bench",
        }  # fmt: skip


def _pick(random: np.random.Generator, codes: list[str], rows: int) -> np.ndarray:
    return np.array(codes)[random.integers(0, len(codes), rows)]


def _day(day: date) -> int:
    return (day - _EPOCH).days


def _sorted(rows: pa.Table) -> pa.Table:
    """As ingestion writes them: by account, then day."""
    keys = [name for name in ("account_id", "party_id", "business_date") if name in rows.column_names]
    return rows.sort_by([(name, "ascending") for name in keys])


def _fitted(schema: pa.Schema, columns: dict) -> pa.Table:
    """Columns in the order and types of the schema; what is not given is null."""
    rows = max(len(values) for values in columns.values() if not isinstance(values, str | bool))
    arrays = []
    for field in schema:
        values = columns.get(field.name)
        if values is None:
            arrays.append(pa.nulls(rows, field.type))
        elif isinstance(values, str | bool):
            arrays.append(pa.array([values] * rows, field.type))
        elif pa.types.is_date32(field.type):
            arrays.append(pa.array(np.asarray(values, dtype=np.int32), pa.int32()).cast(pa.date32()))
        else:
            arrays.append(pa.array(values).cast(field.type))
    return pa.table(arrays, schema=schema)
