"""Making a bank: a folder of raw files, day by day, and a note that it is whole."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from zhike.core.errors import BadInput, Unavailable
from zhike.sandbox import calendar
from zhike.sandbox.files import Files
from zhike.sandbox.parameters import DEFAULT_END, Parameters
from zhike.sandbox.world import World

Progress = Callable[[str, int, int], None]

NOTE, MARKER = "bank.json", "bank.partial"
_MADE_BY = "zhike sandbox 1"
_FOLDERS = ("cards", "core")


@dataclass(frozen=True)
class Made:
    """A made bank. ``rows`` without headers and trailers; ``bytes`` of all its files but the note."""

    customers: int
    months: int
    seed: int
    first_day: date
    last_day: date
    files: int
    rows: int
    bytes: int


def make(
    directory: Path,
    *,
    customers: int,
    months: int,
    seed: int,
    end: date | None = None,
    progress: Progress | None = None,
) -> Made:
    """Makes a bank of so many people whose files cover so many months up to ``end`` (2026-10-31).

    The same parameters give the same bytes. ``progress`` is told (what, done, of how many). A bank made before in
    ``directory``, whole or interrupted, is made anew; a folder that holds anything else is refused with BadInput,
    as are impossible parameters. Raises Unavailable when the folder cannot be written.
    """
    parameters = Parameters(customers=customers, months=months, seed=seed, end=end or DEFAULT_END)
    tell = progress or _nothing
    try:
        _clear(directory)
        note = {"made_by": _MADE_BY, "customers": customers, "months": months, "seed": seed}
        (directory / MARKER).write_text(json.dumps(note) + "\n")
        made = _live(parameters, directory, tell)
        words = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(made).items()}
        (directory / NOTE).write_text(json.dumps({"made_by": _MADE_BY, **words}, indent=1) + "\n")
        (directory / MARKER).unlink()
    except OSError as fault:
        raise Unavailable(f"The made bank cannot be written to {directory}: {fault.strerror}.") from None
    return made


def found(directory: Path) -> Made | None:
    """The whole made bank that stands in the folder, or None."""
    note = _note(directory / NOTE)
    if note is None or (directory / MARKER).exists():
        return None
    days = {name: date.fromisoformat(note.pop(name)) for name in ("first_day", "last_day")}
    note.pop("made_by")
    return Made(**note, **days)


def _live(parameters: Parameters, directory: Path, tell: Progress) -> Made:
    tell("people", 0, 1)
    world = World(parameters)
    files = Files(world)
    tell("people", 1, 1)
    days = range(parameters.first_day, parameters.last_day + 1)
    for done, day in enumerate(days):
        tell("days", done, len(days))
        name = calendar.day_of(day).strftime("%Y%m%d")
        folders = [directory / system / name for system in _FOLDERS]
        for folder in folders:
            folder.mkdir(parents=True)
        files.write(world.step(day), *folders)
    tell("days", len(days), len(days))
    return Made(
        customers=parameters.customers, months=parameters.months, seed=parameters.seed, first_day=parameters.first,
        last_day=parameters.end, files=files.files, rows=files.rows, bytes=files.bytes,
    )  # fmt: skip


def _clear(directory: Path) -> None:
    """Leaves an empty folder; refuses one that holds anything but a bank of ours."""
    if directory.exists() and not directory.is_dir():
        raise BadInput(f"{directory} is a file: name a folder for the made bank.")
    directory.mkdir(parents=True, exist_ok=True)
    inside = {path.name for path in directory.iterdir()}
    if not inside:
        return
    ours = any(_note(directory / name) is not None for name in (NOTE, MARKER))
    if not ours or not inside <= {NOTE, MARKER, *_FOLDERS}:
        raise BadInput(f"{directory} is not empty and no made bank: nothing was written. Name a new folder.")
    for name in _FOLDERS:
        if (directory / name).exists():
            shutil.rmtree(directory / name)
    for name in (NOTE, MARKER):
        (directory / name).unlink(missing_ok=True)


def _note(path: Path) -> dict[str, object] | None:
    try:
        note = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) and str(note.get("made_by", "")).startswith("zhike sandbox") else None


def _nothing(_what: str, _done: int, _of: int) -> None:
    """Who asks for no progress hears none."""
