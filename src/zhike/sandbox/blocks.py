"""A block of people through all its days: each day saved as a part, so that memory holds one block and disk the rest.

Blocks know nothing of each other: any number of processes lives them, in any order, to the same bytes.
"""

from pathlib import Path

import pyarrow.parquet as pq

from zhike.sandbox import calendar, campaigns
from zhike.sandbox.files import Files
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.parts import Sink
from zhike.sandbox.truth import Truth
from zhike.sandbox.world import World

DONE = "done"


def place(parts: Path, block: int) -> Path:
    """Where the parts of a block stand."""
    return parts / f"{block:06d}"


def live(parameters: Parameters, block: int, parts: Path, truth: Path) -> None:
    """Lives a block from the bank's first day to its last, into ``parts`` and ``truth``."""
    folder = place(parts, block)
    folder.mkdir(parents=True)
    world = World(parameters, parameters.blocks[block])
    files, told = Files(world), Truth(world)
    for day in range(parameters.first_day, parameters.last_day + 1):
        today, sink = world.step(day, campaigns.of_day(world, day)), Sink()
        told.see(today)
        files.write(today, sink)
        sink.save(part(folder, day))
    for name, table in told.tables().items():
        (truth / name).mkdir(parents=True, exist_ok=True)
        pq.write_table(table, truth / name / f"{block:06d}.parquet", compression="zstd")
    (folder / DONE).touch()


def part(folder: Path, day: int) -> Path:
    """The part of a day in a block's folder."""
    return folder / f"{calendar.day_of(day):%Y%m%d}.part"
