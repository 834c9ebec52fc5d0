"""Segment counts, as a web worker answers them, in turns with DuckDB's own count of the same condition by hand."""

import json
import random
import sys
from datetime import date
from pathlib import Path

import duckdb
from measure import Clocked

from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.build import VIEW, build
from zhike.interfaces.cli.session import set_up_django

CALLS = 200


def main(as_of: date) -> None:
    set_up_django()
    from zhike.operations.customers.segments import view

    built = build(workspace(), as_of)
    store = SnapshotStore(workspace())
    path = store.paths(store.load(built.snapshot), VIEW)[0]
    peer = duckdb.connect(config={"threads": 1, "memory_limit": "512MiB"})
    peer.execute("SET TimeZone = 'UTC'")
    ours, theirs = Clocked(), Clocked()
    chance = random.Random(1)
    opened = view(built.snapshot)
    for number in range(CALLS + 10):
        # Every call asks something new, so that parsing is paid each time.
        expression, predicate = _question(chance)
        first, second = (Clocked(), Clocked()) if number < 10 else (ours, theirs)
        found = first.call(lambda expression=expression: opened.count(expression, None))
        expected = second.call(lambda predicate=predicate: _by_hand(peer, path, predicate))
        if found != expected:
            raise SystemExit(f"{expression}: {found} customers, by hand {expected}")
    latencies = {"ours": vars(ours.latency()), "peer": vars(theirs.latency()), "customers": built.customers}
    print(json.dumps(latencies))


def _question(chance: random.Random) -> tuple[str, str]:
    """The condition in our language, and by hand in SQL."""
    spend, days, share = chance.randint(1, 400_000), chance.randint(1, 60), chance.randint(1, 90) / 100
    ours = (
        f"marketing_consent = 'given' and spend_90d_cents >= {spend} and days_active_90d between 1 and {days}"
        f" and (utilisation < {share} or utilisation is null)"
    )
    by_hand = (
        f"marketing_consent = 'given' AND spend_90d_cents >= {spend} AND days_active_90d BETWEEN 1 AND {days}"
        f" AND (utilisation < {share} OR utilisation IS NULL)"
    )
    return ours, by_hand


def _by_hand(peer: duckdb.DuckDBPyConnection, path: Path, predicate: str) -> int:
    row = peer.execute(f"SELECT count(*) FROM read_parquet('{path}') WHERE {predicate}").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]))
