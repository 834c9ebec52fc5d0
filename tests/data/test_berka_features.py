"""Features of the Berka view equal plain Python over the raw files, for every client visible on 1994-03-30."""

import csv
import gzip
from collections import defaultdict
from datetime import date, timedelta

import pyarrow as pa
import pytest
from delivering import MemoryVault, taken, workspace_at
from shared_data import SHARED, needs

from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.build import VIEW, build
from zhike.data.identity import resolve

pytestmark = needs("berka")
AS_OF = date(1994, 3, 30)
Raw = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, dict]]:
    workspace = workspace_at(tmp_path_factory.mktemp("berka"))
    taken(SHARED / "berka", workspace, MemoryVault(), "berka")
    assert build(workspace, AS_OF).fresh
    store = SnapshotStore(workspace)
    rows = pa.parquet.read_table(store.paths(store.current(), VIEW)[0]).to_pylist()
    return workspace, {row["customer_id"]: row for row in rows}


@pytest.fixture(scope="module")
def raw() -> Raw:
    tables = {}
    for name in ("account", "client", "disp", "card", "trans_1993_to_19940331"):
        with gzip.open(SHARED / "berka" / f"{name}.csv.gz", "rt", newline="") as file:
            tables[name] = list(csv.DictReader(file, delimiter=";"))
    return tables


def test_features_equal_the_raw_files(view: tuple[Workspace, dict[str, dict]], raw: Raw) -> None:
    workspace, found = view
    manifest = SnapshotStore(workspace).current()
    expected = {resolve(workspace, manifest, f"berka:{client}"): values for client, values in _by_client(raw).items()}
    assert found.keys() == expected.keys()
    for customer, values in expected.items():
        assert {name: found[customer][name] for name in values} == values, customer
    assert len(values) >= 20


def _by_client(raw: Raw) -> dict[str, dict]:
    opened = {row["account_id"]: _day(row["date"]) for row in raw["account"]}
    held = defaultdict(list)
    for row in raw["disp"]:
        if opened[row["account_id"]] <= AS_OF:
            held[row["client_id"]].append(row)
    moves = defaultdict(list)
    for row in raw["trans_1993_to_19940331"]:
        if _day(row["date"]) <= AS_OF:
            moves[row["account_id"]].append(row)
    issued = {row["disp_id"]: _day(row["issued"][:6]) for row in raw["card"] if _day(row["issued"][:6]) <= AS_OF}
    clients = {row["client_id"]: row for row in raw["client"]}
    return {
        client: _client(clients[client], [row["account_id"] for row in disps if row["type"] == "OWNER"], opened, moves)
        | _cards([issued[row["disp_id"]] for row in disps if row["disp_id"] in issued])
        for client, disps in held.items()
    }


def _client(client: dict[str, str], accounts: list[str], opened: dict[str, date], moves: dict) -> dict:
    rows = [row for account in accounts for row in moves[account]]
    by_bank = [row for row in rows if row["k_symbol"] in ("UROK", "SLUZBY", "SANKC. UROK")]
    made = [row for row in rows if row not in by_bank]
    # A transfer that comes in was made by somebody else.
    own = [row for row in made if row["operation"] != "PREVOD Z UCTU"]
    since = min((opened[account] for account in accounts), default=None)
    last = max((_day(row["date"]) for row in own), default=None)
    number = client["birth_number"]
    month = int(number[2:4])
    birth = date(1900 + int(number[:2]), month % 50, int(number[4:]))
    return {
        "birth_date": birth,
        "age_years": AS_OF.year - birth.year - ((AS_OF.month, AS_OF.day) < (birth.month, birth.day)),
        "sex": "female" if month > 50 else "male",
        "region_code": client["district_id"],
        "accounts_open": len(accounts),
        "accounts_closed": 0,
        "customer_since": since,
        "tenure_days": (AS_OF - since).days if since else None,
        "last_transaction_on": last,
        "days_since_last_transaction": (AS_OF - last).days if last else None,
        "days_active_90d": len({row["date"] for row in _within(own, 90)}),
        **{f"transactions_{days}d": len(_within(own, days)) for days in (30, 90, 365)},
        "cash_90d_cents": _sum(_within(made, 90), "operation", "VYBER", "VYBER KARTOU"),
        "inflow_90d_cents": _sum(_within(made, 90), "operation", "VKLAD", "PREVOD Z UCTU"),
        "fees_365d_cents": _sum(_within(by_bank, 365), "k_symbol", "SLUZBY"),
        "interest_365d_cents": _sum(_within(by_bank, 365), "k_symbol", "SANKC. UROK"),
        "deposits_cents": _balance(accounts, moves),
        "spend_365d_cents": 0,
        "limit_cents": None,
        "owed_cents": None,
    }


def _cards(issued: list[date]) -> dict:
    newest = max(issued, default=None)
    return {
        "cards_held": len(issued),
        "last_card_issued_on": newest,
        "days_since_card_issued": (AS_OF - newest).days if newest else None,
    }


def _balance(accounts: list[str], moves: dict) -> int | None:
    newest = [max(moves[account], key=lambda row: (row["date"], int(row["trans_id"])))
              for account in accounts if moves[account]]  # fmt: skip
    return sum(_cents(row["balance"]) for row in newest) if newest else None


def _within(rows: list[dict[str, str]], days: int) -> list[dict[str, str]]:
    return [row for row in rows if _day(row["date"]) > AS_OF - timedelta(days=days)]


def _sum(rows: list[dict[str, str]], column: str, *codes: str) -> int:
    return sum(_cents(row["amount"]) for row in rows if row[column] in codes)


def _day(text: str) -> date:
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def _cents(text: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + (-1 if whole.startswith("-") else 1) * int(fraction.ljust(2, "0"))
