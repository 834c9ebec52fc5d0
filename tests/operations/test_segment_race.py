"""Count and list of a segment while somebody publishes: both from one snapshot, whichever it is."""

import threading

from django.db import connection
from small_bank import become

from zhike.operations.customers import actions, queries
from zhike.operations.customers.models import Publication
from zhike.operations.governance.actors import system_actor

# Customer 0 has 15 transactions in 30 days, and one more with every extra purchase.
EXPRESSION = "transactions_30d >= 16"


def test_count_and_list_never_disagree(bank: None) -> None:
    actor, snapshots = system_actor(), [become(0), become(1)]
    actions.view_publish(actor)
    expected = {snapshots[0]: 0, snapshots[1]: 1}
    stop, faults = threading.Event(), []

    def flip() -> None:
        """What the flip of a publication is to a reader of segments: another snapshot id in the one row."""
        try:
            while not stop.is_set():
                for snapshot in snapshots:
                    Publication.objects.update(snapshot=snapshot)
        finally:
            connection.close()

    def ask() -> None:
        try:
            asked = 0
            while asked < 60 or (seen != set(snapshots) and asked < 5_000):
                asked += 1
                page = queries.segment_page(actor, EXPRESSION, 50)
                if not page.count == len(page.rows) == expected[page.snapshot]:
                    faults.append(page)
                seen.add(page.snapshot)
        finally:
            connection.close()

    seen: set[str] = set()
    flipper, askers = threading.Thread(target=flip), [threading.Thread(target=ask) for _ in range(2)]
    for thread in (flipper, *askers):
        thread.start()
    for thread in askers:
        thread.join()
    stop.set()
    flipper.join()
    assert not faults
    assert seen == set(snapshots)


def test_pages_of_a_segment_meet_without_gap_or_repeat(bank: None) -> None:
    actor = system_actor()
    actions.view_publish(actor)
    found, after = [], None
    while True:
        page = queries.segment_page(actor, "cards_held = 1", 7, after)
        found += [row["customer_id"] for row in page.rows]
        assert page.count == 30
        if page.after is None:
            break
        after = page.after
    assert found == sorted(set(found))
    assert len(found) == 30
