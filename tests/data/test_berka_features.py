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
BY_THE_BANK = ("UROK", "SLUZBY", "SANKC. UROK")
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
    for name in ("account", "client", "disp", "card", "loan", "trans_1993_to_19940331"):
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
    assert len(values) >= 54
    varied = {name for name in values if len({each[name] for each in expected.values()}) > 1}
    assert len(varied) >= 40, "what is the same of everybody is no test"


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
    loans = defaultdict(list)
    for row in raw["loan"]:
        if _day(row["date"]) <= AS_OF:  # none has come to its end yet
            loans[row["account_id"]].append(row)
    issued = {row["disp_id"]: _day(row["issued"][:6]) for row in raw["card"] if _day(row["issued"][:6]) <= AS_OF}
    clients = {row["client_id"]: row for row in raw["client"]}
    found = {}
    for client, disps in held.items():
        accounts = [row["account_id"] for row in disps if row["type"] == "OWNER"]
        found[client] = _client(clients[client], accounts, opened, moves)
        found[client] |= _cards([issued[row["disp_id"]] for row in disps if row["disp_id"] in issued])
        found[client] |= _money(accounts, moves) | _loans([row for account in accounts for row in loans[account]])
        found[client] |= _moved(found[client], accounts, moves)
    return found


def _client(client: dict[str, str], accounts: list[str], opened: dict[str, date], moves: dict) -> dict:
    rows = [row for account in accounts for row in moves[account]]
    by_bank = [row for row in rows if row["k_symbol"] in BY_THE_BANK]
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
        **{f"days_active_{days}d": len({row["date"] for row in _within(own, days)}) for days in (30, 180, 365)},
        **{f"transactions_{days}d": len(_within(own, days)) for days in (30, 90, 180, 365)},
        "transactions_previous_90d": len(_within(own, 180)) - len(_within(own, 90)),
        "cash_365d_cents": _sum(_within(made, 365), "operation", "VYBER", "VYBER KARTOU"),
        "income_12m_cents": _sum(_within(by_bank, 365), "k_symbol", "SLUZBY", "SANKC. UROK"),
        "deposit_accounts": len(accounts),
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


def _money(accounts: list[str], moves: dict) -> dict:
    """What came in and went out."""
    rows = [row for account in accounts for row in moves[account] if row["k_symbol"] not in BY_THE_BANK]
    pensions = [row for row in rows if row["k_symbol"] == "DUCHOD"]
    came = _sum(_within(rows, 90), "operation", "VKLAD", "PREVOD Z UCTU")
    left = _sum(_within(rows, 90), "operation", "VYBER", "VYBER KARTOU", "PREVOD NA UCET")
    last = max((_day(row["date"]) for row in pensions), default=None)
    return {
        "outflow_90d_cents": left,
        "net_inflow_90d_cents": came - left,
        "salaries_90d": len(_within(pensions, 90)),
        "salaries_365d": len(_within(pensions, 365)),
        "salary_90d_cents": sum(_cents(row["amount"]) for row in _within(pensions, 90)),
        "last_salary_on": last,
        "days_since_salary": (AS_OF - last).days if last else None,
        "mortgage_payments_365d": 0,
        "deposits_90d_ago_cents": _balance(accounts, moves, AS_OF - timedelta(days=90)),
    }


def _loans(loans: list[dict[str, str]]) -> dict:
    return {
        "loans_running": len(loans),
        "loans_principal_cents": sum(_cents(row["amount"]) for row in loans),
        "loans_monthly_cents": sum(_cents(row["payments"]) for row in loans),
        "instalments_running": 0,
        "instalments_booked_365d": 0,
    }


def _moved(known: dict, accounts: list[str], moves: dict) -> dict:
    """What follows from the rest."""
    now, then = known["deposits_cents"], known["deposits_90d_ago_cents"]
    used, used_before = known["transactions_90d"], known["transactions_previous_90d"]
    moved = [30 * max(min((after - before) * 100 // before, 100), -100)
             for after, before in ((used, used_before), (now, then)) if before and before > 0]  # fmt: skip
    return {
        "deposits_trend": now / then if then and then > 0 else None,
        "transactions_trend": used / used_before if used_before else None,
        "growth_score": 50 + sum(moved) // 200 if moved else None,
        "products_held": bool(accounts) + (known["loans_running"] > 0),
        "cost_12m_cents": 0,
        "contribution_12m_cents": known["income_12m_cents"],
        "fit_older": known["age_years"] >= 60,
    }


def _balance(accounts: list[str], moves: dict, until: date = AS_OF) -> int | None:
    newest = [max((row for row in moves[account] if _day(row["date"]) <= until), default=None,
                  key=lambda row: (row["date"], int(row["trans_id"]))) for account in accounts]  # fmt: skip
    newest = [row for row in newest if row]
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
