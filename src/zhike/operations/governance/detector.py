"""Finds clear personal data in bytes of any kind: what the trust tests and ``zhike check --personal`` look with.

Two ways: *patterns*, for texts that should hold no phone, document, card or address for mail at all; and *known
values*, names and addresses among them, for any bytes, in every encoding that they could stand in.
"""

import base64
import html
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from zhike.data import lookalikes

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
# By how many of its first bytes a value is looked for, and how much is sieved at once.
_WIDTHS = (8, 6, 4)
_SIEVED_BYTES, _LONGEST_BYTES = 4 << 20, 4096
_BY_CHANCE_BYTES = 6
_DEEPEST = 3
_MOST_UNPACKED_BYTES = 256 << 20
# Long enough to hold a phone.
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_ESCAPED = re.compile(rb"(?:\\u[0-9a-fA-F]{4}){2,}")
_ENTITIES = re.compile(rb"(?:&#x?[0-9a-fA-F]+;){2,}")
_PERCENT = re.compile(rb"(?:%[0-9a-fA-F]{2}){3,}")


@dataclass(frozen=True)
class Leak:
    """A clear value: its kind (``full_name``, ``phone`` …), where it stood and how it was written."""

    kind: str
    where: str
    how: str

    def __str__(self) -> str:
        return f"{self.kind} in {self.where} ({self.how})"


class Known:
    """Values that must stand nowhere. Millions of bytes a second: three vectorised sieves, then an exact look."""

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        """``values``: (kind, clear value). One of fewer than two letters means nobody and is left out."""
        self._written: dict[bytes, tuple[str, str]] = {}
        for kind, value in values:
            for encoding in ENCODINGS if len(value) > 1 else ():
                self._written.setdefault(value.encode(encoding), (kind, encoding))
        self._begins = np.zeros(1 << 24, bool)
        heads: dict[int, set[int]] = {width: set() for width in _WIDTHS}
        self._texts: dict[tuple[int, int], list[bytes]] = {}
        for text in self._written:
            width = next((width for width in _WIDTHS if len(text) >= width), 0)
            if width:
                head = int.from_bytes(text[:width], "big")
                self._begins[int.from_bytes(text[:3], "big")] = True
                heads[width].add(head)
                self._texts.setdefault((width, head), []).append(text)
        self._heads = {width: np.array(sorted(some), np.uint64) for width, some in heads.items() if some}

    def found(self, content: bytes) -> Iterator[tuple[str, str]]:
        """(kind, encoding) of every known value in the bytes, each once.

        Four to six bytes (a name of two or three signs in GB18030 or UTF-16) say something only in a text of that
        encoding: in megabytes of ciphertext and packed columns any of them comes up sooner or later.
        """
        short = {encoding for encoding in ENCODINGS[1:] if _is_text(content, encoding)}
        told: set[tuple[str, str]] = set()
        for begin in range(0, len(content), _SIEVED_BYTES):
            for text in self._in_block(content[begin : begin + _SIEVED_BYTES + _LONGEST_BYTES]):
                known = self._written[text]
                if len(text) > _BY_CHANCE_BYTES or known[1] in short or known[1] == "utf-8":
                    told.add(known)
        yield from sorted(told)

    def _in_block(self, block: bytes) -> Iterator[bytes]:
        signs = np.frombuffer(block + bytes(8), np.uint8)
        threes = (signs[:-2].astype(np.uint32) << 16) | (signs[1:-1].astype(np.uint32) << 8) | signs[2:]
        at = np.flatnonzero(self._begins[threes[: len(block)]])
        for width, heads in self._heads.items():
            windows = np.zeros(len(at), np.uint64)
            for place in range(width):
                windows = (windows << np.uint64(8)) | signs[np.minimum(at + place, len(signs) - 1)].astype(np.uint64)
            where = np.minimum(np.searchsorted(heads, windows), len(heads) - 1)
            hit = heads[where] == windows
            for place, head in zip(at[hit].tolist(), windows[hit].tolist(), strict=True):
                for text in self._texts[width, head]:
                    if block.startswith(text, place) and not _is_inside_number(block, text, place):
                        yield text


def _is_inside_number(block: bytes, text: bytes, at: int) -> bool:
    """Whether a number is a part of a longer one: ids of 19 digits hold any number of 12 sooner or later."""
    return text.isdigit() and (block[at - 1 : at].isdigit() or block[at + len(text) : at + len(text) + 1].isdigit())


def _is_text(content: bytes, encoding: str) -> bool:
    try:
        return "\0" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False


def in_text(text: str, where: str) -> Iterator[Leak]:
    """Patterns in a text. An identity number counts with its check digit, a card number with Luhn's."""
    for one in lookalikes.found(text):
        if one.sure:
            yield Leak(one.kind, where, "pattern")


def in_bytes(content: bytes, where: str, known: Known, *, patterns: bool = True) -> Iterator[Leak]:
    """Known values, and patterns where asked for, in bytes and in whatever is packed in them, three deep."""
    for how, part in _views(content, where, 0):
        for kind, encoding in known.found(part):
            yield Leak(kind, where, f"{how}{encoding}")
        if patterns:
            for encoding in _guessed(part):
                text = part.decode(encoding, errors="replace")
                binary = text.count("\ufffd") * 20 > len(text)  # any bytes look like an address for mail sometimes
                for leak in in_text(text, where):
                    if not (binary and leak.kind == lookalikes.EMAIL):
                        yield Leak(leak.kind, where, f"{how}{encoding} pattern")


def in_file(path: Path, known: Known, *, patterns: bool = True, name: str = "") -> Iterator[Leak]:
    """The same in a file: Parquet and Arrow files column by column and in their footers, others as bytes."""
    where = name or str(path)
    content = path.read_bytes()
    yield from in_bytes(content, where, known, patterns=patterns)
    for text in _columns(path, content):
        yield from in_bytes(text, where, known, patterns=patterns)


def in_folder(folder: Path, known: Known, *, patterns: bool = True) -> Iterator[Leak]:
    """The same in every file below a folder; one that is gone by then is passed over. Links are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                yield from in_file(path, known, patterns=patterns, name=path.relative_to(folder).as_posix())
            except FileNotFoundError:
                continue


def _views(content: bytes, where: str, depth: int) -> Iterator[tuple[str, bytes]]:
    """The bytes, and what they hold packed or escaped: (how it was reached, bytes)."""
    yield "", content
    if depth == _DEEPEST:
        return
    for how, packed in _packed(content):
        for deeper, part in _views(packed, where, depth + 1):
            yield f"{how} {deeper}", part


def _packed(content: bytes) -> Iterator[tuple[str, bytes]]:
    for magic, how in ((b"\x1f\x8b\x08", "gzip"), (b"x\x9c", "zlib"), (b"x\x01", "zlib"), (b"x\xda", "zlib")):
        at = content.find(magic)
        while at >= 0:
            unpacked = _inflated(memoryview(content)[at:])
            if len(unpacked) > 8:
                yield how, unpacked
            at = content.find(magic, at + 1)
    texts = [_decoded(match.group()) for match in _BASE64.finditer(content)]
    if any(texts):
        yield "base64", b"\n".join(filter(None, texts))
    for how, pattern, read in _ESCAPES:
        if pattern.search(content):
            yield how, pattern.sub(lambda match, read=read: read(match.group()), content)


def _inflated(content: memoryview) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(content, _MOST_UNPACKED_BYTES)
    except zlib.error:
        return b""


def _decoded(text: bytes) -> bytes:
    """A base64 token, standard or of addresses, as bytes where it is one and may hold text."""
    bare = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    if len(bare) % 4 == 1:
        bare = bare[:-1]
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except ValueError:
        return b""


def _unescaped(text: bytes) -> bytes:
    points = [int(part, 16) for part in text.decode().split("\\u")[1:]]
    return b"".join(point.to_bytes(2, "big") for point in points).decode("utf-16-be", errors="ignore").encode()


def _of_entities(text: bytes) -> bytes:
    return html.unescape(text.decode()).encode(errors="ignore")


def _of_percents(text: bytes) -> bytes:
    return bytes(int(part, 16) for part in text.decode().split("%")[1:])


_ESCAPES = (
    ("escaped", _ESCAPED, _unescaped),
    ("entities", _ENTITIES, _of_entities),
    ("percent", _PERCENT, _of_percents),
)


def _guessed(content: bytes) -> tuple[str, ...]:
    """The encodings in which bytes may be read for patterns: digits are the same in UTF-8 and GB18030."""
    if b"\0" not in content[: 1 << 16]:
        return ("utf-8",)
    return ("utf-8", "utf-16-le", "utf-16-be")


def _columns(path: Path, content: bytes) -> Iterator[bytes]:
    """The texts of a file of columns, one block a column; none of one that is cut off."""
    try:
        if content.startswith(b"PAR1"):
            for group in range((file := pq.ParquetFile(path)).num_row_groups):
                yield from _texts(file.read_row_group(group))
        elif content.startswith(b"ARROW1"):
            with pa.memory_map(str(path)) as source:
                yield from _texts(pa.ipc.open_file(source).read_all())
    except pa.ArrowInvalid:
        return


def _texts(table: pa.Table) -> Iterator[bytes]:
    for stored in table.columns:
        packed = pa.types.is_dictionary(stored.type)
        column = stored.cast(stored.type.value_type) if packed else stored
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
            values = column.unique().to_pylist()
            yield b"\n".join(each if isinstance(each, bytes) else each.encode() for each in values if each is not None)
        elif pa.types.is_integer(kind) or pa.types.is_decimal(kind):
            yield "\n".join(str(each) for each in column.unique().to_pylist() if each is not None).encode()
        elif pa.types.is_nested(kind):
            yield str(column.to_pylist()).encode()
