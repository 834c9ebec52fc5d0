import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.sandbox.made import csv_rows, lines, record_of, rows, trailer
from zhike.sandbox import layouts
from zhike.sandbox.layout_document import page
from zhike.sandbox.record import Record

PAGE = Path(__file__).parents[2] / "docs/reference/made-bank-files.md"


def test_the_page_of_layouts_equals_the_code():
    assert PAGE.read_text() == page(), f"run: python -m zhike.sandbox.layout_document > {PAGE}"


def test_headers_widths_and_trailers(bank):
    torn = 0
    for path in bank.glob("cards/*/*.dat"):
        record, content = record_of(path), lines(path)
        assert content[0] == f"H{record.name.upper():<10}{path.parent.name}+0800".encode()
        data = content[1:-1]
        count, total = trailer(path)
        assert count == len(data)
        short = [line for line in data if len(line) != record.width]
        assert all(len(line) == 37 for line in short)
        assert not short or record is layouts.TXN
        torn += len(short)
        assert total == _sum([line for line in data if len(line) == record.width], record)
    assert torn


def _sum(data: list[bytes], record: Record) -> int:
    if not record.total:
        return 0
    field = record.field(record.total)
    return sum(int(line[field.start : field.start + field.width]) for line in data)


def test_companions_equal_their_files(bank):
    for path in bank.glob("core/*/*.csv"):
        record = record_of(path)
        text = path.with_name(path.name + ".ctl").read_text()
        found = re.fullmatch(r"file=(\S+) day=(\S+) rows=(\d+) sum=(-?[\d.]+)\n", text)
        assert found
        data = csv_rows(path)
        assert found[1] == path.name
        assert found[2].replace("-", "") == path.parent.name
        assert int(found[3]) == len(data)
        assert Decimal(found[4]) == (sum(Decimal(row[record.total]) for row in data) if record.total else 0)


def test_movement_files_stand_every_day(bank):
    days = {path.name for path in (bank / "cards").iterdir()}
    assert days == {path.parent.name for path in bank.glob("cards/*/txn.dat")}
    assert days == {path.parent.name for path in bank.glob("core/*/movement.csv")}


def test_references_are_unique(bank):
    for record, name in (
        (layouts.TXN, "ref"),
        (layouts.CARD, "event_ref"),
        (layouts.STATEMENT, "statement_no"),
        (layouts.CORE_MOVEMENT, "ref"),
    ):
        found = {row[name]: {**row, "post_date": ""} for row in rows(bank, record)}
        told = [{**row, "post_date": ""} for row in rows(bank, record)]
        assert all(found[row[name]] == row for row in told), f"{record.name}: told twice in other words"
        assert len(told) - len(found) <= (12 if record is layouts.TXN else 0)


def test_every_row_refers_to_what_was_delivered(bank):
    customers = {row["customer_no"] for row in rows(bank, layouts.CUSTOMER)}
    accounts = {row["account_no"] for row in rows(bank, layouts.ACCOUNT)}
    cards = {row["card_no"] for row in rows(bank, layouts.CARD)} | {""}
    shops = {row["merchant_no"] for row in rows(bank, layouts.MERCHANT)} | {""}
    terminals = {row["terminal_no"] for row in rows(bank, layouts.TERMINAL)} | {""}
    branches = {row["branch_no"] for row in rows(bank, layouts.BRANCH)}
    products = {row["product"] for row in rows(bank, layouts.PRODUCT)}
    for row in rows(bank, layouts.TXN):
        assert row["account_no"] in accounts
        assert row["card_no"] in cards
        assert row["merchant_no"] in shops
        assert row["terminal_no"] in terminals
    for row in rows(bank, layouts.ACCOUNT):
        assert row["customer_no"] in customers
        assert row["branch_no"] in branches
        assert row["product"] in products
    for row in rows(bank, layouts.CARD):
        assert row["customer_no"] in customers
        assert row["account_no"] in accounts


def test_deposit_accounts_are_never_overdrawn_and_add_up(bank):
    balances = rows(bank, layouts.CORE_BALANCE)
    assert all(Decimal(row["balance"]) >= 0 for row in balances)
    held = {(row["account_no"], row["day"]): Decimal(row["balance"]) for row in balances}
    moved: dict[str, Decimal] = {}
    for row in rows(bank, layouts.CORE_MOVEMENT):
        if row["ref"].startswith("M202610"):  # by reference: the day of a broken row is impossible
            moved[row["account_no"]] = moved.get(row["account_no"], Decimal(0)) + Decimal(row["amount"])
    for (account, day), balance in held.items():
        if day == "2026-10-31" and (account, "2026-09-30") in held:
            assert balance - held[account, "2026-09-30"] == moved.get(account, 0)


def test_statements_add_up(bank):
    last: dict[str, int] = {}
    for row in rows(bank, layouts.STATEMENT):
        opening, closing = int(row["opening"]), int(row["closing"])
        more = int(row["purchases"]) + int(row["cash"]) + int(row["charges"])
        assert opening + more - int(row["refunds"]) - int(row["paid"]) == closing, row
        assert 0 <= int(row["minimum"]) <= max(closing, 0)
        if row["account_no"] in last:
            assert opening == last[row["account_no"]]
        last[row["account_no"]] = closing
    assert last


def test_broken_rows_are_there_and_few(bank):
    movements = rows(bank, layouts.TXN)
    wrong_day = [row for row in movements if row["txn_date"].endswith("0230")]
    wrong_code = [row for row in movements if row["type"] == "9Z99"]
    letters = [row for row in movements if "O" in row["orig_amount"]]
    assert 1 <= len(wrong_day) + len(wrong_code) + len(letters) <= 8
    core = rows(bank, layouts.CORE_MOVEMENT)
    assert 1 <= len([row for row in core if row["kind"] == "7X" or row["day"].endswith("02-30")]) <= 8


def test_quotes_commas_and_long_names(tmp_path):
    from zhike import sandbox

    sandbox.make(tmp_path, customers=3_000, months=1, seed=3)
    names = {row["name"] for row in rows(tmp_path, layouts.CORE_CUSTOMER)}
    assert names & {"SMITH, JOHN", "O'NEILL, MARY"}
    in_cards = {row["name"] for row in rows(tmp_path, layouts.CUSTOMER)}
    assert "SMITH JOHN" in in_cards or "O'NEILL MARY" in in_cards
    assert any(len(name.encode("gb18030")) > 2 * len(name) for name in in_cards), "no four-byte character"
    memos = {row["memo"] for row in rows(tmp_path, layouts.CORE_MOVEMENT)}
    assert {"学费,书本费", '备注"生日红包"'} <= memos


@pytest.mark.parametrize("record", layouts.RECORDS, ids=lambda record: f"{record.system}-{record.name}")
def test_layouts_are_whole(record):
    assert len({field.name for field in record.fields}) == len(record.fields)
    assert not record.total or record.field(record.total).kind == "cents"
    starts = [field.start for field in record.fields]
    assert record.system == "core" or starts == [sum(f.width for f in record.fields[:i]) for i in range(len(starts))]
