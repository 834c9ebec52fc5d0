"""The work of making a bank, shared among processes: blocks are lived side by side, then days are joined.

Both kinds of work leave traces that say what is done, so that an interrupted run goes on where it was: a block with
its mark is not lived again, a day whose parts are gone is joined already.
"""

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from zhike.sandbox import blocks, calendar, joining, parts
from zhike.sandbox.joining import Written
from zhike.sandbox.parameters import Parameters

Result = TypeVar("Result")
Tell = Callable[[str, int, int], None]
_LOOK_SECONDS = 0.3
_TALLY = "written"  # of each day that is joined


class Labour:
    """Lives all blocks and joins all days of one bank. ``workers``: processes, one a core where it is None.

    To be used in a ``with``: it holds the processes.
    """

    def __init__(self, parameters: Parameters, folder: Path, truth: Path, workers: int | None, tell: Tell) -> None:
        self._parameters, self._parts, self._truth, self._tell = parameters, folder, truth, tell
        self._days = range(parameters.first_day, parameters.last_day + 1)
        workers = min(workers or os.cpu_count() or 1, len(parameters.blocks))
        # Fresh processes: a fork of one that has threads may hang.
        self._pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) if workers > 1 else None

    def __enter__(self) -> "Labour":
        return self

    def __exit__(self, *_fault: object) -> None:
        """Work that was not begun is left, so that an interrupted run ends soon."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def live(self) -> None:
        """Every block is lived through, each day of it a part."""
        self._tell("people", 0, 1)
        left = [block for block in range(len(self._parameters.blocks)) if not self._lived(block)]
        for block in left:
            shutil.rmtree(blocks.place(self._parts, block), ignore_errors=True)
        self._tell("people", 1, 1)
        tasks = [(self._parameters, block, self._parts, self._truth) for block in left]
        done = len(self._parameters.blocks) - len(left)
        whole = len(self._days) * len(self._parameters.blocks)
        before = done * len(self._days)
        for _ in self._shared(blocks.live, tasks, lambda: self._tell("days", before + self._begun(left), whole)):
            pass
        self._tell("days", whole, whole)

    def join(self, directory: Path) -> Written:
        """All files of all days; parts go as soon as their day stands."""
        (self._parts / _TALLY).mkdir(exist_ok=True)
        folders = [blocks.place(self._parts, block) for block in range(len(self._parameters.blocks))]
        done, joined = Written(), 0
        upgrade, tallies = self._parameters.upgrade_day, self._parts / _TALLY
        tasks = [(directory, folders, tallies, day, day >= upgrade) for day in self._days]
        for written in self._shared(join_day, tasks, lambda: None):
            done, joined = done + written, joined + 1
            self._tell("files", joined, len(tasks))
        return done

    def _lived(self, block: int) -> bool:
        return (blocks.place(self._parts, block) / blocks.DONE).exists()

    def _begun(self, those: Iterable[int]) -> int:
        places = [blocks.place(self._parts, block) for block in those]
        return sum(len(os.listdir(place)) for place in places if place.exists())  # noqa: PTH208  # only a number

    def _shared(
        self, work: Callable[..., Result], tasks: list[tuple[Any, ...]], look: Callable[[], None]
    ) -> Iterator[Result]:
        """Results as they come; ``look`` is called now and then meanwhile."""
        if self._pool is None or len(tasks) < 2:
            for task in tasks:
                yield work(*task)
                look()
            return
        waiting: set[Future[Result]] = {self._pool.submit(work, *task) for task in tasks}
        while waiting:
            done, waiting = wait(waiting, _LOOK_SECONDS, FIRST_COMPLETED)
            yield from (future.result() for future in done)
            look()


def join_day(directory: Path, folders: list[Path], tallies: Path, day: int, upgraded: bool) -> Written:
    """The files of a day, of the parts in the folders of all blocks."""
    tally = tallies / f"{day}.json"
    if not tally.exists():
        saved = [parts.read(blocks.part(folder, day)) for folder in folders]
        written = joining.join(directory, calendar.day_of(day), saved, upgraded=upgraded)
        tally.with_suffix(".new").write_text(json.dumps(asdict(written)))
        tally.with_suffix(".new").rename(tally)
    for folder in folders:
        blocks.part(folder, day).unlink(missing_ok=True)
    return Written(**json.loads(tally.read_text()))
