"""What one block of people writes on one day: the rows of each file, without first and last lines.

The day of a block is one file: a line of JSON that says what stands in it, then the rows of all files behind each
other. `joining` makes the bank's files of the parts of all blocks.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhike.sandbox.record import Record

Rows = bytes | memoryview
Key = tuple[str, str]  # system, name of the record


@dataclass
class Piece:
    """Rows of one file; ``total`` is the sum of the field that the record names, in its minor units."""

    count: int = 0
    total: int = 0
    rows: list[Rows] = field(default_factory=list)


class Sink:
    """Takes the rows of a day; a kind of file is written when something was put for it, be it no row."""

    def __init__(self) -> None:
        self.pieces: dict[Key, Piece] = {}

    def put(self, record: Record, rows: Rows, count: int, total: int = 0) -> None:
        piece = self.pieces.setdefault((record.system, record.name), Piece())
        piece.count += count
        piece.total += total
        piece.rows.append(rows)

    def save(self, path: Path) -> None:
        """Writes the part; it stands whole or not at all."""
        index = [
            (*key, piece.count, piece.total, sum(memoryview(rows).nbytes for rows in piece.rows))
            for key, piece in self.pieces.items()
        ]
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(json.dumps(index).encode() + b"\n")
            for piece in self.pieces.values():
                file.writelines(piece.rows)
        beside.rename(path)


def read(path: Path) -> Mapping[Key, Piece]:
    """The pieces of a part that was saved."""
    content = path.read_bytes()
    end = content.index(b"\n")
    found, start = {}, end + 1
    for system, name, count, total, size in json.loads(content[:end]):
        found[system, name] = Piece(count, total, [memoryview(content)[start : start + size]])
        start += size
    return found
