"""A page of a segment is compiled once, whatever page and snapshot is asked for."""

import time

from small_bank import become, customer_id

from zhike.operations.customers import segments
from zhike.operations.customers.segments import view

_COLUMNS = ("customer_id", "transactions_30d")


def test_a_page_is_compiled_once_for_all_pages_and_snapshots(bank: None) -> None:
    snapshots = [become(0), become(1)]
    segments._rows_sql.cache_clear()
    found = [view(snapshot).rows("cards_held = 1", _COLUMNS, 2, None, None) for snapshot in snapshots]
    following = view(snapshots[1]).rows("cards_held = 1", _COLUMNS, 2, customer_id(1), None)
    assert segments._rows_sql.cache_info().misses == 1
    assert [rows[0]["transactions_30d"] for rows in found] == [15, 16]  # the statement is kept, never what it found
    assert [row["customer_id"] for row in following] == [customer_id(2), customer_id(3)]
    assert following[0] == {"customer_id": customer_id(2), "transactions_30d": 15}


def test_columns_and_conditions_are_told_apart(bank: None) -> None:
    opened = view(become(0))
    assert opened.rows("cards_held = 1", (), 1, None, None) == [{"customer_id": customer_id(0)}]
    assert opened.rows("cards_held = 1", ("nonsense", "tier", "customer_id", "tier"), 1, None, None) == [
        {"customer_id": customer_id(0), "tier": "mass"}
    ]
    assert opened.rows("cards_held = 2", ("tier",), 1, None, None) == []
    assert opened.rows("transactions_30d = 0", (), 50, customer_id(27), None) == [
        {"customer_id": customer_id(28)}, {"customer_id": customer_id(29)},
    ]  # fmt: skip


def test_a_known_page_costs_its_reading_alone(bank: None) -> None:
    opened = view(become(0))

    def cost(expression: str) -> float:
        before = time.thread_time()
        opened.rows(expression, segments.LIST_COLUMNS, 50, None, None)
        return time.thread_time() - before

    first = min(cost(f"cards_held = 1 and transactions_30d >= {number}") for number in range(1, 6))
    again = min(cost("cards_held = 1 and transactions_30d >= 1") for _ in range(5))
    print(f"\nfirst {first * 1e3:.1f} ms, again {again * 1e3:.1f} ms of CPU")
    assert again < first / 2
