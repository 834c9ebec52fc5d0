"""Verifying the audit log against hashing alone: the same bytes, without database, places, seals and anchors.

``python bench/audit_verify.py [ENTRIES]`` in a workspace of its own: wall and CPU seconds, peak memory, the ratio.
"""

import hashlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

_INSERT = """
INSERT INTO governance_auditentry
    (actor_kind, actor_name, on_behalf_of, action, outcome, object_type, object_id, purpose, detail)
SELECT 'staff', 'agent' || n %% 500, '', 'customer.view', 'done', 'customer',
    '01970000-0000-7000-8000-' || lpad((n %% 100000)::text, 12, '0'), 'service call', '{"channel": "phone", "page": 1}'
FROM generate_series(1, %s) AS n
"""


def timed(what: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """Runs once; prints wall and CPU seconds of this process and the peak memory so far."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:34} {wall:8.2f} s  {cpu:8.2f} CPU s  {peak:7.0f} MB peak")
    return found, wall


def main(entries: int) -> None:
    from zhike.interfaces.cli.session import operations

    with operations() as actor:
        from django.db import connections

        from zhike.operations.governance.audit import chain, sealer
        from zhike.operations.governance.audit.verify import audit_verify

        with connections["owner"].cursor() as cursor:
            cursor.execute(_INSERT, [entries])

        def seal() -> int:
            sealed = 0
            while done := sealer.seal():
                sealed += done
            return sealed

        sealed, _ = timed("seal, 10,000 to a seal", seal)
        found, whole = timed("verify", lambda: audit_verify(actor))
        assert not found.faults, found.faults
        assert found.entries == sealed
        with connections["owner"].chunked_cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(chain.COLUMNS)} FROM governance_auditentry ORDER BY id")
            rows = [chain.canonical(sealer.decoded(row, chain.COLUMNS.index("detail"))) for row in cursor.fetchall()]

        def hashing() -> bytes:
            hash_ = chain.START
            for row in rows:
                hash_ = hashlib.sha256(hash_ + row).digest()
            return hash_

        _, alone = timed("hashing the same bytes alone", hashing)
    print(f"{sealed:,} entries verified at {sealed / whole:,.0f} a second, {whole / alone:.1f} × hashing alone")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="zhike-audit-bench-") as home:
        os.environ["ZHIKE_HOME"] = home
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
