"""The files of a day, of the parts of all blocks: one form per kind of file adds what stands around the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhike.sandbox import layouts
from zhike.sandbox.forms import FORMS, File
from zhike.sandbox.parts import Key, Piece
from zhike.sandbox.record import Record


@dataclass(frozen=True)
class Written:
    """How much was written: files, rows without first and last lines, bytes."""

    files: int = 0
    rows: int = 0
    bytes: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.files + other.files, self.rows + other.rows, self.bytes + other.bytes)


def join(folder: Path, day: date, parts: Sequence[Mapping[Key, Piece]], *, upgraded: bool) -> Written:
    """Writes all files of a day below the bank's folder, the blocks' rows in the order of the blocks.

    ``upgraded``: the day is one after the system upgrade.
    """
    files: dict[tuple[str, str], list[tuple[Record, Piece]]] = {}
    for record in layouts.RECORDS:
        pieces = [part[key] for part in parts if (key := (record.system, record.name)) in part]
        if pieces:
            files.setdefault((record.system, record.file), []).append((record, _whole(pieces)))
    done = Written()
    for (system, name), content in files.items():
        path = folder / system / day.strftime("%Y%m%d") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        paths = FORMS[system](File(path, day, upgraded, content))
        rows = sum(piece.count for _, piece in content)
        done += Written(len(paths), rows, sum(each.stat().st_size for each in paths))
    return done


def _whole(pieces: Sequence[Piece]) -> Piece:
    return Piece(
        sum(piece.count for piece in pieces), sum(piece.total for piece in pieces),
        [rows for piece in pieces for rows in piece.rows],
    )  # fmt: skip
