"""Small real files of every kind that is stored, and files that are not what they seem."""

import io
import struct
import zipfile
import zlib


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png() -> bytes:
    """One grey pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0\x7f"))
        + _chunk(b"IEND", b"")
    )


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def wav() -> bytes:
    body = (
        b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", 4) + b"\x80" * 4
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def office(main: str, **more: bytes) -> bytes:
    """A document with the parts that make it one; ``more`` by name, ``__`` for a slash."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<workbook/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def xlsx(**more: bytes) -> bytes:
    return office("xl/workbook.xml", **more)


def named(name: str, content: bytes = b"x") -> bytes:
    """A document one part of which has an odd name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def bomb(megabytes: int = 64) -> bytes:
    return xlsx(xl__big=b"\0" * megabytes * 2**20)


def lying_bomb() -> bytes:
    """A bomb whose directory says that it is small."""
    content = bytearray(bomb(32))
    size, lie = struct.pack("<I", 32 * 2**20), struct.pack("<I", 100)
    return bytes(content.replace(size, lie))


SAMPLES: dict[str, bytes] = {
    "scan.pdf": pdf(),
    "scan.png": png(),
    "photo.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 200 + b"\xff\xd9",
    "moving.gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\0" * 20 + b";",
    "photo.webp": b"RIFF\x1a\x00\x00\x00WEBPVP8L" + b"\x0d\x00\x00\x00\x2f" + b"\0" * 13,
    "call.wav": wav(),
    "call.mp3": b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" + b"\0" * 400,
    "list.xlsx": xlsx(),
    "letter.docx": office("word/document.xml"),
    "rows.csv": "姓名,金额\n张小明,100\n".encode("gb18030"),
    "note.txt": "已与客户电话沟通。\n".encode(),
    "mail.eml": b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n\r\nhello\r\n",
}
# What is refused, and why it would be trouble.
REFUSED: dict[str, tuple[str, bytes]] = {
    "a picture named as a document": ("scan.pdf", png()),
    "a page named as a picture": ("page.png", b"<!doctype html><script>alert(1)</script>"),
    "a page": ("page.html", b"<html><script>alert(1)</script></html>"),
    "a drawing with script": ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "a program": ("tool.exe", b"MZ\x90\0" + b"\0" * 200),
    "a program named as a document": ("letter.docx", b"MZ\x90\0" + b"\0" * 200),
    "a program named as text": ("readme.txt", b"MZ\x90\0" + b"\0" * 200),
    "a picture that is a page too": ("scan.gif", b"GIF89a/*<script>alert(1)</script>*/=1;" + b"\0" * 40),
    "a picture with an archive behind": ("scan.png", png() + named("evil.js")),
    "a photo with an archive behind": ("scan.jpg", SAMPLES["photo.jpg"] + named("evil.js")),
    "a photo that is a document too": ("scan.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00%PDF-1.4\n" + b"\0" * 100),
    "a document with an archive behind": ("scan.pdf", pdf() + named("evil.js")),
    "text with NUL": ("note.txt", b"abc\0def"),
    "text in no encoding": ("note.txt", b"\xff\xff\xfe caf\xe9 \x81"),
    "a letter without headers": ("mail.eml", b"hello there\n"),
    "nothing at all": ("note.txt", b""),
    "a plain archive": ("files.zip", named("a.txt")),
    "an archive that is no document": ("list.xlsx", b"PK\x03\x04" + b"\0" * 60),
    "a spreadsheet named as a letter": ("letter.docx", xlsx()),
    "a broken archive": ("list.xlsx", xlsx()[:-30]),
    "a bomb": ("list.xlsx", bomb()),
    "a bomb that lies": ("list.xlsx", lying_bomb()),
    "an archive in an archive": ("list.xlsx", named("xl/media/inner", xlsx())),
    "a macro": ("list.xlsx", named("xl/vbaProject.bin")),
    "a part that leads up": ("list.xlsx", named("../../etc/cron.d/x")),
    "a part at the root": ("list.xlsx", named("/etc/passwd")),
    "a part with backslashes": ("list.xlsx", named("xl\\..\\..\\x")),
    "entities": ("list.xlsx", named("xl/a.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')),
}
