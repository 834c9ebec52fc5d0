"""How the content of a file is encrypted: a stream of frames, each sealed, so that it is read with bounded memory.

After an 11-byte header (magic and a random prefix) come frames of 64 KiB of content (the last may be shorter), each
AES-256-GCM under the file's own key. A frame's nonce is the prefix, its number, and whether it is the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): a frame changed, moved, repeated or left out, and a file
cut short or lengthened, is refused.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.core.errors import Invariant

FRAME_BYTES = 64 * 1024
TAG_BYTES = 16
_MAGIC = b"ZKF1"
_PREFIX_BYTES = 7
_MOST_FRAMES = 2**32


def sealed(key: bytes, content: Iterable[bytes]) -> Iterator[bytes]:
    """Header and frames of a content that comes in pieces of any size. A key seals one file only."""
    cipher, prefix = AESGCM(key), secrets.token_bytes(_PREFIX_BYTES)
    yield _MAGIC + prefix
    number, waiting = 0, b""
    for frame in _frames(content):
        if number:
            yield _seal(cipher, prefix, number - 1, waiting, last=False)
        number, waiting = number + 1, frame
    yield _seal(cipher, prefix, max(number - 1, 0), waiting, last=True)


def opened(key: bytes, file: BinaryIO) -> Iterator[bytes]:
    """The content, frame after frame, each verified before it is given; raises Invariant at the first that is not."""
    cipher = AESGCM(key)
    header = file.read(len(_MAGIC) + _PREFIX_BYTES)
    if len(header) != len(_MAGIC) + _PREFIX_BYTES or not header.startswith(_MAGIC):
        raise _refused(0)
    prefix, number = header[len(_MAGIC) :], 0
    frame = file.read(FRAME_BYTES + TAG_BYTES)
    while True:
        following = file.read(FRAME_BYTES + TAG_BYTES)
        yield _open(cipher, prefix, number, frame, last=not following)
        if not following:
            return
        number, frame = number + 1, following


def _frames(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one frame; of an empty content none."""
    held = bytearray()
    for piece in content:
        held += piece
        while len(held) >= FRAME_BYTES:
            yield bytes(held[:FRAME_BYTES])
            del held[:FRAME_BYTES]
    if held:
        yield bytes(held)


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    if number >= _MOST_FRAMES:
        raise Invariant("A file has more frames than there are numbers for: it is beyond every limit of size.")
    return prefix + number.to_bytes(4) + (b"\x01" if last else b"\x00")


def _seal(cipher: AESGCM, prefix: bytes, number: int, frame: bytes, *, last: bool) -> bytes:
    return cipher.encrypt(_nonce(prefix, number, last), frame, _MAGIC)


def _open(cipher: AESGCM, prefix: bytes, number: int, frame: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(prefix, number, last), frame, _MAGIC)
    except (InvalidTag, ValueError):
        raise _refused(number) from None


def _refused(number: int) -> Invariant:
    return Invariant(
        f"A stored file is refused at frame {number}: it was changed, cut, or belongs to another key. "
        "Restore the database and the folder files from the same backup."
    )
