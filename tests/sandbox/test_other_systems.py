"""Settlement, cash machines and the branch CRM: what they tell agrees with the card system and core banking."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from tests.sandbox.made import csv_rows, rows
from zhike.sandbox import layouts, mistyped


def _by_ref(bank: Path) -> dict[str, dict[str, str]]:
    return {row["ref"]: row for row in rows(bank, layouts.TXN)}


def test_settlement_tells_purchases_of_the_day_before(bank):
    movements, settled = _by_ref(bank), rows(bank, layouts.POS_SETTLEMENT)
    assert len(settled) > 500
    assert len({row["settlement_no"] for row in settled}) == len(settled)
    for row in settled:
        movement = movements[row["ref"]]
        assert movement["response"] == "00"
        assert movement["type"] in ("9Z99", "1001" if row["kind"] == "P" else "1003"), "9Z99 is broken on purpose"
        assert Decimal(row["amount"]) * 100 == int(movement["amount"])
        assert (row["card_no"], row["merchant_no"]) == (movement["card_no"], movement["merchant_no"])
        assert row["terminal_no"] == movement["terminal_no"]
        amount, discount, fee = (abs(Decimal(row[name])) for name in ("amount", "discount", "interchange"))
        assert fee <= discount <= amount * Decimal("0.006") + Decimal("0.005")
    assert {row["kind"] for row in settled} == {"P", "R"}
    hospitals = [row for row in settled if movements[row["ref"]]["mcc"] == "8062"]
    assert hospitals
    assert {row["discount"] for row in hospitals} == {"0.00"}
    for path in bank.glob("pos/*/settlement.txt"):
        days = {row["day"].replace("-", "") for row in csv_rows(path, "gb18030", "|")}
        assert all(int(day) < int(path.parent.name) for day in days)


def test_withdrawals_in_the_journal_are_those_of_the_other_systems(bank):
    journal = rows(bank, layouts.ATM_JOURNAL)
    movements = _by_ref(bank) | {row["ref"]: row for row in rows(bank, layouts.CORE_MOVEMENT)}
    drawn = [row for row in journal if row["kind"] == "W"]
    cash = [row for row in movements.values() if row.get("kind") == "30" or row.get("type") == "1002"]
    granted = {row["ref"] for row in cash if row.get("response", "00") == "00"}
    told = Counter(row["of_ref"] for row in drawn)
    assert set(told.values()) == {1}
    assert granted <= set(told)
    assert len(set(told) - granted) <= 3, "only rows that were broken on purpose tell another type"
    for row in drawn:
        amount = movements[row["of_ref"]]["amount"]
        assert Decimal(row["amount"]) == (-Decimal(amount) if "." in amount else Decimal(amount) / 100)
    kinds = Counter(row["kind"] for row in journal)
    assert set(kinds) == {"W", "B", "P", "R"}
    assert 0.1 < kinds["B"] / kinds["W"] < 0.5
    terminals = {row["terminal_no"] for row in rows(bank, layouts.TERMINAL) if row["kind"] == "A"}
    assert {row["terminal_no"] for row in journal} <= terminals


def test_companions_of_all_delimited_files(bank):
    checked = 0
    for record, encoding, separator in (
        (layouts.POS_SETTLEMENT, "gb18030", "|"),
        (layouts.ATM_JOURNAL, "utf-8", ","),
        (layouts.CRM_CUSTOMER, "gb18030", ","),
    ):
        for path in bank.glob(f"{record.system}/*/{record.file}"):
            data = csv_rows(path, encoding, separator)
            said = path.with_name(path.name + ".ctl").read_text()
            found = re.fullmatch(r"file=\S+ day=\S+ rows=(\d+) sum=(\S+)\n", said)
            assert found
            assert int(found[1]) == len(data)
            assert Decimal(found[2]) == (sum(Decimal(row[record.total]) for row in data) if record.total else 0)
            checked += 1
    assert checked > 100


def test_a_system_upgrade_changes_the_order_of_columns_once(bank):
    for record in (layouts.CORE_MOVEMENT, layouts.CRM_CUSTOMER):
        orders = []
        for path in sorted(bank.glob(f"{record.system}/*/{record.file}")):
            first = path.read_bytes().split(b"\n", 1)[0].decode()
            if not orders or orders[-1] != first:
                orders.append(first)
        assert [order.replace('"', "").split(",") for order in orders] == [
            [field.name for field in record.in_order(upgraded)] for upgraded in (False, True)
        ], record.name


def test_the_register_in_full_each_month_and_changes_between(bank):
    seen: dict[str, dict[str, str]] = {}
    for path in sorted(bank.glob("crm/*/customer.csv")):
        delivered = {row["crm_no"]: row for row in csv_rows(path, "gb18030")}
        if path.parent.name.endswith("01"):
            assert set(seen) <= set(delivered)
        else:
            today = {row["changed"].replace("-", "") for row in delivered.values()}
            assert today == {path.parent.name}
            assert len(delivered) < 20
        for number, row in delivered.items():
            before = seen.get(number, row)
            assert (row["name"], row["id_no"], row["since"]) == (before["name"], before["id_no"], before["since"])
        seen |= delivered
    assert len(seen) > 80
    managers = {row["manager_no"]: row for row in rows(bank, layouts.CRM_MANAGER)}
    assert all(managers[row["manager_no"]]["branch_no"] == row["branch_no"] for row in seen.values())


def test_every_kind_of_slip_is_there_and_known_to_the_truth(bank):
    truth = [row for path in bank.glob("truth/numbers/*") for row in pq.read_table(path).to_pylist()]
    crm = {row["number"]: row for row in truth if row["system"] == "crm"}
    register = {row["crm_no"]: row for row in rows(bank, layouts.CRM_CUSTOMER)}
    assert set(crm) == set(register)
    assert {row["difference"] for row in crm.values()} == set(mistyped.DIFFERENCES)
    assert {row["papers"] for row in crm.values()} == set(mistyped.PAPERS)
    holders = {row["customer_no"]: row for row in rows(bank, layouts.CUSTOMER)}
    known = [row for row in truth if row["system"] == "cards" and row["number"] in holders]
    person = {row["person"]: holders[row["number"]] for row in known}
    compared = 0
    for number, told in crm.items():
        typed, true = register[number], person.get(told["person"])
        assert (typed["kind"] == "P") == (told["person"] < 0)
        if true is None:
            continue
        compared += 1
        born = true["birth_date"] == typed["birth_date"].replace("-", "")
        same = {
            "typing_error": typed["name"] == true["name"], "married_name": typed["name"] == true["name"],
            "old_phone": typed["phone"] == true["phone"], "full_width": typed["phone"] == true["phone"],
            "birth_date": born,
        }  # fmt: skip
        assert {kind for kind, equal in same.items() if not equal} <= {told["difference"], *_also(told["difference"])}
        assert same.get(told["difference"], False) is False
        assert (typed["id_no"] == true["id_no"]) == (told["papers"] == "right")
    assert compared > 40


def _also(difference: str) -> set[str]:
    """Two kinds each show in the name, two in the phone."""
    return {
        "typing_error": {"married_name"}, "married_name": {"typing_error"}, "old_phone": {"full_width"},
        "full_width": {"old_phone"},
    }.get(difference, set())  # fmt: skip


def test_prospects_and_old_numbers_are_nobody_else(bank):
    identities = Counter(
        row["id_no"]
        for record, key in ((layouts.CUSTOMER, "customer_no"), (layouts.CORE_CUSTOMER, "customer_id"))
        for row in {row[key]: row for row in rows(bank, record)}.values()
    )
    assert max(identities.values()) == 2, "once in each system"
    register = {row["crm_no"]: row for row in rows(bank, layouts.CRM_CUSTOMER)}
    prospects = [row for row in register.values() if row["kind"] == "P"]
    assert prospects
    assert not {row["id_no"] for row in prospects} & set(identities)
    phones = {row["phone"] for row in rows(bank, layouts.CUSTOMER)}
    assert not {row["phone"] for row in prospects} & phones
    assert all(row["phone"].startswith("154") or row["phone"].startswith("１５４") for row in register.values())
    old = [row["id_no"] for row in rows(bank, layouts.CORE_CUSTOMER) if row["id_no"][4:6] == "01"]
    assert 1 <= len(old) <= 15


def test_turned_days_are_other_days_that_exist():
    days = np.arange(-10_000, 15_000)
    wrong = mistyped.turned(days)
    assert (wrong != days).all()
    made = dict(zip(days.tolist(), wrong.tolist(), strict=True))
    third_of_may = int(np.datetime64("1990-05-03").astype(int))
    assert np.datetime64(made[third_of_may], "D") == np.datetime64("1990-03-05")
    assert np.datetime64(made[int(np.datetime64("1990-05-25").astype(int))], "D") == np.datetime64("1990-05-15")
