"""One live decision against the published one: what it costs to know what was said a second ago.

Run on a workspace that is published: ``ZHIKE_HOME=… python bench/live_decision.py [--reads 2000]``. Each customer is
read twice: as published (nothing was said since), and decided again (a contact is laid over in memory, none is
written). Interleaved, in process, one thread.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import zhike.interfaces.cli.session as cli


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=2_000)
    reads = parser.parse_args().reads
    with cli.operations() as actor:
        _measure(actor, reads)


def _measure(actor: Any, reads: int) -> None:
    from zhike.operations.customers import reading
    from zhike.operations.governance.acting import transaction_of
    from zhike.operations.marketing import present, queries

    with transaction_of(actor):
        rows = reading.select(reading.published(), "customer_view")
    dice, own = random.Random(7), present.of_rows

    def contacted(*given: Any) -> Any:
        return {each: known | {"marketing_contacts_recorded_7d": 9} for each, known in own(*given).items()}

    def read(laid: Callable[..., Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
        def once(row: dict[str, Any]) -> dict[str, Any]:
            present.of_rows = laid
            return queries.decision_get(actor, row["customer_id"])

        return once

    ways = {"published decision": read(own), "decided again": read(contacted)}
    for way in ways.values():
        way(rows[0])
    took: dict[str, list[float]] = {name: [] for name in ways}
    used = dict.fromkeys(ways, 0.0)
    for _ in range(reads):
        row = dice.choice(rows)
        for name, way in ways.items():
            began, cpu = time.perf_counter(), time.process_time()
            found = way(row)
            took[name].append(time.perf_counter() - began)
            used[name] += time.process_time() - cpu
            assert (found["live"] is not None) == (name == "decided again")
    present.of_rows = own
    base = statistics.median(took["published decision"])
    for name, seconds in took.items():
        p50, p99 = statistics.median(seconds), sorted(seconds)[int(len(seconds) * 0.99)]
        print(
            f"{name:20} p50 {p50 * 1e3:6.2f} ms  p99 {p99 * 1e3:6.2f} ms  {p50 / base:4.2f} x  CPU {used[name]:.1f} s"
        )
    print(f"{reads} readings each, {len(rows)} customers, audit entry of each reading included")


if __name__ == "__main__":
    main()
