"""Identifiers that Zhike makes.

Those of accounts and parties are keyed hashes of what the source system calls the thing, under a secret of the
workspace: the same load, killed and run again, allots the same ids, and nobody without the secret can go from an id
to an account or card number. What an id *means* is in the crosswalk, never in the id (docs/decisions/0006).
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from time import time_ns

_MASK_63 = (1 << 63) - 1
_LETTERS = str.maketrans("0123456789abcdef", "zyxwvutsrqponmlk")


def _digest(key: bytes, *parts: str) -> bytes:
    return hashlib.blake2b("\x1f".join(parts).encode(), key=key, digest_size=16).digest()


def surrogate(key: bytes, kind: str, source: str, source_key: str) -> int:
    """A positive 63-bit id of an account, card, merchant or branch.

    Two of n things collide with probability about n²/2⁶⁴: 5·10⁻⁸ for a million, 5·10⁻⁶ for ten million.
    """
    return int.from_bytes(_digest(key, kind, source, source_key)[:8]) & _MASK_63


def surrogates(key: bytes, kind: str, source: str, source_keys: Iterable[str | None]) -> list[int | None]:
    """`surrogate` for many; None stays None."""
    return [None if source_key is None else surrogate(key, kind, source, source_key) for source_key in source_keys]


def party_id(key: bytes, first_known: date, namespace: str, source_key: str) -> str:
    """A UUIDv7 (RFC 9562) of a party: first known date as its time, keyed hash as its random part."""
    milliseconds = int(datetime.combine(first_known, time(), UTC).timestamp() * 1000)
    random = int.from_bytes(_digest(key, "party", namespace, source_key))
    value = ((milliseconds & ((1 << 48) - 1)) << 80) | (random & ((1 << 80) - 1))
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 (RFC 9562): the present millisecond, then 74 random bits."""
    value = (time_ns() // 1_000_000 & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def lettered(hexadecimal: str) -> str:
    """A short hash or random id as people see it: z to k stand for 0 to f.

    Sixteen hexadecimal digits hold eleven decimal ones in a row once in a thousand, and those can look like a phone;
    letters never do. What is in letters already stays as it is.
    """
    return hexadecimal.translate(_LETTERS)


def token(key: bytes, field: str, value: str) -> str:
    """A keyed token (HMAC-SHA-256, hex) for equality search on a personal field."""
    return hmac.digest(key, f"{field}\x1f{value}".encode(), "sha256").hex()
