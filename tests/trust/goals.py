"""How a promise of `make trust` is told: ``GOAL id figure PASS|FAIL seed``, and how a failing one is replayed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

FULL = os.environ.get("ZHIKE_TRUST_FULL") == "1"
SEED = int(os.environ.get("ZHIKE_TRUST_SEED", "20261124"))
LINES: list[str] = []


def share(ci: int, full: int) -> int:
    """How many cases: the share of every change, or all of them under ``FULL=1 make trust``."""
    return full if FULL else ci


@contextmanager
def goal(goal_id: str, seed: int = SEED) -> Iterator[list[str]]:
    """Yields a list for the figures ("10,000 edits, 0 missed"); PASS unless the block raises, which goes on."""
    figures: list[str] = []
    try:
        yield figures
    except BaseException:
        again = f"ZHIKE_TRUST_SEED={seed} make trust GOAL={goal_id}"
        LINES.append(f"GOAL {goal_id} {'; '.join(figures) or 'no figure'} FAIL seed={seed} · replay: {again}")
        raise
    LINES.append(f"GOAL {goal_id} {'; '.join(figures)} PASS seed={seed}")
