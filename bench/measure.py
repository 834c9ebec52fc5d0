"""How a process or a call is measured: CPU seconds and peak memory of a whole process, quantiles of calls."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Cost:
    """What a whole process cost, from start to end: CPU of all threads, wall time, peak resident memory."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


def process(script: str, *arguments: object, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs ``bench/<script>`` to its end; raises RuntimeError when it fails."""
    started = time.perf_counter()
    command = [sys.executable, str(Path(__file__).parent / script), *map(str, arguments)]
    child = subprocess.Popen(command, env={**os.environ, **(environment or {})})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{script} ended with {child.returncode}: see above.")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - started, usage.ru_maxrss / 1024)


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure on its own."""
    return Cost(
        statistics.median(cost.cpu_seconds for cost in costs),
        statistics.median(cost.wall_seconds for cost in costs),
        statistics.median(cost.peak_mb for cost in costs),
    )


@dataclass(frozen=True)
class Latency:
    """Milliseconds of one call: median and 99th percentile of wall time, median of this thread's CPU time."""

    p50_ms: float
    p99_ms: float
    cpu_ms: float


class Clocked:
    """Calls of one kind, clocked one by one, so that two kinds can take turns."""

    def __init__(self) -> None:
        self._wall: list[float] = []
        self._cpu: list[float] = []

    def call(self, work: Callable[[], Result]) -> Result:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        self._cpu.append(1000 * (time.process_time() - cpu))
        self._wall.append(1000 * (time.perf_counter() - wall))
        return result

    def latency(self) -> Latency:
        wall = statistics.quantiles(self._wall, n=100, method="inclusive")
        return Latency(wall[49], wall[98], statistics.median(self._cpu))
