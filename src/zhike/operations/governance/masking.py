"""The one masking policy: how a personal field looks to who may not see it (DOMAIN section 3).

Every road out (page, list, search, timeline, log, error) masks through here. A field whose kind is known goes through
`mask`; words that somebody wrote go through `mask_text`, which finds what looks like a number of a person in them.
"""

from collections.abc import Callable

from zhike.data import lookalikes

FIELDS = ("full_name", "phone", "id_number", "address", "card_number", "customer_number", "email")


def mask(field: str, value: str) -> str:
    """A value of a personal field, masked; a field without a rule shows nothing."""
    return _RULES.get(field, _nothing)(value)


def mask_text(text: str) -> str:
    """Words that somebody wrote, with every phone, document and card number and mail address in them masked."""
    return lookalikes.masked(text)


def card_number(bin6: str, last4: str) -> str:
    """``622588******1234``: at most BIN and last four are ever known outside the card core."""
    return f"{bin6}******{last4}"


def _name(value: str) -> str:
    return value[:1] + "**"


def _phone(value: str) -> str:
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else "****" + value[-2:]


def _id_number(value: str) -> str:
    return value[:1] + "*" * max(len(value) - 2, 0) + value[-1:] if len(value) > 2 else "**"


def _address(value: str) -> str:
    """The region only: up to the city, else the province."""
    for end in ("市", "州", "盟", "省", "区"):
        place = value.find(end)
        if 0 < place < 12:
            return value[: place + 1] + "**"
    return "**"


def _card_number(value: str) -> str:
    return card_number(value[:6], value[-4:]) if len(value) >= 13 else "******" + value[-4:]


def _customer_number(value: str) -> str:
    return "****" + value[-4:] if len(value) > 4 else "****"


def _email(value: str) -> str:
    name, _, host = value.partition("@")
    return f"{name[:1]}**@{host}"


def _nothing(value: str) -> str:
    return "**"


_RULES: dict[str, Callable[[str], str]] = {
    "full_name": _name,
    "phone": _phone,
    "id_number": _id_number,
    "address": _address,
    "card_number": _card_number,
    "customer_number": _customer_number,
    "email": _email,
}
