"""The sources of the made bank: what they say of the files equals the layouts, and nothing is lost on the road."""

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.data.delivering import MemoryVault, facts, taken, workspace_at
from tests.sandbox.made import rows
from zhike import sandbox
from zhike.core.workspace import Workspace
from zhike.data.columns import CardNumber, Identity, Party, Personal
from zhike.data.ingest import LoadReport
from zhike.data.source import Companion, FixedWidth, RawFile, Trailer, sources
from zhike.sandbox import layouts
from zhike.sandbox.record import Record

PAIRS = [(sources.get(f"made_{record.system}").file(record.name), record) for record in layouts.RECORDS]
BY_PLAN = {"not_a_date", "unknown_code", "not_a_number", "wrong_length", "not_json"}


@pytest.mark.parametrize(("file", "record"), PAIRS, ids=lambda one: one.name)
def test_sources_state_the_layouts(file: RawFile, record: Record):
    assert set(file.columns) == {field.name for field in record.fields}
    if isinstance(file.format, FixedWidth):
        assert list(file.format.fields.items()) == [(field.name, field.width) for field in record.fields]
    assert isinstance(file.control, Trailer if record.system == "cards" else Companion)
    assert file.control.total == record.total


@pytest.mark.parametrize(("file", "record"), PAIRS, ids=lambda one: one.name)
def test_what_names_a_person_is_masked_and_leaves_facts(file: RawFile, record: Record):
    for field in record.fields:
        if field.personal == "identifier":
            assert file.masks(field.name), field.name
        if field.name in ("name", "phone", "email", "address", "id_no", "card_no", "customer_no", "customer_id"):
            kinds = [kind for raw, kind in file.readings if raw == field.name]
            assert record.name in ("branch", "merchant") or all(
                isinstance(kind, Personal | Identity | Party | CardNumber) for kind in kinds
            ), field.name


class Loaded:
    """The small bank in a workspace."""

    def __init__(self, folder: Path, bank: Path) -> None:
        self.bank, self.vault = bank, MemoryVault()
        self.workspace: Workspace = workspace_at(folder)
        self.cards: LoadReport = taken(bank, self.workspace, self.vault, "made_cards")
        self.core: LoadReport = taken(bank, self.workspace, self.vault, "made_core")
        others = ("made_crm", "made_pos", "made_atm", "made_digital", "made_callcentre")
        self.others: dict[str, LoadReport] = {name: taken(bank, self.workspace, self.vault, name) for name in others}
        self._tables: dict[str, list[dict[str, Any]]] = {}

    def __call__(self, table: str) -> list[dict[str, Any]]:
        return self._tables.setdefault(table, facts(self.workspace, table))


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 people, one month: loading costs by the file."""
    folder = tmp_path_factory.mktemp("month") / "bank"
    sandbox.make(folder, customers=200, months=1, seed=8)
    return folder


@pytest.fixture(scope="module")
def loaded(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("workspace"), bank)


def test_every_row_is_accounted_for(loaded, bank):
    for report in (loaded.cards, loaded.core, *loaded.others.values()):
        for file in report.files:
            assert file.rows_in == file.accepted + file.quarantined, file
    refused = Counter(row["code"] for row in loaded("quarantine"))
    assert set(refused) <= BY_PLAN
    reports = (loaded.cards, loaded.core, *loaded.others.values())
    assert sum(refused.values()) == sum(file.quarantined for report in reports for file in report.files) > 0


def test_quarantine_shows_no_number_of_a_person(loaded):
    for row in loaded("quarantine"):
        for prefix in ("999999", "6200", "6000"):
            assert not any(word.startswith(prefix) and word.strip("9") for word in row["raw"].split()), row["raw"]


def _broken(row: dict[str, str]) -> bool:
    return row["type"] == "9Z99" or row["txn_date"].endswith("0230") or "O" in row["orig_amount"]


def test_movements_land_where_they_belong(loaded, bank):
    raw = list({row["ref"]: row for row in rows(bank, layouts.TXN) if not _broken(row)}.values())
    transactions = [row for row in loaded("transaction") if row["source"] == "made_cards"]
    back = ("1003", "1005", "1009")
    for kind, codes in (("purchase", ("1001",)), ("cash_advance", ("1002", "1004")), ("refund", back)):
        wanted = [row for row in raw if row["type"] in codes and row["response"] == "00"]
        found = [row for row in transactions if row["kind"] == kind]
        assert len(found) == len(wanted)
        assert sum(row["amount_cents"] for row in found) == abs(sum(int(row["amount"]) for row in wanted))
    assert len(loaded("authorisation")) == len([row for row in raw if row["response"] != "00"]) > 0
    payments = [row for row in raw if row["type"] in ("2001", "2002")]
    assert sum(row["amount_cents"] for row in loaded("payment")) == -sum(int(row["amount"]) for row in payments)
    postings = [row for row in loaded("posting") if row["source"] == "made_cards"]
    assert len(postings) == len([row for row in raw if row["type"].startswith("3")]) > 0


def test_one_movement_field_by_field(loaded, bank):
    raw = next(row for row in rows(bank, layouts.TXN) if row["wallet"] and row["txn_date"] == "20261005")
    found = next(row for row in loaded("transaction") if row["transaction_id"] == f"made_cards:{raw['ref']}")
    assert found["business_date"].strftime("%Y%m%d") == raw["txn_date"]
    assert found["known_at"].strftime("%Y%m%d") == "20261005"
    bank_local = found["event_at"].astimezone(ZoneInfo("Asia/Shanghai"))
    assert bank_local.strftime("%Y%m%d%H%M%S") == raw["txn_date"] + raw["txn_time"]
    assert found["local_hour"] == int(raw["txn_time"][:2])
    assert found["amount_cents"] == int(raw["amount"])
    assert (found["direction"], found["currency"], found["mcc"], found["country"]) == ("debit", "CNY", raw["mcc"], "CN")
    assert found["customer_initiated"]
    assert found["original_currency"] is None


def test_people_of_all_systems_are_one_party_by_their_identity_number(loaded, bank):
    numbers = [row["id_no"] for record in (layouts.CUSTOMER, layouts.CORE_CUSTOMER) for row in rows(bank, record)]
    typed = {row["crm_no"]: row["id_no"] for row in rows(bank, layouts.CRM_CUSTOMER)}
    given = set(numbers) | set(typed.values()) - {""}
    parties = {row["party_id"] for row in loaded("party")}
    assert len(parties) == len(given) + list(typed.values()).count("")
    assert {value for (_, field), value in loaded.vault.kept.items() if field == "id_number"} == given
    assert parties == {party for party, field in loaded.vault.kept if field == "full_name"}


def test_no_clear_identifier_in_facts(loaded, bank):
    customers = rows(bank, layouts.CUSTOMER) + rows(bank, layouts.CORE_CUSTOMER)
    secrets = {row[name] for row in customers for name in ("id_no", "phone", "name")}
    secrets |= {row["account_no"] for row in rows(bank, layouts.ACCOUNT)}
    secrets |= {row["card_no"] for row in rows(bank, layouts.CARD)}
    tables = ("party", "account", "card", "card_event", "transaction", "statement", "payment", "posting", "consent")
    for table in tables:
        texts = {value for row in loaded(table) for value in row.values() if isinstance(value, str)}
        assert not secrets & texts, table
        joined = " ".join(texts)
        assert not [secret for secret in sorted(secrets)[::20] if secret in joined], table


def test_consents_of_the_file(loaded, bank):
    last = {row["customer_no"]: row for row in rows(bank, layouts.CUSTOMER)}
    given = {}
    for row in sorted(loaded("consent"), key=lambda row: (row["valid_from"], row["known_from"])):
        given[row["party_id"], row["purpose"], row["channel"]] = row["given"]
    for field, key in (("sms", ("marketing", "sms")), ("personal", ("personalisation", "all"))):
        now = Counter(row[field] for row in last.values())
        states = Counter(value for (_, *rest), value in given.items() if tuple(rest) == key)
        assert states == Counter({True: now["G"], False: now["W"]}), field


def test_limits_cards_and_balances(loaded, bank):
    accounts = {row["account_no"] for row in rows(bank, layouts.ACCOUNT)}
    assert len({row["account_id"] for row in loaded("account") if row["kind"] == "credit"}) == len(accounts)
    assert {row["account_id"] for row in loaded("limit_event")} == {
        row["account_id"] for row in loaded("account") if row["kind"] == "credit"
    }
    assert len(loaded("card_event")) == len(rows(bank, layouts.CARD))
    assert all(row["bin"] == "999999" for row in loaded("card"))
    balances = [row for row in loaded("statement") if row["source"] == "made_core"]
    assert sum(row["balance_cents"] for row in balances) == 100 * sum(
        Decimal(row["balance"]) for row in rows(bank, layouts.CORE_BALANCE)
    )


def test_two_deliveries_equal_one(loaded, bank, tmp_path):
    """Nothing is refused for want of what a later file would tell."""
    for day in sorted((bank / "cards").iterdir())[:9]:
        shutil.copytree(day, tmp_path / "part/cards" / day.name)
    workspace = workspace_at(tmp_path / "workspace")
    for folder in (tmp_path / "part", bank):
        taken(folder, workspace, MemoryVault(), "made_cards")
    for table in ("transaction", "card_event", "statement", "quarantine", "account", "consent"):
        ours = [row for row in loaded(table) if row["source"] == "made_cards"]
        assert len(facts(workspace, table)) == len(ours), table
