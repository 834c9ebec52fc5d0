"""Looks into an untrusted archive, in a process of its own with little memory and time: run by `archives`.

Reads the archive from standard input, writes one JSON object: ``{"kind": "xlsx"}`` or ``{"refused": "…"}``. It imports
nothing of Zhike, opens no file, and inflates every part once, counting, before anybody trusts what the directory says.
"""

import io
import itertools
import json
import re
import resource
import sys
import zipfile

MEMORY_BYTES, CPU_SECONDS = 384 * 1024 * 1024, 5
_MOST_BYTES, _MOST_ENTRIES, _MOST_RATIO = 200 * 1024 * 1024, 2_000, 200
_SMALL_BYTES = 256 * 1024  # a part so small may be packed as tightly as it will
_NESTED = re.compile(
    r"\.(zip|jar|7z|rar|gz|bz2|xz|tar|exe|dll|js|vbs|xlsx|docx)$|(vbaproject|oleobject\d*)\.bin$", re.I
)
_MAGIC = (b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"MZ")
_NEEDED = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}


def confine() -> None:
    """Takes from this process what it does not need: memory, time, writing, further processes, most files."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 8), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NPROC, 0),
    ):  # fmt: skip
        resource.setrlimit(limit, (most, most))


def looked_into(content: bytes) -> dict[str, str]:
    """The kind of document, or why it is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            fault = _listed(entries) or _inflated(archive, entries)
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return {"refused": "broken"}
    except MemoryError:
        return {"refused": "too_large"}
    if fault:
        return {"refused": fault}
    kinds = [kind for kind, part in _NEEDED.items() if part in names]
    if len(kinds) != 1 or "[Content_Types].xml" not in names:
        return {"refused": "no_document"}
    return {"kind": kinds[0]}


def _listed(entries: "list[zipfile.ZipInfo]") -> str:
    """What the directory alone tells."""
    if len(entries) > _MOST_ENTRIES:
        return "too_many"
    if len({entry.filename for entry in entries}) != len(entries):
        return "double_names"
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    if any(at + size > following for (at, size), (following, _) in itertools.pairwise(places)):
        return "overlapping"
    if sum(entry.file_size for entry in entries) > _MOST_BYTES:
        return "too_large"
    return next((fault for entry in entries if (fault := _entry_fault(entry))), "")


def _entry_fault(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    if link or name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable():
        return "unsafe_name"
    if entry.flag_bits & 1:
        return "encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packed_oddly"
    return "nested" if _NESTED.search(name) else ""


def _inflated(archive: zipfile.ZipFile, entries: "list[zipfile.ZipInfo]") -> str:
    """What the content tells, read through once."""
    total = 0
    for entry in entries:
        size, first = 0, b""
        with archive.open(entry) as part:
            while piece := part.read(64 * 1024):
                first = first or piece[:4096]
                size, total = size + len(piece), total + len(piece)
                if total > _MOST_BYTES:
                    return "too_large"
                if size > _SMALL_BYTES and size > _MOST_RATIO * max(entry.compress_size, 1):
                    return "bomb"
        if first.startswith(_MAGIC):
            return "nested"
        if b"<!DOCTYPE" in first or b"<!ENTITY" in first:
            return "entities"
    return ""


if __name__ == "__main__":
    confine()
    json.dump(looked_into(sys.stdin.buffer.read()), sys.stdout)
