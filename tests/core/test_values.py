"""Money, identifiers and time: exact, reproducible, keyed."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike.core import clock, ids
from zhike.core.errors import BadInput
from zhike.core.money import exponent, major_units, minor_units

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.integers(-(10**15), 10**15), st.sampled_from(["CNY", "JPY", "KWD", "CZK"]))
def test_minor_units_and_back(cents: int, currency: str) -> None:
    assert minor_units(major_units(cents, currency), currency) == cents


def test_exponents_of_iso_4217() -> None:
    assert [exponent(code) for code in ("CNY", "JPY", "KWD", "TWD")] == [2, 0, 3, 2]
    assert minor_units("0.07", "CNY") == 7
    assert major_units(1234, "CNY") == Decimal("12.34")


@pytest.mark.parametrize("text", ["1.005", "NaN", "Infinity", "12,3", "", "一百"])
def test_no_amount_is_guessed(text: str) -> None:
    with pytest.raises(BadInput):
        minor_units(text, "CNY")


@pytest.mark.parametrize("code", ["cny", "CN", "人民币", "CNYX"])
def test_no_currency_is_guessed(code: str) -> None:
    with pytest.raises(BadInput, match="ISO 4217"):
        exponent(code)


def test_a_party_id_is_a_uuid_of_version_7_and_its_day() -> None:
    made = uuid.UUID(ids.party_id(KEY, date(2026, 1, 2), "identity", "110101"))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert datetime.fromtimestamp((made.int >> 80) / 1000, UTC).date() == date(2026, 1, 2)


@given(st.text(min_size=1), st.text(min_size=1))
def test_ids_are_keyed_and_reproducible(one: str, other: str) -> None:
    assert ids.surrogate(KEY, "account", "cards", one) == ids.surrogate(KEY, "account", "cards", one)
    assert 0 <= ids.surrogate(KEY, "account", "cards", one) < 1 << 63
    assert ids.surrogate(KEY, "account", "cards", one) != ids.surrogate(OTHER, "account", "cards", one)
    assert ids.surrogate(KEY, "account", "cards", one) != ids.surrogate(KEY, "card", "cards", one)
    if one != other:
        assert ids.token(KEY, "phone", one) != ids.token(KEY, "phone", other)


@given(st.binary(min_size=1, max_size=32))
def test_a_hash_in_letters_holds_no_digit_and_tells_hashes_apart(content: bytes) -> None:
    told = ids.lettered(content.hex())
    assert set(told) <= set("klmnopqrstuvwxyz")
    assert ids.lettered(told) == told
    assert bytes.fromhex(told.translate(str.maketrans("zyxwvutsrqponmlk", "0123456789abcdef"))) == content


def test_the_business_day_is_the_banks_own() -> None:
    late = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    assert clock.business_date(late, "Asia/Shanghai") == date(2026, 4, 1)
    assert clock.business_date(late, "Europe/Prague") == date(2026, 3, 31)


def test_a_day_that_has_not_come_where_the_bank_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 30, 16, 30, tzinfo=UTC))  # half past midnight there
    assert clock.require_reached(date(2026, 7, 1), "Asia/Shanghai") == date(2026, 7, 1)
    with pytest.raises(BadInput, match="--as-of 2026-07-01 is after today"):
        clock.require_reached(date(2026, 7, 1), "UTC", "--as-of")
