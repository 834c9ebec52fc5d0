"""What a raw column holds, how it is read, and what may be kept of it.

Every kind says: the raw text (stripped) is missing when it is empty or one of ``missing``; a missing value is refused
(``missing_value``) unless the column is ``optional``; a text that cannot be read is refused with the kind's own code.
The typed column bears ``name``, else the raw name.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class RawColumn:
    """Base of all kinds. ``masked`` columns keep only their shape when a row is quarantined."""

    name: str = ""
    optional: bool = False
    missing: tuple[str, ...] = ()
    masked: bool = False
    refusal: ClassVar[str] = "missing_value"


@dataclass(frozen=True, kw_only=True)
class Ignored(RawColumn):
    """Stands in the file and is not read. ``masked`` when it may hold something personal."""


@dataclass(frozen=True, kw_only=True)
class Words(RawColumn):
    """A text -> string."""


@dataclass(frozen=True, kw_only=True)
class Whole(RawColumn):
    """A whole number -> int64; outside ``least``..``most`` (by default what 32 bits hold) is ``out_of_range``."""

    least: int | None = -(2**31)
    most: int | None = 2**31 - 1
    refusal: ClassVar[str] = "not_a_number"


@dataclass(frozen=True, kw_only=True)
class Number(RawColumn):
    """A decimal fraction -> float64, never for money."""

    least: float | None = None
    most: float | None = None
    refusal: ClassVar[str] = "not_a_number"


@dataclass(frozen=True, kw_only=True)
class Money(RawColumn):
    """An amount in the source's currency -> int64 minor units; bounds in minor units.

    Written with a point (``12.30``; more digits than the currency has are refused), or, when ``implied``, as a whole
    number of minor units (``0000001230``). A leading sign is read in both; ``1.2E+05`` when ``scientific``.
    """

    implied: bool = False
    scientific: bool = False
    least: int | None = None
    most: int | None = None
    refusal: ClassVar[str] = "not_a_number"


@dataclass(frozen=True)
class Day(RawColumn):
    """A date -> date. ``form`` has ``%Y %m %d`` or ``%y`` (of ``century``) at fixed places, the rest is literal."""

    form: str
    century: int = 1900
    refusal: ClassVar[str] = "not_a_date"


@dataclass(frozen=True)
class Moment(RawColumn):
    """A bank-local instant -> three columns: ``x`` (timestamp, UTC), ``x__day`` (business date), ``x__hour`` (0..23).

    ``form`` as in `Day` with ``%H %M %S``. ``and_column`` names a second raw column whose text is put behind this
    one's with a space between (a date and a time in two fields): declare that one `Ignored`.
    """

    form: str
    and_column: str = ""
    refusal: ClassVar[str] = "not_a_date"


@dataclass(frozen=True)
class Code(RawColumn):
    """One of known codes -> string (null where the code stands for nothing); others are ``unknown_code``."""

    codes: Mapping[str, str | None]
    refusal: ClassVar[str] = "unknown_code"


@dataclass(frozen=True)
class Surrogate(RawColumn):
    """What the source calls an account, merchant, branch … -> int64 keyed surrogate of that ``kind``.

    Numbers of accounts, cards and households are masked: they lead to a person.
    ``known_in`` names the canonical table whose rows must hold it already (from this load's earlier files or from
    earlier loads), else the row is ``unknown_<kind>``. ``keep`` adds ``x__text``, the clear value, for the maps.
    """

    kind: str
    known_in: str = ""
    keep: bool = False

    def __post_init__(self) -> None:
        if self.kind in ("account", "card", "household"):
            object.__setattr__(self, "masked", True)


@dataclass(frozen=True, kw_only=True)
class CardNumber(RawColumn):
    """A card number -> ``x`` (int64 surrogate of kind card), ``x__bin`` (first 6), ``x__last4``.

    12 to 19 digits, else ``not_a_number``. The number itself goes to the vault when the row names a party
    and ``to_vault`` says so (the card file, not every transaction), and nowhere else.
    ``known_in`` as in `Surrogate`.
    """

    to_vault: bool = False
    known_in: str = ""
    masked: bool = True
    refusal: ClassVar[str] = "not_a_number"


@dataclass(frozen=True)
class Personal(RawColumn):
    """A direct identifier (name, phone, address …): leaves for the vault field ``field``; no typed column."""

    field: str
    _: KW_ONLY
    optional: bool = True
    masked: bool = True


@dataclass(frozen=True, kw_only=True)
class Identity(RawColumn):
    """The number of an identity document: vault field ``id_number``; parties of all sources that share it are one.

    The typed column ``x`` is bool: whether it was given.
    """

    optional: bool = True
    masked: bool = True


@dataclass(frozen=True, kw_only=True)
class Party(RawColumn):
    """The source's customer number -> ``x``, the party id (string).

    In the file that introduces customers, ``first_known`` names the typed column with the day from which the bank
    knew them (``_known`` is the file's date). Elsewhere it is None, and a number that no such file has introduced,
    in this load or an earlier one, is ``unknown_party``.
    """

    first_known: str | None = None
    masked: bool = True
    refusal: ClassVar[str] = "unknown_party"
