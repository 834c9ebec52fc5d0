"""The first look at a file: its bytes whatever its packing, its hash, where data begin and end.

Everything that makes a whole file unusable is found here, before a row of it is read: a broken archive, no content,
another encoding, wrong columns, a missing trailer.
"""

import codecs
import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from zhike.core.errors import BadInput
from zhike.data.source import Companion, Delimited, FixedWidth, JsonLines, RawFile, Spaced, Trailer, Workbook
from zhike.data.verification import holds_track, is_refused

BLOCK_BYTES = 16 << 20
LONGEST_LINE_BYTES = 4 << 20
LEAVE_OUT = "They may not be kept in any form: have the sender leave them out."
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True)
class Position:
    """A place between two lines: bytes from the start of the unpacked content, and the number of the next line."""

    offset: int
    line: int


@dataclass(frozen=True)
class Layout:
    """What the first look found. ``columns``: raw columns in file order; data stand in ``begin.offset``..``end``.

    ``count`` and ``total`` (as written) are what the trailer or companion claims, None where it claims nothing.
    """

    sha256: str
    columns: tuple[str, ...]
    begin: Position
    end: int
    count: int | None = None
    total: str | None = None


@contextmanager
def opened(path: Path, name: str) -> Iterator[IO[bytes]]:
    """The unpacked bytes; a broken archive or an unreadable file becomes BadInput wherever it shows."""
    try:
        with open(path, "rb") as packed:
            yield cast(IO[bytes], gzip.GzipFile(fileobj=packed)) if path.suffix == ".gz" else packed
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise unusable(name, "the gzip archive is cut off or damaged; fetch the file again.") from None
    except OSError as fault:
        raise unusable(name, f"cannot be read ({fault.strerror}).") from None


def scan(path: Path, name: str, file: RawFile) -> Layout:
    """The layout of a file, or BadInput that says what is wrong with the whole of it."""
    if isinstance(file.format, Workbook):
        from zhike.data.formats import workbook

        return workbook.scan(path, name, file)
    digest = hashlib.sha256()
    head = tail = b""
    size = 0
    with opened(path, name) as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
            if holds_track(tail[-64:] + block):
                raise unusable(name, f"holds track data of cards. {LEAVE_OUT}")
            head = head if len(head) > LONGEST_LINE_BYTES else head + block[: LONGEST_LINE_BYTES + 1]
            tail = (tail + block)[-LONGEST_LINE_BYTES:]
    if not head.strip():
        raise unusable(name, "the file is empty; fetch it again.")
    if head.startswith(_WIDE_BOMS):
        raise unusable(name, f"is written in UTF-16, expected {file.format.encoding}; convert it.")
    begin, first_line = _first_line(head, name, file)
    columns = _columns(first_line, name, file) if begin.line == 2 else tuple(file.columns)
    count, total, end = control(path, name, file, tail, size)
    return Layout(digest.hexdigest(), columns, begin, max(end, begin.offset), count, total)


def blocks(stream: IO[bytes], start: Position, end: int, name: str) -> Iterator[bytes]:
    """Bytes from ``start`` to ``end`` in blocks of whole lines."""
    stream.seek(start.offset)
    left = end - start.offset
    carried = b""
    while left > 0 and (read := stream.read(min(BLOCK_BYTES, left))):
        left -= len(read)
        block = carried + read
        cut = block.rfind(b"\n") + 1 if left > 0 else len(block)
        if cut:
            yield block[:cut]
        carried = block[cut:]
        if len(carried) > LONGEST_LINE_BYTES:
            raise unusable(name, f"a line is longer than {LONGEST_LINE_BYTES >> 20} MiB; is this the right file?")
    if carried:
        yield carried


def unusable(name: str, why: str) -> BadInput:
    """The error for a file that cannot be used as a whole."""
    return BadInput(f"{name}: {why} Nothing was loaded.")


def _first_line(head: bytes, name: str, file: RawFile) -> tuple[Position, str]:
    """Where data begin, and the header's text (empty where the format has none)."""
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if isinstance(file.format, JsonLines) or (isinstance(file.format, FixedWidth) and not file.format.header):
        return Position(start, 1), ""
    newline = head.find(b"\n", start)
    line = head[start : newline if newline >= 0 else len(head)]
    if len(line) > LONGEST_LINE_BYTES or b"\r" in line.rstrip(b"\r"):
        raise unusable(name, "has no lines that end in LF or CRLF; convert it.")
    try:
        text = line.rstrip(b"\r").decode(file.format.encoding)
    except UnicodeDecodeError:
        raise unusable(name, f"its first line is not {file.format.encoding}; convert it.") from None
    return Position(newline + 1 if newline >= 0 else len(head), 2), text


def _columns(line: str, name: str, file: RawFile) -> tuple[str, ...]:
    match file.format:
        case FixedWidth():
            if not re.fullmatch(file.format.header, line):
                raise unusable(name, f"its first line is not the header of {file.name}.")
            return tuple(file.format.fields)
        case Spaced():
            found = tuple(line.split())
        case Delimited(separator=separator, quote=quote):
            found = tuple(_fields(line, separator, quote, name))
        case _:
            found = tuple(file.columns)
    return named(found, name, file)


def named(found: tuple[str, ...], name: str, file: RawFile) -> tuple[str, ...]:
    """The names in a header, where each declared column stands once and no other; else BadInput."""
    if refused := [column for column in found if is_refused(column)]:
        raise unusable(name, f"{_listed('holds verification values in', refused)}. {LEAVE_OUT}")
    expected = tuple(file.columns)
    faults = [
        _listed("missing columns", [column for column in expected if column not in found]),
        _listed("unknown columns", [column for column in found if column not in file.columns]),
        _listed("repeated columns", [column for at, column in enumerate(found) if column in found[:at]][:99])
        if len(set(found)) < len(found) and len(found) < 2 * len(expected) else "",
    ]  # fmt: skip
    if any(faults):
        raise unusable(name, f"{'; '.join(filter(None, faults))}. Expected {', '.join(expected)}.")
    if len(set(found)) < len(found):
        raise unusable(name, f"has {len(found):,} columns, some more than once.")
    return found


def _fields(line: str, separator: str, quote: str, name: str) -> list[str]:
    try:
        if not quote:
            return [field.strip() for field in line.split(separator)]
        return [field.strip() for field in next(csv.reader([line], delimiter=separator, quotechar=quote, strict=True))]
    except (csv.Error, StopIteration):
        raise unusable(name, "its first line is no header of columns.") from None


def _listed(what: str, names: list[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(repr(name[:40]) for name in names[:5])
    return f"{what} {shown}" + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")


def control(path: Path, name: str, file: RawFile, tail: bytes, size: int) -> tuple[int | None, str | None, int]:
    """Claimed count and sum, and where the data end."""
    match file.control:
        case Trailer(pattern=pattern):
            last = tail.rstrip(b"\r\n ")
            last = last[last.rfind(b"\n") + 1 :]
            found = re.fullmatch(pattern, last.decode(file.format.encoding, errors="replace"))
            if found is None:
                raise unusable(name, "ends without its trailer, it is half-written; fetch it again.")
            return (*_claims(found), size - (len(tail) - tail.rstrip(b"\r\n ").rfind(last)))
        case Companion(pattern=pattern, suffix=suffix):
            beside = path.with_name(path.name.removesuffix(".gz") + suffix)
            if not beside.exists():
                raise unusable(name, f"{beside.name} is missing beside it; fetch both again.")
            found = re.search(pattern, beside.read_bytes()[:65536].decode(file.format.encoding, errors="replace"))
            if found is None:
                raise unusable(beside.name, f"does not say how many rows {name} has; fetch both again.")
            return (*_claims(found), size)
        case _:
            return None, None, size


def _claims(found: re.Match[str]) -> tuple[int, str | None]:
    groups = found.groupdict()
    return int(groups["count"]), groups.get("sum")
