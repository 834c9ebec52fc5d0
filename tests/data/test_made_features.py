"""Features of a made bank equal plain Python over its raw files, for every customer of the card system."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from delivering import MemoryVault, taken, workspace_at

from tests.data.brute_force_whole import CLASS_OF, CLASSES, share
from tests.sandbox.made import Row, rows
from tests.sandbox.made import day as day_of
from zhike import sandbox
from zhike.core.snapshot import SnapshotStore
from zhike.data.build import VIEW, build
from zhike.data.identity import resolve
from zhike.sandbox import layouts

PURCHASE, CASH, BACK, PAYMENTS = ("1001",), ("1002", "1004"), ("1003", "1005", "1009"), ("2001", "2002")
INTEREST, FEES = ("3001", "3008"), ("3002", "3003", "3004")
OTHERS = {"7011": "travel", "4511": "travel", "5944": "shopping", "5651": "shopping", "5814": "dining", "4814": "bills",
          "4900": "bills", "5541": "transport", "7538": "transport", "5912": "health", "5712": "home"}  # fmt: skip
Found = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, date]:
    folder = tmp_path_factory.mktemp("made")
    return folder / "bank", sandbox.make(folder / "bank", customers=160, months=3, seed=9).last_day


@pytest.fixture(scope="module")
def view(made: tuple[Path, date], tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Rows of the view by the card system's customer number."""
    bank, as_of = made
    workspace = workspace_at(tmp_path_factory.mktemp("workspace"))
    for source in ("made_cards", "made_core"):
        taken(bank, workspace, MemoryVault(), source)
    build(workspace, as_of)
    store = SnapshotStore(workspace)
    manifest = store.current()
    table = pa.parquet.read_table(store.paths(manifest, VIEW)[0]).to_pylist()
    by_id = {row["customer_id"]: row for row in table}
    numbers = {row["customer_no"] for row in rows(bank, layouts.CUSTOMER)}
    return {number: by_id[resolve(workspace, manifest, f"made_cards:{number}")] for number in numbers}


def test_features_equal_the_raw_files(made: tuple[Path, date], view: Found) -> None:
    expected = Raw(*made).by_customer()
    assert view.keys() == expected.keys()
    for number, values in expected.items():
        assert {name: view[number][name] for name in values} == values, number
    varied = {name for name in values if len({each[name] for each in expected.values()}) > 1}
    assert len(varied) >= 60, "what is the same of everybody is no test"


class Raw:
    """The raw files, one customer of the card system at a time; everything in them is known on the last day."""

    def __init__(self, bank: Path, as_of: date) -> None:
        self.as_of = as_of
        self.customers = {row["customer_no"]: row for row in rows(bank, layouts.CUSTOMER)}
        self.accounts = {row["account_no"]: row for row in rows(bank, layouts.ACCOUNT)}
        self.moves, self.statements, self.steps, self.points, self.core = (defaultdict(list) for _ in range(5))
        for row in {row["ref"]: row for row in rows(bank, layouts.TXN) if not _broken(row)}.values():
            self.moves[row["account_no"]].append(row)
        granted = sorted(rows(bank, layouts.LIMIT), key=lambda row: (row["start"], row["changed"]))
        self.temporary = {row["account_no"]: row for row in granted if day_of(row["start"]) <= as_of}
        for row in rows(bank, layouts.STATEMENT):
            self.statements[row["account_no"]].append(row)
        for row in rows(bank, layouts.CARD):
            self.steps[row["customer_no"]].append(row)
        for row in {row["ref"]: row for row in rows(bank, layouts.POINTS)}.values():
            self.points[row["customer_no"]].append(row)
        people = {row["customer_id"]: row for row in rows(bank, layouts.CORE_CUSTOMER)}
        self.core_customer = {row["id_no"]: row for row in people.values()}
        self.core_accounts = {row["account_no"]: row for row in rows(bank, layouts.CORE_ACCOUNT)}
        for row in {row["ref"]: row for row in rows(bank, layouts.CORE_MOVEMENT) if _readable(row)}.values():
            self.core[row["account_no"]].append(row)

    def by_customer(self) -> Found:
        return {number: self._customer(number, row) for number, row in self.customers.items()}

    def _customer(self, number: str, customer: Row) -> dict[str, Any]:
        accounts = [row for row in self.accounts.values() if row["customer_no"] == number]
        moves = [row for account in accounts for row in self.moves[account["account_no"]]]
        person = self.core_customer.get(customer["id_no"], {}).get("customer_id")
        held = [row["account_no"] for row in self.core_accounts.values() if row["customer_id"] == person]
        core = [row for account in held for row in self.core[account]]
        values = self._used(moves, core) | self._charged(moves) | self._told(accounts) | self._cards(number)
        points = [int(row["points"]) for row in self.points[number]]
        values["points_balance"] = sum(points) if points else None
        values["interchange_12m_cents"] = _cents(self._last(moves, 365), PURCHASE, BACK) * 45 // 10_000
        values["income_12m_cents"] = values["interchange_12m_cents"] + values["interest_365d_cents"]
        values["income_12m_cents"] += values["fees_365d_cents"] - values["waived_365d_cents"]
        return values | self._salary(core)

    def _last(self, moves: list[Row], days: int) -> list[Row]:
        first = self.as_of - timedelta(days=days)
        return [row for row in moves if row["response"] == "00" and day_of(row["txn_date"]) > first]

    def _used(self, moves: list[Row], core: list[Row]) -> dict[str, Any]:
        own = [day_of(row["txn_date"]) for row in self._last(moves, 10_000) if row["type"] in (*PURCHASE, "1002")]
        own += [date.fromisoformat(row["day"]) for row in core if row["kind"] in ("21", "30", "40")]
        quarter = [row for row in self._last(moves, 90) if row["type"] in PURCHASE]
        month = [row for row in self._last(moves, 30) if row["type"] in PURCHASE]
        declined = [row for row in moves if row["response"] != "00"
                    and day_of(row["txn_date"]) > self.as_of - timedelta(days=90)]  # fmt: skip
        amounts = [int(row["amount"]) for row in quarter]
        values = {f"transactions_{days}d": self._count(own, days) for days in (30, 90, 180, 365)}
        values |= {f"days_active_{days}d": self._count(set(own), days) for days in (30, 90, 180, 365)}
        for days in (30, 90, 180, 365):
            values[f"spend_{days}d_cents"] = _cents(self._last(moves, days), PURCHASE, BACK)
        return values | self._classes(moves) | {
            "last_transaction_on": max(own, default=None),
            "purchases_90d": len(quarter),
            "merchants_30d": len({row["merchant_no"] for row in month} - {""}),
            "merchants_90d": len({row["merchant_no"] for row in quarter} - {""}),
            "largest_purchase_90d_cents": max(amounts, default=None),
            "wallet_share_90d": share(sum(row["channel"] == "03" for row in quarter), len(quarter)),
            "online_share_90d": share(sum(row["channel"] in ("02", "03", "05") for row in quarter), len(quarter)),
            "night_share_90d": share(sum(row["txn_time"] < "05" for row in quarter), len(quarter)),
            "round_share_90d": share(sum(cents > 0 and cents % 10_000 == 0 for cents in amounts), len(quarter)),
            "overseas_share_90d": share(sum(row["country"] != "CN" for row in quarter), len(quarter)),
            "overseas_spend_365d_cents": _cents(
                [row for row in self._last(moves, 365) if row["country"] != "CN"], PURCHASE, BACK
            ),
            "declines_90d": len(declined),
            "decline_share_90d": share(len(declined), len(declined) + len(quarter)),
            "refunds_90d_cents": -_cents(self._last(moves, 90), BACK),
            "credit_spend_365d_cents": values["spend_365d_cents"],
        }  # fmt: skip

    def _count(self, days: Any, within: int) -> int:
        return sum(day > self.as_of - timedelta(days=within) for day in days)

    def _classes(self, moves: list[Row]) -> dict[str, Any]:
        spent = dict.fromkeys((*CLASSES, "other"), 0)
        for row in self._last(moves, 90):
            if row["type"] in (*PURCHASE, *BACK):
                spent[(CLASS_OF | OTHERS).get(row["mcc"], "other")] += int(row["amount"])
        best = max(CLASSES, key=lambda name: spent[name])
        return {f"spend_{name}_90d_cents": cents for name, cents in spent.items()} | {
            "share_dining_90d": share(spent["dining"], sum(spent.values())),
            "favourite_class_90d": best if spent[best] > 0 else None,
        }

    def _charged(self, moves: list[Row]) -> dict[str, Any]:
        year, quarter = self._last(moves, 365), self._last(moves, 90)
        return {
            "interest_365d_cents": _cents(year, INTEREST),
            "instalment_interest_365d_cents": _cents(year, ("3008",)),
            "fees_365d_cents": _cents(year, FEES),
            "waived_365d_cents": -_cents(year, ("3005",)),
            "payments_90d_cents": -_cents(quarter, PAYMENTS),
            "autopay_payments_90d": sum(row["type"] == "2002" for row in quarter),
        }

    def _told(self, accounts: list[Row]) -> dict[str, Any]:
        """By statements, and by the limit of the day."""
        told = {row["account_no"]: self.statements[row["account_no"]] for row in accounts}
        newest = [each[-1] for each in told.values() if each]
        answers = [pair for each in told.values() for pair in pairwise(each)]
        asked = [(int(one["closing"]) - int(one["unbilled"]), int(one["minimum"]), int(two["paid"]))
                 for one, two in answers]  # fmt: skip
        asked = [one for one in asked if one[0] > 0]
        full = [one for one in asked if one[2] >= one[0] - 1_000]
        lines = [row for row in accounts if row["status"] in ("01", "02")]
        limits, lasting = [self._effective(row) for row in lines], [int(row["limit"]) for row in lines]
        # 05 is charged off; 01 and 02 hold their limit.
        by_status = [(row["status"], told[row["account_no"]][-1]) for row in accounts if told[row["account_no"]]]
        owing = [int(bill["closing"]) for status, bill in by_status if status != "05"]
        drawn = [int(bill["closing"]) for status, bill in by_status if status in ("01", "02")]
        billed = sum(max(int(row["closing"]), 0) for each in told.values() for row in each)
        return {
            "owed_cents": sum(owing) if owing else None,
            "drawn_cents": sum(drawn) if drawn else None,
            "minimum_cents": sum(int(row["minimum"]) for row in newest) if newest else None,
            "revolving_cents": sum(int(row["revolving"]) for row in newest) if newest else None,
            "days_past_due": max((int(row["late_days"]) for row in newest), default=None),
            "billed_365d_cents": billed,
            "funding_cost_12m_cents": billed * 200 // 120_000,
            "settled_statements_365d": len(asked),
            "full_payments_365d": len(full),
            "short_payments_365d": sum(paid < least for one in asked if one not in full for _, least, paid in [one]),
            "limit_cents": sum(limits) if limits else None,
            "limit_permanent_cents": sum(lasting) if lasting else None,
            "utilisation": share(sum(drawn), sum(limits)) if limits else None,
            "utilisation_permanent": share(sum(drawn), sum(lasting)) if lasting else None,
        }

    def _effective(self, account: Row) -> int:
        """The permanent limit, or the higher temporary one of the last day."""
        found = self.temporary.get(account["account_no"])
        there = found is not None and day_of(found["end"]) >= self.as_of
        return max(int(account["limit"]), int(found["limit"]) if there else 0)

    def _cards(self, number: str) -> dict[str, Any]:
        by_card: dict[str, set[str]] = defaultdict(set)
        for row in self.steps[number]:
            by_card[row["card_no"]].add(row["event"])
        bound = [day_of(row["event_date"]) for row in self.steps[number] if row["event"] == "06"]
        return {
            "cards_held": sum("02" in steps for steps in by_card.values()),
            "cards_bound": sum("06" in steps and not steps & {"09", "10"} for steps in by_card.values()),
            "first_bound_on": min(bound, default=None),
        }

    def _salary(self, core: list[Row]) -> dict[str, Any]:
        def last(kind: str, days: int) -> list[int]:
            first = self.as_of - timedelta(days=days)
            return [abs(int(Decimal(row["amount"]) * 100)) for row in core
                    if row["kind"] == kind and date.fromisoformat(row["day"]) > first]  # fmt: skip

        return {
            "salaries_90d": len(last("10", 90)),
            "salary_90d_cents": sum(last("10", 90)),
            "mortgage_payments_365d": len(last("50", 365)),
            "mortgage_90d_cents": sum(last("50", 90)),
            "inflow_90d_cents": sum(last("10", 90)) + sum(last("20", 90)),
        }


def _cents(moves: list[Row], *types: tuple[str, ...]) -> int:
    return sum(int(row["amount"]) for row in moves if row["type"] in sum(types, ()))


def _broken(row: Row) -> bool:
    return row["type"] == "9Z99" or row["txn_date"].endswith("0230") or "O" in row["orig_amount"]


def _readable(row: Row) -> bool:
    return row["kind"] in ("10", "20", "21", "30", "40", "50", "90") and not row["day"].endswith("02-30")
