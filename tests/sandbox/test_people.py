import numpy as np
import pytest

from tests.sandbox.made import rows
from zhike.sandbox import layouts, names, people
from zhike.sandbox.dice import Dice, quantiles
from zhike.sandbox.groups import GROUPS
from zhike.sandbox.numbers import card_numbers, digits, identity_numbers, phone_numbers, scattered
from zhike.sandbox.parameters import MOST_CUSTOMERS, Parameters
from zhike.sandbox.places import CITIES, DISTRICTS

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _right_check(number: str) -> str:
    """The check digit of GB 11643 by the book."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)) % 11]


def _luhn(number: str) -> bool:
    values = [int(digit) * (2 if place % 2 == len(number) % 2 else 1) for place, digit in enumerate(number)]
    return sum(value - 9 if value > 9 else value for value in values) % 10 == 0


def test_the_check_digit_by_a_known_number():
    assert _right_check("11010519491231002X") == "X"


def test_nobody_has_a_real_number(bank):
    customers = rows(bank, layouts.CUSTOMER) + rows(bank, layouts.CORE_CUSTOMER)
    for row in customers:
        assert len(row["id_no"]) == 18
        assert row["id_no"][-1] != _right_check(row["id_no"])
        assert row["phone"].startswith("154")
        assert len(row["phone"]) == 11
    for row in rows(bank, layouts.CARD):
        assert row["card_no"].startswith("999999")
        assert len(row["card_no"]) == 16
        assert _luhn(row["card_no"])
    assert all(row["email"].endswith("@mail.example") for row in rows(bank, layouts.CUSTOMER))


def test_numbers_are_distinct():
    serial = np.arange(50_000)
    assert len(np.unique(scattered(serial, 9))) == len(serial)
    assert len({bytes(row) for row in card_numbers(serial)}) == len(serial)
    assert len({bytes(row) for row in phone_numbers(serial)}) == len(serial)


def test_identity_numbers_are_distinct_up_to_the_largest_bank():
    """All whom one day of birth may bring together, at one place."""
    person = np.arange(7, MOST_CUSTOMERS, 365)
    born = np.repeat([[ord(c) for c in "19900102"]], len(person), axis=0).astype(np.uint8)
    place = np.repeat([[ord(c) for c in "110105"]], len(person), axis=0).astype(np.uint8)
    numbers = identity_numbers(place, born, np.full(len(person), True), person)
    assert len({bytes(row) for row in numbers}) == len(person)
    women = np.arange(len(person)) % 2 == 0
    mixed = identity_numbers(place, born, women, person)
    assert all(int(chr(row[16])) % 2 == (i % 2) for i, row in enumerate(mixed))


def test_who_shares_a_day_of_birth_has_a_number_equal_modulo_365():
    made = people.make(Parameters(customers=20_000, months=1, seed=5), Dice(5), range(20_000))
    _, day = np.unique(made.birth, return_inverse=True)
    rest = np.full(day.max() + 1, -1)
    rest[day] = made.number % 365
    assert (rest[day] == made.number % 365).all()
    assert day.max() > 10_000


def test_digits():
    assert bytes(digits(np.array([0, 7, 12345, 99999]), 5).reshape(-1)) == b"00000000071234599999"


def test_the_same_person_in_both_systems(bank):
    cards = {row["id_no"]: row for row in rows(bank, layouts.CUSTOMER)}
    core = {row["id_no"]: row for row in rows(bank, layouts.CORE_CUSTOMER)}
    shared = cards.keys() & core.keys()
    assert 0.6 < len(shared) / len(cards.keys() | core.keys()) < 0.8
    assert not {row["customer_no"] for row in cards.values()} & {row["customer_id"] for row in core.values()}
    assert all(cards[number]["birth_date"] == core[number]["birth_date"].replace("-", "") for number in shared)


def test_groups_have_their_shares():
    made = people.make(Parameters(customers=20_000, months=1, seed=5), Dice(5), range(20_000))
    found = np.bincount(made.group, minlength=len(GROUPS)) / len(made)
    for group, share in zip(GROUPS, found, strict=True):
        print(f"{group.name:15} {share:.3f} of {group.share:.2f}")
        assert share == pytest.approx(group.share, abs=0.012)
    pair = np.flatnonzero(made.partner >= 0)
    assert (made.partner[made.partner[pair]] == pair).all()
    assert (made.female[pair] != made.female[made.partner[pair]]).all()
    assert (made.district[pair] == made.district[made.partner[pair]]).all()


def test_places_and_names():
    assert len({district.code for district in DISTRICTS}) == len(DISTRICTS)
    for district in DISTRICTS:
        assert district.code[:2] == CITIES[district.city].code[:2]
        assert len(district.code) == 6
    for name in names.full_names():
        assert len(name.encode("gb18030")) <= 40


def test_chance_does_not_depend_on_order_or_company():
    some, more = np.array([3, 9]), np.array([9, 1, 3])
    few, many = Dice(1).rolls("x", some).on(4), Dice(1).rolls("x", more).on(4)
    assert few.uniform("a")[0] == many.uniform("a")[2]
    assert few.uniform("a")[1] == many.uniform("a")[0]
    assert few.uniform("a")[0] != few.uniform("b")[0]


def test_chance_is_fair():
    rolls = Dice(11).rolls("fair", np.arange(100_000))
    assert rolls.uniform("u").mean() == pytest.approx(0.5, abs=0.005)
    assert rolls.normal("n").std() == pytest.approx(1.0, abs=0.01)
    assert rolls.poisson("p", np.full(100_000, 2.5)).mean() == pytest.approx(2.5, abs=0.03)
    assert rolls.wait("w", 12.0).mean() == pytest.approx(12.0, abs=0.2)
    assert np.bincount(rolls.below("b", 7)).min() > 13_500
    drawn = rolls.drawn("d", quantiles([1.0, 3.0]))
    assert drawn.mean() == pytest.approx(0.75, abs=0.01)
    assert np.corrcoef(rolls.uniform("u"), rolls.on(1).uniform("u"))[0, 1] == pytest.approx(0, abs=0.015)
