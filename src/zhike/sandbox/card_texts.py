"""The texts and numbers of the card system's files, encoded once; rows then only pick from them."""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import consents, entries, fixed_width, layouts, life, points, temporary_limits
from zhike.sandbox.accounts import Accounts
from zhike.sandbox.branches import BRANCHES, home
from zhike.sandbox.fixed_width import Bytes, Coded, Column, encoded
from zhike.sandbox.merchants import COUNTRIES, WALLET_NAMES, Merchants
from zhike.sandbox.moves import Homes
from zhike.sandbox.names import full_names
from zhike.sandbox.numbers import (
    card_customer_numbers,
    card_numbers,
    digits,
    identity_numbers,
    merchant_numbers,
    phone_numbers,
    scattered,
)
from zhike.sandbox.parameters import MOST_CUSTOMERS
from zhike.sandbox.people import People
from zhike.sandbox.places import CITIES, DISTRICTS, STREETS, tier_code
from zhike.sandbox.products import PRODUCTS
from zhike.sandbox.record import Record

_DOORS, _DOOR_BYTES, _STREET_BYTES = 4_000, 20, 60
_TERMINALS_A_SHOP = 3
_SPACE = ord(" ")
Columns = dict[str, Column | Coded]


class CardTexts:
    """Dictionaries of encoded texts, and the numbers of people, accounts and cards as bytes."""

    def __init__(self, people: People, accounts: Accounts, merchants: Merchants) -> None:
        self._merchants = merchants
        self._shops(merchants)
        self._codes()
        self._places()
        self.names = encoded(full_names(), 40)
        self._number = people.number
        self.identity = identities(people)
        self.phone = phone_numbers(people.number)
        self.home = home(people.city, people.rolls)
        self.account_no = prefixed("6200", digits(scattered(accounts.serial, 10), 10))
        self.card_no = card_numbers(accounts.cards.serial)
        self.card_no_or_blank = np.concatenate([_blank(16), self.card_no])
        self.account_no_or_blank = np.concatenate([_blank(14), self.account_no])
        self.points_kinds = encoded(points.KINDS, 2)
        self.limit_reasons = encoded(temporary_limits.REASONS, 2)
        self.limit_states = encoded(temporary_limits.STATES, 1)

    def customer_no(self, person: NDArray[np.integer]) -> Bytes:
        return card_customer_numbers(self._number[person])

    def phone_now(self, person: NDArray[np.integer], turn: NDArray[np.integer]) -> Bytes:
        """The numbers of people who changed theirs so many times."""
        return phone_numbers(self._number[person] + np.asarray(turn, np.int64) * MOST_CUSTOMERS)

    def email(self, person: NDArray[np.integer]) -> Bytes:
        """Addresses under a domain that is reserved for examples (RFC 2606)."""
        number = digits(scattered(self._number[person] + 3, 8), 8)
        tail = np.broadcast_to(encoded(["@mail.example"], 21), (len(number), 21))
        return np.concatenate([prefixed("u", number), tail], axis=1)

    def address(self, people: People, homes: Homes, person: NDArray[np.integer]) -> Bytes:
        """Province to street, and the door right behind it."""
        street = homes.district[person] * len(STREETS) + homes.street[person]
        found = np.full((len(person), _STREET_BYTES + _DOOR_BYTES), _SPACE, np.uint8)
        found[:, :_STREET_BYTES] = self._streets[street]
        door = people.rolls.at(person).below("door", len(self._doors))
        door = (door + homes.turn[person] * 977) % len(self._doors)
        behind = self._street_length[street][:, None] + np.arange(_DOOR_BYTES)
        found[np.arange(len(person))[:, None], behind] = self._doors[door]
        return found

    def date_text(self, day: NDArray[np.integer]) -> Bytes:
        return fixed_width.dates()[fixed_width.date_position(day)]

    def reference_or_blank(self, reference: NDArray[np.int64]) -> Bytes:
        found = digits(reference, 16)
        found[reference == 0] = _SPACE
        return found

    def once(self) -> list[tuple[Record, Columns]]:
        """The files that are delivered once: branches, products, merchants, terminals."""
        merchants = self._merchants
        every = np.arange(len(merchants))
        parents = [BRANCHES[branch.parent].code if branch.parent >= 0 else "" for branch in BRANCHES]
        machines = 1 + np.arange(len(merchants) * _TERMINALS_A_SHOP)
        cash = np.array([code == "6011" for code in merchants.mcc])
        shop = (machines - 1) // _TERMINALS_A_SHOP
        return [
            (layouts.BRANCH, {
                "branch_no": self.branch_codes, "name": encoded([branch.name for branch in BRANCHES], 40),
                "level": np.array([branch.level for branch in BRANCHES]), "parent_no": encoded(parents, 6),
                "division": encoded([branch.division for branch in BRANCHES], 6),
            }),
            (layouts.PRODUCT, {
                "product": self.products, "name_zh": encoded([product.name.zh for product in PRODUCTS], 40),
                "name_en": encoded([product.name.en for product in PRODUCTS], 40),
                "family": encoded([product.family for product in PRODUCTS], 1),
                "annual_fee": np.array([product.annual_fee * 100 for product in PRODUCTS]),
            }),
            (layouts.MERCHANT, {
                "merchant_no": self.merchant_no[every], "name": self.printed_names[every + 1], "mcc": self.mcc[every],
                "division": self.shop_division[every], "country": self.shop_country[every],
            }),
            (layouts.TERMINAL, {
                "terminal_no": self.terminal_no[machines],
                "kind": Coded(encoded(["P", "A"], 1), cash[shop].astype(int)),
                "merchant_no": Coded(self.merchant_no, shop),
            }),
        ]  # fmt: skip

    def _shops(self, merchants: Merchants) -> None:
        """Texts of the shops; the row behind the last shop is blank, for movements without one."""
        count = len(merchants)
        number = merchant_numbers(np.arange(count))
        self.merchant_no = np.concatenate([number, _blank(15)])
        self.mcc = np.concatenate([encoded(merchants.mcc, 4), _blank(4)])
        printed = [""] + merchants.names + [wallet + name for wallet in WALLET_NAMES for name in merchants.names]
        self.printed_names = encoded(printed, 40)
        places = encoded([*(city.code for city in CITIES), ""], 6)
        self.shop_division = np.concatenate([places[merchants.city], _blank(6)])
        self.shop_country = encoded([*merchants.country, "CN"], 2)
        terminals = digits(np.arange(1 + count * _TERMINALS_A_SHOP) + 20_000_000, 8)
        terminals[0] = _SPACE
        self.terminal_no = terminals

    def _codes(self) -> None:
        self.sexes, self.yes_no = encoded(["1", "2"], 1), encoded(["N", "Y"], 1)
        self.consent_codes, self.changes = (
            encoded(consents.CODES, 1),
            encoded(["N", "C", "L", "S", "P", "O", "A", "B"], 1),
        )
        self.products = encoded([product.code for product in PRODUCTS], 4)
        self.branch_codes = encoded([branch.code for branch in BRANCHES], 6)
        self.roles, self.by, self.details = encoded(["M", "S"], 1), encoded(life.BY, 1), encoded(life.DETAILS, 10)
        self.types, self.responses = encoded(entries.TYPES, 4), encoded(entries.RESPONSES, 2)
        self.channels, self.wallets = encoded(entries.CHANNELS, 2), encoded(["", *life.WALLETS], 2)
        self.currencies = encoded(["CNY", *(country.currency for country in COUNTRIES)], 3)

    def _places(self) -> None:
        self.divisions = encoded([district.code for district in DISTRICTS], 6)
        self.tiers = encoded([tier_code(district) for district in DISTRICTS], 1)
        streets = [CITIES[place.city].full_name + place.name + street for place in DISTRICTS for street in STREETS]
        self._streets = encoded(streets, _STREET_BYTES)
        self._street_length = (self._streets != _SPACE).sum(axis=1)
        doors = [(1 + door * 7 % 899, 1 + door % 28, (1 + door % 31) * 100 + 1 + door % 6) for door in range(_DOORS)]
        self._doors = encoded([f"{house}号{block}幢{flat}室" for house, block, flat in doors], _DOOR_BYTES)


def identities(people: People) -> Bytes:
    """Everybody's identity number."""
    divisions = encoded([district.code for district in DISTRICTS], 6)
    birth = fixed_width.dates()[fixed_width.date_position(people.birth)]
    return identity_numbers(divisions[people.district], birth, people.female, people.number)


def prefixed(text: str, tail: Bytes) -> Bytes:
    head = np.broadcast_to(np.frombuffer(text.encode(), np.uint8), (len(tail), len(text)))
    return np.concatenate([head, tail], axis=1)


def _blank(width: int) -> Bytes:
    return np.full((1, width), _SPACE, np.uint8)
