"""Whether an XLSX file may be opened at all: its parts are unpacked once, with bounds, before anything reads them.

A workbook is a ZIP archive of XML parts. What is no such archive, is encrypted, carries macros, or unpacks to more
than a bank's workbook ever does is refused here, so that reading it later takes bounded memory and time.
"""

import codecs
import re
import zipfile
import zlib
from pathlib import Path

from zhike.data.formats.scan import LONGEST_LINE_BYTES, unusable

MOST_PARTS, MOST_UNPACKED_BYTES, MOST_ROWS, MOST_STRINGS = 2_000, 512 << 20, 1 << 20, 2_000_000
_READ_BYTES, _LONGEST_TAG = 1 << 20, 32
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_STARTS = re.compile(rb"<(?:\w+:)?(row|si)[\s/>]")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")


def check(path: Path, name: str) -> None:
    """Raises BadInput that says why a workbook cannot be used."""
    if path.suffix == ".gz":
        raise unusable(name, "a workbook is packed already; unpack the gzip archive.")
    try:
        with path.open("rb") as file:
            if file.read(len(_OLE)) == _OLE:
                raise unusable(name, "is encrypted or of the old .xls kind; save it as .xlsx without a password.")
            with zipfile.ZipFile(file) as archive:
                _check_parts(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError):
        raise unusable(name, "is no whole .xlsx workbook, it is cut off or damaged; fetch it again.") from None
    except OSError as fault:
        raise unusable(name, f"cannot be read ({fault.strerror}).") from None


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        raise unusable(name, f"has {len(parts):,} parts, or one of them twice; is this the right file?")
    if any(part.flag_bits & 0x1 for part in parts):
        raise unusable(name, "is encrypted; save it without a password.")
    if any(Path(part.filename).name.lower() == "vbaproject.bin" for part in parts):
        raise unusable(name, "carries macros; save it as .xlsx without them.")
    if (size := sum(part.file_size for part in parts)) > MOST_UNPACKED_BYTES:
        most = MOST_UNPACKED_BYTES >> 20
        raise unusable(name, f"unpacks to {size >> 20:,} MiB, at most {most:,} are read; split it.")
    for part in parts:
        _check_part(archive, part, name)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Reads a part to its end, checksum included: no more bytes come out than it was said to have."""
    is_xml = part.filename.endswith((".xml", ".rels"))
    rows = strings = since = 0
    tail = b""
    with archive.open(part) as stream:
        while block := stream.read(_READ_BYTES):
            if not is_xml:
                continue
            if not tail and not _is_plain(block):
                raise unusable(name, f"its part {part.filename[:60]!r} is not XML in UTF-8; save it anew.")
            piece = tail + block
            if b"<!" in piece:
                raise unusable(name, f"its part {part.filename[:60]!r} holds declarations or comments; save it anew.")
            starts = list(_STARTS.finditer(piece))
            rows += sum(start[1] == b"row" for start in starts)
            strings += sum(start[1] == b"si" for start in starts)
            since = len(piece) - starts[-1].start() if starts else since + len(block)
            tail = piece[-_LONGEST_TAG:]
            if since > LONGEST_LINE_BYTES:
                raise unusable(name, f"its part {part.filename[:60]!r} has a row of more than 4 MiB; split it.")
            if rows > MOST_ROWS or strings > MOST_STRINGS:
                raise unusable(name, f"has more than {MOST_ROWS:,} rows or {MOST_STRINGS:,} texts; split it.")


def _is_plain(start: bytes) -> bool:
    """Whether an XML part is written in UTF-8, so that what is looked for in it is found."""
    said = _ENCODING.search(start[:200])
    return start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<" and (
        said is None or said[1].lower() in (b"utf-8", b"us-ascii")
    )
