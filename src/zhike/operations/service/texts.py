"""What was written in a complaint: sealed under a key of its own, for it may name anybody."""

from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.governance import own_keys, sealing

LONGEST = 4_000


def checked(text: str) -> str:
    """The text without blanks around it; raises BadInput when empty, too long, or holding control characters."""
    bare = text.replace("\r\n", "\n").strip()
    if not bare:
        raise BadInput(Text("请写明内容。", "Nothing is written: say what it is about."))
    if len(bare) > LONGEST:
        raise BadInput(
            Text(
                f"内容最多 {LONGEST} 字，现有 {len(bare)} 字：请缩短，或作为附件上传。",
                f"At most {LONGEST} characters, these are {len(bare)}: shorten it, or attach it as a file.",
            )
        )
    if any(ord(one) < 32 and one not in "\n\t" for one in bare):
        raise BadInput(Text("内容含有控制字符：请删除后重试。", "The text holds control characters: remove them."))
    return bare


def sealed(key_id: UUID, key: bytes, kind: str, text: str) -> bytes:
    """The text of one kind under a complaint's key."""
    return sealing.seal(AESGCM(key), text, f"complaint {kind}", key_id)


def opened(key_id: UUID, kind: str, content: bytes) -> str:
    """The text in clear; NotFound once the key is destroyed."""
    return sealing.unseal(AESGCM(own_keys.get(key_id)), content, f"complaint {kind}", key_id)
