"""Numbers that look right and cannot be real.

- Identity numbers (GB 11643) carry a wrong check digit, always.
- Mobile numbers start with 154, a prefix that no operator holds (it matches none of the national ranges).
- Card numbers start with 999999: first digit 9 means that a country code follows (ISO/IEC 7812-1), and 999 is
  reserved by ISO 3166-1 for users' own ends. They do pass the Luhn check, as a bank's own validation expects.
"""

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

TEST_BIN = "999999"
PHONE_PREFIX = "154"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.frombuffer(b"10X98765432", np.uint8)


def digits(values: NDArray[np.integer], width: int) -> Bytes:
    """Zero-padded decimal digits as an (n, width) matrix of ASCII bytes; values below 10**width, not negative."""
    rest = np.asarray(values, dtype=np.int64)
    found = np.empty((len(rest), width), np.uint8)
    end = width
    while end > 0:
        size = min(4, end)
        rest, four = np.divmod(rest, 10000) if end > 4 else (rest, rest)
        found[:, end - size : end] = _FOUR[four, 4 - size :]
        end -= size
    return found


_FOUR = np.array([list(f"{value:04d}".encode()) for value in range(10000)], np.uint8)


def scattered(serial: NDArray[np.integer], width: int) -> Ints:
    """Distinct numbers of ``width`` digits that do not run in order: a permutation of 0..10**width - 1."""
    size = 10**width
    # An odd multiplier that is no multiple of 5 has an inverse modulo a power of ten.
    return (np.asarray(serial, dtype=np.int64) % size * 7_654_321 + 12_345_679) % size


def phone_numbers(serial: NDArray[np.integer]) -> Bytes:
    return _joined(PHONE_PREFIX, digits(scattered(serial, 8), 8))


def card_customer_numbers(person: NDArray[np.integer]) -> Bytes:
    """Under which the card system knows people, by person number."""
    return _joined("10", digits(scattered(person + 7, 10), 10))


def merchant_numbers(position: NDArray[np.integer]) -> Bytes:
    """Under which the card system knows shops, by their position in the bank's list of shops."""
    return _joined("898", digits(scattered(position, 12), 12))


def core_customer_numbers(person: NDArray[np.integer]) -> Bytes:
    """Under which core banking knows people, by person number."""
    return _joined("K", digits(scattered(person, 10), 10))


def card_numbers(serial: NDArray[np.integer]) -> Bytes:
    """16 digits on the test BIN, Luhn-valid."""
    body = _joined(TEST_BIN, digits(scattered(serial, 9), 9))
    values = body.astype(np.int64) - ord("0")
    values[:, ::2] *= 2
    values[:, ::2] -= 9 * (values[:, ::2] > 9)
    check = (10 - values.sum(axis=1) % 10) % 10
    return np.concatenate([body, digits(check, 1)], axis=1)


def identity_numbers(division: Bytes, birth: Bytes, female: NDArray[np.bool_], person: Ints) -> Bytes:
    """18 characters: division (n, 6), birth date (n, 8), a sequence of the right sex, a wrong check digit.

    Distinct for the first 1,642,500 people where those born on one day have numbers that are equal modulo 365:
    500 sequences and 9 wrong check digits tell 365 × 500 × 9 numbers apart.
    """
    turn = person // 365
    sequence = 2 * ((turn * 347 + 100) % 500) + ~female
    shift = turn // 500
    body = np.concatenate([division, birth, digits(sequence, 3)], axis=1)
    check = ((body.astype(np.int64) - ord("0")) * _WEIGHTS).sum(axis=1) % 11
    wrong = _CHECKS[(check + 1 + shift % 9) % 11]  # 1 to 9 places beside the right one, of 11
    return np.concatenate([body, wrong[:, None]], axis=1)


def _joined(prefix: str, tail: Bytes) -> Bytes:
    head = np.broadcast_to(np.frombuffer(prefix.encode(), np.uint8), (len(tail), len(prefix)))
    return np.concatenate([head, tail], axis=1)
