"""A bank of thirty customers as canonical facts, counted by hand: what operations and interfaces are tested on."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from zhike.core import ids
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.personal import PersonalField
from zhike.data.tables import TABLES

AS_OF = date(2026, 6, 30)
CUSTOMERS = 30
PURCHASES_EACH = 60  # one every other day, by customers 0 to 19; the rest never used their card
PURCHASE_CENTS = 10_000
SOURCE = "small"
# id, name, the branch above: the head office, a city branch with one sub-branch below, and another city branch.
BRANCHES = ((1, "总行", None), (10, "北京分行", 1), (11, "海淀支行", 10), (20, "上海分行", 1))


def customer_id(number: int) -> str:
    return f"01970000-0000-7000-8000-{number:012d}"


def branch_of(number: int) -> int:
    """Customers 0, 3, 6 … are kept by branch 10, 1, 4, 7 … by its sub-branch 11, 2, 5, 8 … by branch 20."""
    return (10, 11, 20)[number % 3]


def people() -> list[PersonalField]:
    """What the vault knows of the first three."""
    names = ("张小明", "李雷", "韩梅梅")
    return [
        field
        for number, name in enumerate(names)
        for field in (
            PersonalField(customer_id(number), "full_name", name),
            PersonalField(customer_id(number), "phone", f"1381234567{number}"),
            PersonalField(customer_id(number), "customer_number", f"C{number:04d}"),
        )
    ]


def load_facts(workspace: Workspace, extra_purchases: int = 0) -> str:
    """Writes the facts as a snapshot; ``extra_purchases`` on the last day by customer 0 make it another one."""
    store = SnapshotStore(workspace)
    manifest = store.current()
    workspace.adopt_currency("CNY", SOURCE)
    for name, rows in _tables(workspace, extra_purchases).items():
        table = pa.Table.from_pylist(rows, TABLES[name].arrow_schema())
        manifest = manifest.with_table(name, [store.add(name, "", table)], table.schema)
    tally = {"source": SOURCE, "file": "small.csv", "rows_in": 1_300, "accepted": 1_298, "quarantined": 2}
    declared = {"consent": "delivered", "currency": "CNY"}
    whole = Manifest(manifest.tables, manifest.columns, {"small:1": tally}, {SOURCE: declared}, manifest.steps)
    return store.publish(whole, "load")


_made: dict[int, str] = {}


def become(extra_purchases: int) -> str:
    """Makes this bank, with so many extra purchases, the current snapshot: built and decided once in a test run."""
    from zhike.core.workspace import workspace, write_atomically
    from zhike.operations.customers import actions as customers
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.marketing import actions as marketing

    known = _made.get(extra_purchases)
    if known is None or not (workspace().snapshots / f"{known}.json").exists():
        load_facts(workspace(), extra_purchases)
        customers.view_build(system_actor(), as_of=AS_OF)
        _made[extra_purchases] = marketing.decisions_make(system_actor(), as_of=AS_OF).snapshot
    write_atomically(workspace().current, _made[extra_purchases].encode())
    return _made[extra_purchases]


def _tables(workspace: Workspace, extra_purchases: int) -> dict[str, list[dict[str, Any]]]:
    everybody = range(CUSTOMERS)
    opened = date(2025, 6, 1)
    version = {"valid_from": opened, "valid_to": None, "known_from": opened, "source": SOURCE}
    secret = workspace.secret("tokens")
    return {
        "party": [
            {"party_id": customer_id(n), "kind": "person", "birth_date": date(1980 + n % 20, 7, 1), "sex": "female",
             "region_code": "110000"} | version for n in everybody
        ],
        "party_key": [
            {"key_token": ids.token(secret, "customer_number", f"C{n:04d}"), "party_id": customer_id(n)} | version
            for n in everybody
        ],
        "account": [
            {"account_id": n, "kind": "credit", "product_code": "gold", "currency": "CNY", "opened_on": opened,
             "status": "open", "statement_day": 5, "branch_id": branch_of(n)} | version for n in everybody
        ],
        "branch": [
            {"branch_id": branch, "name": name, "parent_id": parent} | version for branch, name, parent in BRANCHES
        ],
        "account_party": [
            {"account_id": n, "party_id": customer_id(n), "role": "main"} | version for n in everybody
        ],
        "card": [
            {"card_id": n, "account_id": n, "party_id": customer_id(n), "bin": "622588", "last4": f"{n:04d}",
             "issued_on": opened, "policy_function": False} | version for n in everybody
        ],
        "limit_event": [
            {"account_id": n, "kind": "permanent", "limit_cents": 2_000_000, "currency": "CNY"} | version
            for n in everybody
        ],
        "consent": [
            {"party_id": customer_id(n), "purpose": "marketing", "channel": "all", "given": n % 10 != 9} | version
            for n in everybody
        ],
        "card_event": [
            {"card_event_id": f"small:{kind}{n}", "card_id": n, "kind": kind} | _on(opened + timedelta(days=days))
            for n in everybody for kind, days in (("issued", 0), ("activated", 10))
        ],
        "transaction": list(_purchases(extra_purchases)),
        "statement": [
            {"statement_id": f"small:{n}", "account_id": n, "balance_cents": 500_000, "currency": "CNY",
             "minimum_cents": 50_000, "revolving_cents": 0, "paid_cents": 500_000, "due_date": date(2026, 6, 25),
             "days_past_due": 0} | _on(date(2026, 6, 5)) for n in range(20)
        ],
    }  # fmt: skip


def _purchases(extra: int) -> Iterable[dict[str, Any]]:
    for number in range(20):
        for place in range(PURCHASES_EACH):
            yield purchase(number, f"small:{number}-{place}", AS_OF - timedelta(days=2 * place))
    for place in range(extra):
        yield purchase(0, f"small:extra-{place}", AS_OF)


def purchase(number: int, name: str, day: date) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return {
        "transaction_id": name, "account_id": number, "card_id": number, "kind": "purchase", "direction": "debit",
        "amount_cents": PURCHASE_CENTS, "currency": "CNY", "customer_initiated": True, "channel": "pos",
        "mcc": "5411", "country": "CN", "local_hour": 12, "purpose": 'a "quoted" \\ purpose',
    } | _on(day) | {"event_at": at}  # fmt: skip


def _on(day: date) -> dict[str, Any]:
    return {"event_at": None, "business_date": day, "known_at": day, "source": SOURCE}


def keep_people() -> None:
    """Hands `people` to the vault, by an action as a load would."""
    from zhike.operations.governance.acting import action
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.governance.vault import open_vault

    @action(permission="load_data", audit="data.load", long=True)
    def keep(actor: Any) -> int:
        return open_vault().write(people())

    keep(system_actor())
