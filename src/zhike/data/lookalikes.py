"""What in a text looks like a phone, an identity document, a card number or an e-mail address, and that text masked.

For texts that should hold none: names of shops, purposes, remarks, log lines. It looks through full-width digits and
through blanks and hyphens between groups. Identifiers of our own (UUIDs, hashes) are none of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PHONE, ID_NUMBER, CARD_NUMBER, EMAIL = "phone", "id_number", "card_number", "email"


@dataclass(frozen=True)
class Lookalike:
    """One find. ``value`` has plain digits, without what stood between them; ``start`` and ``end`` are its place.

    ``sure``: it has the check digit of its kind (Luhn, GB 11643), or is of a kind that has none.
    """

    kind: str
    value: str
    start: int
    end: int
    sure: bool


_GAP = r"[ \-.]?"
# No digit right beside, nor a point and digits before: a part of a longer number or a fraction is none of these.
_NUMBER = {
    ID_NUMBER: rf"[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}\d{{3}}[\dXx]",
    CARD_NUMBER: r"[2-9]\d{3}(?:[ \-]\d{4}){2}[ \-]\d{1,4}(?:[ \-]\d{1,3})?|[2-9]\d{12,18}",
    PHONE: rf"(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}",
}
_FOUND = re.compile(
    "|".join(f"(?P<{kind}>(?<!\\d)(?<!\\d\\.)(?:{pattern})(?!\\d))" for kind, pattern in _NUMBER.items())
    + rf"|(?P<{EMAIL}>[\w.%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{{2,}})",
    re.ASCII,
)
_OUR_OWN = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{24,}(?![0-9A-Za-z])"
)
# One sign for one sign, so that places stay: full-width digits, hyphens, blanks, the at sign.
_WIDE, _NARROW = "０１２３４５６７８９－‐‑–—＋＠．Ｘｘ　\u00a0", "0123456789-----+@.Xx  "  # that is what they are
# What nobody sees stands between groups as a hyphen does: it comes along when a number is copied from a page.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_PLAIN = str.maketrans(_WIDE + _UNSEEN, _NARROW + "-" * len(_UNSEEN))
# The cheapest question first: a text without it holds nothing of the kind.
WORTH_A_LOOK = (
    r"[0-9０-９][0-9０-９ .\-－‐‑–—　\x{00A0}\x{00AD}\x{200B}-\x{200D}\x{2060}\x{FEFF}]{8,}[0-9０-９Xx]|[@＠]"
)
_WORTH = re.compile(re.sub(r"\\x\{(\w{4})\}", lambda sign: chr(int(sign[1], 16)), WORTH_A_LOOK))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def found(text: str) -> Iterator[Lookalike]:
    """Every lookalike, in order. A number of a card's length that fails Luhn is no card."""
    if not _WORTH.search(text):
        return
    plain = text if text.isascii() else text.translate(_PLAIN)
    plain = _OUR_OWN.sub(lambda match: "\0" * len(match.group()), plain)
    for match in _FOUND.finditer(plain):
        kind = str(match.lastgroup)
        value = match.group() if kind == EMAIL else re.sub(r"[ \-.]", "", match.group()).upper()
        if kind == CARD_NUMBER and not _is_card(value):
            continue
        sure = kind != ID_NUMBER or _is_id_number(value)
        yield Lookalike(kind, value, match.start(), match.end(), sure)


def masked(text: str) -> str:
    """The text with each lookalike turned to stars but for what the masking policy shows of its kind."""
    parts, last = [], 0
    for one in found(text):
        parts += [text[last : one.start], shown(one)]
        last = one.end
    return "".join((*parts, text[last:])) if parts else text


def shown(one: Lookalike) -> str:
    """What may be seen: 138****5678, 622588******1234, 1****************X, m**@example.com."""
    value = one.value
    match one.kind:
        case "phone":
            return f"{value[-11:][:3]}****{value[-4:]}"
        case "card_number":
            return f"{value[:6]}******{value[-4:]}"
        case "id_number":
            return value[0] + "*" * 16 + value[-1]
        case _:
            name, _, host = value.partition("@")
            return f"{name[:1]}**@{host}"


def is_luhn(digits: str) -> bool:
    """The check of card numbers (ISO/IEC 7812-1)."""
    doubled = (int(digit) * 2 if at % 2 else int(digit) for at, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_card(digits: str) -> bool:
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and is_luhn(digits)


def _is_id_number(value: str) -> bool:
    """The check of identity numbers (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(value[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == value[17]
