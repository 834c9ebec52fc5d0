"""The made bank at scale: made, loaded, built and deleted in one run, each step a process of its own.

``python bench/made_bank.py [--customers 1000000] [--months 3] [--seed 1] [--folder DIR]``: of each step wall and CPU
seconds, rows a second, peak memory of all its processes together (proportional set size, the database's too) and
how much disk there was at most. The peer that a rate is set beside is the plain copy of the raw files.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhike import sandbox
from zhike.interfaces.cli.demo import SOURCES

_MEMORY_SECONDS, _DISK_SECONDS = 0.5, 5.0
_CLI = [sys.executable, "-m", "zhike.interfaces.cli"]


@dataclass
class Peak:
    """The most that was seen so far, in bytes."""

    memory: int = 0
    disk: int = 0


class Watch:
    """Looks at the processes that a folder belongs to, and at the folder, until it is left."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._over = folder, threading.Event()
        self.peak = Peak()
        self._threads = [
            threading.Thread(target=self._every, args=(_MEMORY_SECONDS, self._memory)),
            threading.Thread(target=self._every, args=(_DISK_SECONDS, self._disk)),
        ]

    def __enter__(self) -> "Watch":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _every(self, seconds: float, look: Callable[[], None]) -> None:
        while True:
            look()
            if self._over.wait(seconds):
                return

    def _memory(self) -> None:
        self.peak.memory = max(self.peak.memory, sum(map(_pss, _processes(self._folder))))

    def _disk(self) -> None:
        self.peak.disk = max(self.peak.disk, _size(self._folder))


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="made-bank-", dir=options.folder))
    bank, home = folder / "bank", folder / "home"
    home.mkdir()
    print(
        f"{options.customers:,} customers × {options.months} months, seed {options.seed}, {os.cpu_count()} cores, ",
        end="",
    )
    print(f"load average {os.getloadavg()[0]:.1f}")
    try:
        size = [str(options.customers), "--months", str(options.months), "--seed", str(options.seed)]
        _run("make", folder, ["sandbox", "make", str(bank), "--customers", *size], lambda: _made(bank).rows)
        _copy(bank, folder)
        for source, place in SOURCES:
            if (bank / place).exists():
                _run(f"load {source}", folder, ["load", source, str(bank / place)], lambda: 0)
        day: date = _made(bank).last_day
        _run("build", folder, ["build", "--as-of", day.isoformat()], lambda: options.customers)
    finally:
        subprocess.run([*_CLI, "stop"], env=_environment(home), check=False, stdout=subprocess.DEVNULL)
        started = time.perf_counter()
        shutil.rmtree(folder)
        print(f"{'delete':20} {time.perf_counter() - started:8.1f} s")
    return 0


def _run(name: str, folder: Path, command: list[str], rows: Callable[[], int]) -> None:
    """Runs a command of ours and prints what it cost; raises SystemExit where it fails."""
    started = time.perf_counter()
    with Watch(folder) as watch:
        child = subprocess.Popen(
            [*_CLI, *command], env=_environment(folder / "home"), stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        told = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{name} ended with {child.returncode}: {told}")
    wall, cpu = time.perf_counter() - started, usage.ru_utime + usage.ru_stime
    done = rows()
    rate = f"{done / wall:12,.0f} rows/s" if done else " " * 19
    peak = watch.peak
    print(
        f"{name:20} {wall:8.1f} s {cpu:8.1f} CPU s {rate} {peak.memory >> 20:7,} MB peak {peak.disk >> 20:8,} MB disk"
    )
    print(f"    {told.strip().splitlines()[-1]}" if told.strip() else "", flush=True)


def _copy(bank: Path, folder: Path) -> None:
    """The peer: the same bytes, copied by the system on the same disk."""
    started = time.perf_counter()
    subprocess.run(["cp", "-r", str(bank), str(folder / "copy")], check=True)
    seconds = time.perf_counter() - started
    print(
        f"{'peer: cp -r':20} {seconds:8.1f} s   {_made(bank).bytes >> 20:,} MB,"
        f" {_made(bank).rows / seconds:,.0f} rows/s"
    )
    shutil.rmtree(folder / "copy")


def _made(bank: Path) -> sandbox.Made:
    made = sandbox.found(bank)
    assert made is not None
    return made


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "ZHIKE_HOME": str(home)}


def _processes(folder: Path) -> list[Path]:
    """Ours (they name the folder in their command or as their home), and what they started."""
    parents, ours = {}, set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if str(folder).encode() in (path / "cmdline").read_bytes():
                ours.add(int(path.name))
        except OSError:
            continue
    ours.discard(os.getpid())
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in ours} - ours
        ours, grown = ours | more, bool(more)
    return [Path("/proc") / str(pid) for pid in ours]


def _pss(process: Path) -> int:
    """Proportional set size in bytes: memory shared by n processes counts as an nth in each."""
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512  # noqa: PTH118  # millions of them
            except OSError:
                continue
    return total


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--months", type=int, default=3)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--folder", default=None, help="where the temporary folder stands")
    return asked.parse_args()


if __name__ == "__main__":
    sys.exit(main())
