"""How a personal field is encrypted: AES-256-GCM under the person's own data key, itself wrapped by the master key.

Associated data binds a ciphertext to its field, its party and its master key's id: moved anywhere else it is refused.
Layout of every ciphertext: 12 bytes of nonce, then the ciphertext with its tag.
"""

import hashlib
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.core.errors import Invariant

_NONCE_BYTES = 12


def master_key_id(master: bytes) -> str:
    """Names a master key without telling anything of it."""
    return hashlib.sha256(b"zhike master key id" + master).hexdigest()[:16]


def new_data_key() -> bytes:
    return AESGCM.generate_key(256)


def wrap(master: bytes, data_key: bytes, party: UUID) -> bytes:
    """A person's data key under the master key."""
    return _seal(AESGCM(master), data_key, f"data key\x1f{party}\x1f{master_key_id(master)}")


def unwrap(master: bytes, wrapped: bytes, party: UUID) -> bytes:
    """The data key; raises Invariant when it was not wrapped for this person by this master key."""
    return _open(AESGCM(master), wrapped, f"data key\x1f{party}\x1f{master_key_id(master)}", "the data key", party)


def seal(data_key: AESGCM, value: str, field: str, party: UUID) -> bytes:
    return _seal(data_key, value.encode(), f"{field}\x1f{party}")


def unseal(data_key: AESGCM, ciphertext: bytes, field: str, party: UUID) -> str:
    """The value; raises Invariant when the ciphertext is another field's or another person's."""
    return _open(data_key, ciphertext, f"{field}\x1f{party}", field, party).decode()


def _seal(key: AESGCM, content: bytes, associated: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + key.encrypt(nonce, content, associated.encode())


def _open(key: AESGCM, sealed: bytes, associated: str, what: str, party: UUID) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], associated.encode())
    except InvalidTag:
        raise Invariant(
            f"The vault refuses {what} of party {party}: it was moved, changed, or sealed under another master key. "
            "Restore the vault and keys/master.key from the same backup."
        ) from None
