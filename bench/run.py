"""``make bench``: the jobs of DESIGN section 6 that stand, against named peers, on the same data in one run.

Prints the ratios with their goals and writes docs/benchmarks.md.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import facts
from equal import differences
from measure import Cost, median, process
from report import Line, Run, page, table

from zhike.core.clock import now

THREADS, MEMORY_MB = 2, 4096
HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Options:
    """How much, how often, and the folder that holds the made data (kept when the caller names it)."""

    customers: int
    transactions: int
    runs: int
    api_customers: int
    folder: Path


def main() -> int:
    options = _options()
    kept = options.folder.exists()
    try:
        lines = [*view_lines(options), *count_lines(options), *api_lines(options)]
    finally:
        if not kept:
            shutil.rmtree(options.folder, ignore_errors=True)
    done = Run(now().date(), options.customers, options.transactions, options.runs, _machine(), _versions(), lines)
    print(table(lines))
    if options.customers >= 1_000_000:
        PAGE.write_text(page(done), encoding="utf-8")
        print(f"Written: {PAGE}")
    return 0


def view_lines(options: Options) -> Iterator[Line]:
    """The whole customer view from the facts: whole processes, in turns."""
    home, out = _home(options, options.customers, options.transactions), options.folder / "out"
    spill = options.folder / "spill"
    out.mkdir(exist_ok=True)
    spill.mkdir(exist_ok=True)
    costs: dict[str, list[Cost]] = {"duckdb": [], "polars": [], "zhike": []}
    for number in range(options.runs):
        for name, found in costs.items():
            print(f"view, run {number + 1} of {options.runs}: {name}", file=sys.stderr, flush=True)
            found.append(_view(name, home, out, spill))
    for name in ("duckdb", "polars"):
        different = differences(out / "zhike.parquet", out / f"{name}.parquet")
        if different:
            raise SystemExit(f"Void: ours and {name} differ in {different}")
    ours, duck, polars = (median(costs[name]) for name in ("zhike", "duckdb", "polars"))
    job = f"customer view, {options.transactions:,} transactions of {options.customers:,} customers"
    for figure, unit in (("cpu_seconds", "CPU s"), ("wall_seconds", "wall s"), ("peak_mb", "peak MB")):
        found = {"DuckDB SQL": getattr(duck, figure), "Polars": getattr(polars, figure)}
        best = min(found, key=lambda name: found[name])
        goal = 1.0 if figure != "wall_seconds" else None
        yield Line(job, unit, getattr(ours, figure), best, found[best], goal, None, others=found)


def _view(name: str, home: Path, out: Path, spill: Path) -> Cost:
    day, target = facts.AS_OF.isoformat(), out / f"{name}.parquet"
    if name == "duckdb":
        return process("view_duckdb.py", home / "facts", target, day, MEMORY_MB, spill)
    if name == "polars":
        threads = {"POLARS_MAX_THREADS": str(THREADS)}
        return process("view_polars.py", home / "facts", target, day, environment=threads)
    return process("view_zhike.py", home, target, day, MEMORY_MB, spill, out / "duckdb.parquet")


def count_lines(options: Options) -> Iterator[Line]:
    """Segment counts in one process, as a web worker answers them."""
    found = _calls("count_calls.py", _home(options, options.customers, options.transactions))
    job = f"segment count, {options.customers:,} customers"
    ours, peer = found["ours"], found["peer"]
    yield Line(job, "p50 ms", ours["p50_ms"], "DuckDB's own count", peer["p50_ms"], 1.5, None)
    yield Line(job, "p99 ms", ours["p99_ms"], "DuckDB's own count", peer["p99_ms"], None, 20)
    yield Line(job, "CPU ms", ours["cpu_ms"], "DuckDB's own count", peer["cpu_ms"], 1.5, None)


def api_lines(options: Options) -> Iterator[Line]:
    """The customer API at two sizes; the larger against the smaller says whether it is flat."""
    small, large = options.api_customers // 10, options.api_customers
    p50 = {}
    for customers in (small, large):
        found = _calls("api_calls.py", _home(options, customers, customers * 20))
        job, ours, peer = f"customer API, {customers:,} customers", found["ours"], found["peer"]
        p50[customers] = ours["p50_ms"]
        yield Line(job, "p50 ms", ours["p50_ms"], "view that reads one row", peer["p50_ms"], None, None)
        yield Line(job, "p99 ms", ours["p99_ms"], "view that reads one row", peer["p99_ms"], None, 20)
    yield Line(
        f"customer API, {large:,} customers", "p50 ms", p50[large], f"itself at {small:,}", p50[small], 1.5, None
    )


def _calls(script: str, home: Path) -> Any:
    print(f"{script} on {home.name}", file=sys.stderr, flush=True)
    environment = {**os.environ, "ZHIKE_HOME": str(home), "ZHIKE_MEMORY_MB": str(MEMORY_MB)}
    command = [sys.executable, str(HERE / script), facts.AS_OF.isoformat()]
    answer = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def _home(options: Options, customers: int, transactions: int) -> Path:
    home = options.folder / f"home_{customers}_{transactions}"
    if not home.exists():
        print(f"making {transactions:,} transactions of {customers:,} customers", file=sys.stderr, flush=True)
    facts.make(home, customers, transactions)
    return home


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--transactions", type=int, default=20_000_000)
    parser.add_argument("--runs", type=int, default=5, help="runs of each side of the customer view")
    parser.add_argument("--api-customers", type=int, default=None, help="default: a tenth of the customers, or 100,000")
    parser.add_argument("--folder", type=Path, default=None, help="made data, kept for the next run")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="zhike-bench-")) / "data"
    if given.folder:
        folder.mkdir(parents=True, exist_ok=True)
    api = given.api_customers or min(100_000, max(1_000, given.customers // 10))
    return Options(given.customers, given.transactions, given.runs, api, folder)


def _machine() -> str:
    busy = f"load average {os.getloadavg()[2]:.1f} (1 to 2 is this bench alone)"
    return f"{os.cpu_count()} cores, {busy}, Python {platform.python_version()}"


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("duckdb", "polars", "ibis-framework", "pyarrow", "django", "psycopg")}


if __name__ == "__main__":
    sys.exit(main())
