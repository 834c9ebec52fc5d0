"""A bank that is lived a day at a time, its files written as the days pass: what a policy acts upon."""

from dataclasses import dataclass
from pathlib import Path

from zhike.sandbox import calendar, campaigns, joining
from zhike.sandbox.actions import Actions
from zhike.sandbox.files import Files
from zhike.sandbox.joining import Written
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.parts import Sink
from zhike.sandbox.world import Today, World


@dataclass(frozen=True)
class Stepped:
    """A day that has passed: how much was written, and what each block went through (for judges only)."""

    written: Written
    days: list[Today]


class Bank:
    """All blocks of a bank in memory. Without actions its files are those of `make`, byte for byte."""

    def __init__(self, parameters: Parameters, directory: Path) -> None:
        """``directory`` gets the files; it exists."""
        self.worlds = [World(parameters, numbers) for numbers in parameters.blocks]
        self._files = [Files(world) for world in self.worlds]
        self._directory = directory

    def step(self, day: int, actions: Actions | None = None) -> Stepped:
        """Lives one day in every block and writes the bank's files of it. Days follow each other without a gap.

        ``actions``: what the bank does on the day; None: what it does by habit (`campaigns`), as in `make`. Raises
        BadInput for what cannot be, before anything is lived.
        """
        if actions is not None:
            actions.check(self.worlds[0].parameters.customers)
        sinks, days = [Sink() for _ in self.worlds], []
        for world, files, sink in zip(self.worlds, self._files, sinks, strict=True):
            today = world.step(day, campaigns.of_day(world, day) if actions is None else actions)
            files.write(today, sink)
            days.append(today)
        pieces, upgraded = [sink.pieces for sink in sinks], day >= self.worlds[0].parameters.upgrade_day
        written = joining.join(self._directory, calendar.day_of(day), pieces, upgraded=upgraded)
        return Stepped(written, days)
