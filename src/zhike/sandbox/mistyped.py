"""What becomes of a person's particulars when they are typed a second time: slips, old numbers, full-width digits."""

from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import names
from zhike.sandbox.numbers import Bytes, identity_numbers, phone_numbers

# How the record of a person differs from the true one. Only `SAME` still bears the right identity number.
DIFFERENCES = ("same", "typing_error", "married_name", "old_phone", "full_width", "birth_date")
SAME, TYPING_ERROR, MARRIED_NAME, OLD_PHONE, FULL_WIDTH, BIRTH_DATE = range(6)
# What such a record has for an identity number: none, the one before a correction, the right one in full width.
PAPERS = ("right", "missing", "old", "full_width")
RIGHT, MISSING, OLD, WIDE = range(4)

# Signs that sound or look like the right one; most used first.
_SLIPS = dict(
    zip(
        "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩芳娜敏静丽燕艳玲婷雪倩颖洁梅莉萍霞红英兰珍建国志海文俊晓思嘉佳欣梓",
        "玮墙垒君涌洁滔名朝钢苹晖朋花非欣博彬雨皓方那闽靖莉艳燕琳停血茜影杰玫丽平侠虹瑛蓝真健果智还雯峻小丝佳嘉鑫子",
        strict=True,
    )
)
_WIDE = {str(digit): chr(0xFF10 + digit) for digit in range(10)} | {"X": "Ｘ"}
# A division code that nobody lives under marks the numbers of before; a phone of before has another serial.
_OLD_DIVISION, _OLD_PHONE = b"01", 40_000_000


@cache
def misspelt() -> pa.Array:
    """The positions of `names.full_names`, each with one sign wrong: the last that has a slip, else one is lost."""
    return pa.array([_slip(name) for name in names.full_names()])


def _slip(name: str) -> str:
    for at in range(len(name) - 1, 0, -1):
        if name[at] in _SLIPS:
            return name[:at] + _SLIPS[name[at]] + name[at + 1 :]
    return name[:-1] if len(name) > 2 else name + name[-1]


@cache
def surnames() -> pa.Array:
    """The surname of each position of `names.full_names`."""
    return pa.array([name[:2] if name[:2] in names.DOUBLE_SURNAMES else name[:1] for name in names.full_names()])


def wide(texts: pa.Array) -> pa.Array:
    """Digits in full width, as some input methods write them."""
    for narrow, broad in _WIDE.items():
        texts = pa.compute.replace_substring(texts, narrow, broad)
    return texts


def turned(birth: NDArray[np.integer]) -> NDArray[np.int64]:
    """Days of birth typed wrong: day and month exchanged where that is a day, else one day digit for the other."""
    days = np.asarray(birth, np.int64).astype("datetime64[D]")
    month_start = days.astype("datetime64[M]")
    year = month_start.astype("datetime64[Y]")
    month = (month_start - year.astype("datetime64[M]")).astype(np.int64) + 1
    day = (days - month_start.astype("datetime64[D]")).astype(np.int64) + 1
    exchanged = (year.astype("datetime64[M]") + (day - 1)).astype("datetime64[D]") + (month - 1)
    slipped = days + np.where(day > 20, -10, 10)
    return np.where((day <= 12) & (day != month), exchanged, slipped).astype(np.int64)


def old_identity(division: Bytes, birth: Bytes, female: NDArray[np.bool_], person: NDArray[np.integer]) -> Bytes:
    """Numbers of before a correction: of no place that anybody lives in, with a wrong check digit."""
    place = division.copy()
    place[:, 4:] = np.frombuffer(_OLD_DIVISION, np.uint8)
    return identity_numbers(place, birth, female, np.asarray(person, np.int64))


def old_phones(person: NDArray[np.integer]) -> Bytes:
    """The numbers people had before."""
    return phone_numbers(np.asarray(person) + _OLD_PHONE)
