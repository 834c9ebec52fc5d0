"""How a personal field is encrypted: AES-256-GCM under the person's own data key, itself wrapped by a master key.

Associated data binds a ciphertext to its field and its party, a wrapped key to its party and its master key's id
(`keyring`): moved anywhere else it is refused. Layout of every ciphertext: 12 bytes of nonce, then the ciphertext
with its tag.
"""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.core.errors import Invariant

NONCE_BYTES = 12


def new_data_key() -> bytes:
    return AESGCM.generate_key(256)


def data_key_of(party: UUID | str) -> str:
    """The context in which a person's data key is wrapped."""
    return f"data key\x1f{party}"


def seal(data_key: AESGCM, value: str, field: str, party: UUID | str) -> bytes:
    """The ciphertext of a field; a party in text is written as a UUID is."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + data_key.encrypt(nonce, value.encode(), _bound(field, party))


def unseal(data_key: AESGCM, ciphertext: bytes, field: str, party: UUID) -> str:
    """The value; raises Invariant when the ciphertext is another field's or another person's."""
    try:
        clear = data_key.decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], _bound(field, party))
    except (InvalidTag, ValueError):
        raise Invariant(
            f"The vault refuses {field} of party {party}: it was moved, changed, or sealed under another key. "
            "Restore the database and the folder keys from the same backup."
        ) from None
    return clear.decode()


def _bound(field: str, party: UUID | str) -> bytes:
    return f"{field}\x1f{party}".encode()
