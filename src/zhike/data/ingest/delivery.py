"""Which files a folder delivers, and what each of them claims."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from zhike.core.errors import BadInput
from zhike.data.formats.scan import Layout, scan, unusable
from zhike.data.source import RawFile, Source


@dataclass(frozen=True)
class Delivered:
    """One file. ``name`` is its path relative to the folder; ``index`` its place in the delivery."""

    index: int
    kind: RawFile
    path: Path
    name: str
    known: date | None
    layout: Layout


def delivery(source: Source, folder: Path) -> list[Delivered]:
    """All files of the source in a folder, kinds in declared order, files by path; BadInput when one is unusable."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder. Name the folder that holds the files of {source.name}.")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    found: list[Delivered] = []
    for kind in source.files:
        matches = [(path, match) for path in paths if (match := _match(kind, path, folder))]
        if not matches and not kind.optional:
            expected = f"a file that matches {kind.pattern}, or it with .gz behind"
            raise BadInput(f"{folder}: the {kind.name} file of {source.name} is missing; put there {expected}.")
        for path, match in matches:
            name = path.relative_to(folder).as_posix()
            found.append(Delivered(len(found), kind, path, name, _date(match, name), scan(path, name, kind)))
    if not found:
        raise BadInput(f"{folder}: holds no file of {source.name}.")
    return found


def _match(kind: RawFile, path: Path, folder: Path) -> re.Match[str] | None:
    return re.fullmatch(kind.pattern, path.relative_to(folder).as_posix().removesuffix(".gz"))


def _date(match: re.Match[str], name: str) -> date | None:
    text = match.groupdict().get("date")
    if text is None:
        return None
    try:
        return datetime.strptime(text.replace("-", ""), "%Y%m%d").date()  # noqa: DTZ007  # a business date has no zone
    except ValueError:
        raise unusable(name, f"{text} in its name is no date.") from None
