"""The road of personal data out of a file: straight into the vault, never into facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One personal field of one party, in clear: lives in memory only.

    Fields: ``full_name phone id_number address email customer_number card_number``.
    """

    party_id: str
    field: str
    value: str


class VaultSink(Protocol):
    """Where personal fields go. Writing the same again changes nothing; of a field with one value the last stays."""

    def write(self, fields: Iterable[PersonalField], /) -> int:
        """Returns how many were new or changed."""
        ...
