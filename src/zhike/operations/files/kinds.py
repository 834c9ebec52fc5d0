"""The type of a file, told from its content; its name only has to agree.

What may be stored is a list; everything else is refused, and so is what wears the type of one thing and holds another:
markup at the head of a picture, an archive behind it, a second format inside the first.
"""

import codecs
import re
from dataclasses import dataclass, field

import puremagic

from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.files.names import ending

_HEAD, _TAIL = 8 * 1024, 66 * 1024


@dataclass(frozen=True)
class Kind:
    """A type that is stored: the names' endings that agree with it, and the type that is answered with it."""

    name: str
    endings: tuple[str, ...]
    content_type: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("pdf", ("pdf",), "application/pdf"),
        Kind("png", ("png",), "image/png"),
        Kind("jpeg", ("jpg", "jpeg"), "image/jpeg"),
        Kind("gif", ("gif",), "image/gif"),
        Kind("webp", ("webp",), "image/webp"),
        Kind("wav", ("wav",), "audio/wav"),
        Kind("mp3", ("mp3",), "audio/mpeg"),
        Kind("xlsx", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Kind("docx", ("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Kind("csv", ("csv",), "text/csv; charset=utf-8"),
        Kind("text", ("txt",), "text/plain; charset=utf-8"),
        Kind("eml", ("eml",), "text/plain; charset=utf-8"),
    )
}
ENDINGS = sorted(ending for kind in KINDS.values() for ending in kind.endings)
_MAGIC: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("pdf", re.compile(rb"%PDF-\d\.\d")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
    ("jpeg", re.compile(rb"\xff\xd8\xff[\xc0-\xfe]")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("webp", re.compile(rb"RIFF....WEBPVP8[ LX]", re.S)),
    ("wav", re.compile(rb"RIFF....WAVE", re.S)),
    ("mp3", re.compile(rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb][\x10-\xef]")),
    ("archive", re.compile(rb"PK\x03\x04")),
)
# What puremagic must say too, where it knows more signatures than we do.
_SECOND = {"pdf": {".pdf"}, "png": {".png"}, "jpeg": {".jpg"}, "gif": {".gif"}, "webp": {".webp"}, "wav": {".wav"}}
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|body|iframe|\?php|\?xml)", re.I)
_ARCHIVE_END = b"PK\x05\x06"
_PNG_END = b"IEND\xaeB`\x82"
_HEADER = re.compile(rb"(?:From|To|Date|Subject|Received|Return-Path|MIME-Version|Message-ID):", re.I | re.M)


@dataclass
class Seen:
    """What is remembered of a content while it streams by: head, tail, size, and whether it can be text."""

    size: int = 0
    head: bytes = b""
    tail: bytes = b""
    control: bool = False
    _decoders: dict[str, codecs.IncrementalDecoder] = field(
        default_factory=lambda: {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
    )

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if len(self.head) < _HEAD:
            self.head += piece[: _HEAD - len(self.head)]
        self.tail = (self.tail + piece)[-_TAIL:]
        self.control = self.control or bool(re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", piece))
        self._decode(piece, final=False)

    def is_text(self) -> bool:
        """Whether all of it decodes as UTF-8 or GB18030 and holds no control characters; asked once, at the end."""
        self._decode(b"", final=True)
        return bool(self._decoders) and not self.control

    def _decode(self, piece: bytes, final: bool) -> None:
        for name, decoder in list(self._decoders.items()):
            try:
                decoder.decode(piece, final)
            except UnicodeDecodeError:
                del self._decoders[name]


def kind_of(seen: Seen, name: str) -> str:
    """The kind of a content, or ``archive`` for one whose parts have yet to be looked at; raises BadInput."""
    found = next((kind for kind, magic in _MAGIC if magic.match(seen.head)), None)
    if found is None:
        return _text_kind(seen, name)
    if found in _SECOND and not _SECOND[found] & _known(seen.head):
        raise _refused(name)
    if found != "archive" and _hides_another(found, seen):
        raise BadInput(
            Text(
                f"文件像 {found}，但内含其他格式：请另存为干净的文件后再上传。",
                f"The file begins as {found} and holds another format: save it anew and upload that.",
            )
        )
    if found != "archive":
        require_agreement(found, name)
    return found


def require_agreement(kind: str, name: str) -> None:
    """Raises BadInput where the name says another type than the content is."""
    if ending(name) not in KINDS[kind].endings:
        raise BadInput(
            Text(
                f"文件内容是 {kind}，文件名的后缀却是 .{ending(name)[:10]}：请核对后再上传。",
                f"The content is {kind} and the name ends with .{ending(name)[:10]}: check it and upload it again.",
            )
        )


def _text_kind(seen: Seen, name: str) -> str:
    kind = {"csv": "csv", "txt": "text", "eml": "eml"}.get(ending(name))
    if kind is None or not seen.is_text():
        raise _refused(name)
    if kind == "eml" and len(_HEADER.findall(seen.head)) < 2:
        raise _refused(name)
    return kind


def _hides_another(kind: str, seen: Seen) -> bool:
    behind = seen.tail if seen.size > len(seen.tail) else seen.tail[4:]
    return (
        bool(_MARKUP.search(seen.head[:1024]))
        or (kind != "pdf" and b"%PDF-" in seen.head[:1024])
        or _ARCHIVE_END in behind
        or (kind == "png" and not seen.tail.endswith(_PNG_END))
    )


def _known(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _refused(name: str) -> BadInput:
    return BadInput(
        Text(
            f"不支持这种文件（{ending(name)[:10] or '无后缀'}）。可上传：{'、'.join(ENDINGS)}。",
            f"Files of this kind ({ending(name)[:10] or 'no ending'}) are not stored. There are: {', '.join(ENDINGS)}.",
        )
    )
