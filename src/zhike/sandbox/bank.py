"""Making a bank: a folder of raw files, day by day, and a note that it is whole."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from zhike.core.errors import BadInput, Unavailable
from zhike.sandbox import layouts
from zhike.sandbox.joining import Written
from zhike.sandbox.labour import Labour
from zhike.sandbox.parameters import DEFAULT_END, Parameters
from zhike.sandbox.variant import Variant

Progress = Callable[[str, int, int], None]

NOTE, MARKER, TRUTH, PARTS = "bank.json", "bank.partial", "truth", "parts"
_MADE_BY = "zhike sandbox 2"
_FOLDERS = tuple(dict.fromkeys(record.system for record in layouts.RECORDS))


@dataclass(frozen=True)
class Made:
    """A made bank. ``rows`` without headers and trailers; ``bytes`` of all its files but note and truth."""

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
    variant: Variant | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Made:
    """Makes a bank of so many people whose files cover so many months up to ``end`` (2026-10-31).

    A ``variant`` makes it the bank of another world. The same parameters give the same bytes with any number of
    ``workers`` (processes; one a core unless given). What the bank does not know stands in the folder ``truth``.
    ``progress`` is told (what, done, of how many).
    A bank that was interrupted is gone on with if it was to be the same, else made anew like a whole one; a folder
    that holds anything else is refused with BadInput, as are impossible parameters. Raises Unavailable when the
    folder cannot be written.
    """
    parameters = Parameters(customers=customers, months=months, seed=seed, end=end or DEFAULT_END)
    parameters = variant.of(parameters) if variant else parameters
    try:
        _clear(directory, _plan(parameters))
        with Labour(parameters, directory / PARTS, directory / TRUTH, workers, progress or _nothing) as labour:
            labour.live()
            written = labour.join(directory)
        made = _made(parameters, written)
        words = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(made).items()}
        (directory / NOTE).write_text(json.dumps({"made_by": _MADE_BY, **words}, indent=1) + "\n")
        shutil.rmtree(directory / PARTS)
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


def _made(parameters: Parameters, written: Written) -> Made:
    return Made(
        customers=parameters.customers, months=parameters.months, seed=parameters.seed, first_day=parameters.first,
        last_day=parameters.end, **asdict(written),
    )  # fmt: skip


def _plan(parameters: Parameters) -> dict[str, object]:
    """What the folder is to hold: an interrupted bank of the same plan is gone on with."""
    plan = {"made_by": _MADE_BY, **asdict(parameters), "end": parameters.end.isoformat()}
    return dict(json.loads(json.dumps(plan)))  # as it is read back


def _clear(directory: Path, plan: dict[str, object]) -> None:
    """Leaves a folder that is empty or holds the begun parts of the same bank; refuses one that holds anything else."""
    if directory.exists() and not directory.is_dir():
        raise BadInput(f"{directory} is a file: name a folder for the made bank.")
    directory.mkdir(parents=True, exist_ok=True)
    inside = {path.name for path in directory.iterdir()}
    ours = any(_note(directory / name) is not None for name in (NOTE, MARKER))
    if inside and (not ours or not inside <= {NOTE, MARKER, TRUTH, PARTS, *_FOLDERS}):
        raise BadInput(f"{directory} is not empty and no made bank: nothing was written. Name a new folder.")
    if _note(directory / MARKER) == plan:
        return
    for path in sorted(directory.iterdir(), key=lambda path: path.name == MARKER):
        shutil.rmtree(path) if path.is_dir() else path.unlink()  # the marker last: it says that the rest is ours
    (directory / MARKER).write_text(json.dumps(plan) + "\n")


def _note(path: Path) -> dict[str, object] | None:
    try:
        note = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) and str(note.get("made_by", "")).startswith("zhike sandbox") else None


def _nothing(_what: str, _done: int, _of: int) -> None:
    """Who asks for no progress hears none."""
