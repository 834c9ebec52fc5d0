"""What a load did, file by file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# (what is being done, how much is done, of how much)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FileReport:
    """Rows in = accepted + quarantined. ``already``: the counts of the load that took in the same content and day."""

    file: str
    rows_in: int
    accepted: int
    quarantined: int
    already: bool = False

    def to_json(self) -> dict[str, Any]:
        counts = {"rows_in": self.rows_in, "accepted": self.accepted, "quarantined": self.quarantined}
        return {"file": self.file, **counts, **({"already": True} if self.already else {})}


@dataclass(frozen=True)
class LoadReport:
    """The source, the snapshot that holds its facts now, and every file of the delivery."""

    source: str
    snapshot: str
    files: tuple[FileReport, ...]

    def to_json(self) -> dict[str, Any]:
        return {"source": self.source, "snapshot": self.snapshot, "files": [file.to_json() for file in self.files]}
