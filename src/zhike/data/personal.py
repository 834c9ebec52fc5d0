"""The road of personal data out of a file: straight into the vault, never into facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One personal field of one party, in clear: lives in memory only.

    Fields: ``full_name phone id_number address email customer_number card_number``. ``known_from`` is the date of the
    file that told it, or the day from which the party was known; the earliest date where neither is said.
    """

    party_id: str
    field: str
    value: str
    known_from: date = date.min


class VaultSink(Protocol):
    """Where personal fields go. Writing the same again changes nothing.

    Of a field with one value the one known last stays, in whatever order they come; of one day, the one written last.
    """

    def write(self, fields: Iterable[PersonalField], /) -> int:
        """Returns how many were new or changed."""
        ...
