"""What of a card may never be kept, not even encrypted: verification values, PINs, track data (DOMAIN section 3).

A file that brings any is refused before a row of it is read: whoever made it must leave them out.
"""

import re
import unicodedata

_NAMES = re.compile(
    r"cvv|(?:^|_)(?:cvc|cvn|cav|csc)_?2?(?:_|$)|(?:^|_)pin(?:_|$)|pin_?bl(?:oc)?k|(?:^|_)(?:pvv|pvki)(?:_|$)"
    r"|track_?[123]|track_?data|mag(?:netic)?_?stripe|security_?code|verification_?(?:value|code)"
    r"|pass(?:word|wd)|(?:^|_)pwd(?:_|$)|安全码|校验码|磁道|密码|验证值"
)
# As ISO/IEC 7813 writes them: %B<number>^name^…  and ;<number>=<expiry and service code>…
_TRACKS = re.compile(rb"%B[0-9]{13,19}\^|;[0-9]{13,19}=[0-9]{7}")


def is_refused(column: str) -> bool:
    """Whether a column of this name holds verification values, by common names in English and Chinese."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", unicodedata.normalize("NFKC", column.strip()))
    return bool(_NAMES.search(re.sub(r"[\W_]+", "_", words).lower()))


def holds_track(block: bytes) -> bool:
    """Whether track data stand in a part of a file, whatever their column is called."""
    likely = b"%B" in block or (b";" in block and b"=" in block)
    return likely and _TRACKS.search(block) is not None
