"""Dates, times and amounts as banks write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhike.data.columns import Moment, Money, Number, RawColumn, Whole
from zhike.data.ingest import texts
from zhike.data.ingest.distinct import FINE, MISSING, UNREADABLE
from zhike.data.ingest.instants import Instants
from zhike.data.ingest.written import day_reader, time_reader

ZONES = ["Asia/Shanghai", "Europe/Prague", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("%y%m%d", "930101", date(1993, 1, 1)),
        ("%y%m%d 00:00:00", "931107 00:00:00", date(1993, 11, 7)),
        ("%d.%m.%Y", "29.02.2024", date(2024, 2, 29)),
        ("%d.%m.%Y", "29.02.2023", None),
        ("%Y%m%d", "20241301", None),
        ("%Y%m%d", "2024010", None),
        ("%Y%m%d", "２０２４０１０１", None),
        ("%Y%m%d", "00010101", None),
        ("%Y-%m-%d", "2024-01-01\n", None),
        ("%Y-%m-%d", "2024-1-1", None),
    ],
)
def test_days(form: str, text: str, day: date | None) -> None:
    assert day_reader(form, 1900)(text) == day


def test_times() -> None:
    read = time_reader("%H:%M:%S")
    assert read("23:59:59") == timedelta(hours=23, minutes=59, seconds=59)
    assert [read(text) for text in ("24:00:00", "12:60:00", "12:00:60", "12:00")] == [None] * 4


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    seconds=st.lists(st.integers(0, 60 * 365 * 86_400), min_size=1, max_size=20),
)
def test_instants_are_those_of_the_zone(zone: str, seconds: list[int]) -> None:
    """Also on the days on which clocks change: an hour that comes twice is the first, as Python has it with fold 0."""
    whole = [datetime.combine(date(1980, 1, 1), time()) + timedelta(seconds=second) for second in seconds]
    read = Instants(Moment("%Y%m%d%H%M%S"), ZoneInfo(zone))
    (utc, days, hours), state = read.typed(pa.array([f"{one:%Y%m%d%H%M%S}" for one in whole]), None)
    assert (state == FINE).all()
    assert utc.to_pylist() == [one.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in whole]
    assert (days.to_pylist(), hours.to_pylist()) == ([one.date() for one in whole], [one.hour for one in whole])


def test_an_instant_in_two_columns() -> None:
    read = Instants(Moment("%Y%m%d %H%M%S", and_column="time"), ZoneInfo("Asia/Shanghai"))
    dates, times = ["20260105", "", "20260231", "20260105"], ["093000", "093000", "093000", "256000"]
    (utc, _, _), state = read.typed(pa.array(dates), pa.array(times))
    assert state.tolist() == [FINE, MISSING, UNREADABLE, UNREADABLE]
    assert utc.to_pylist() == [datetime(2026, 1, 5, 1, 30, tzinfo=UTC), None, None, None]


NUMBERS: dict[str, tuple[RawColumn, str, dict[str, float | None]]] = {
    "money": (
        Money(), "CNY",
        {"12.34": 1234, "-0.01": -1, "+7": 700, "1.500": 150, "7.": 700, " 8 ": 800, "0" * 20 + "7.00": 700,
         "9" * 14 + ".99": int("9" * 16)},
    ),
    "no money": (
        Money(), "CNY",
        dict.fromkeys(["1.234", "1e3", "1_000", "1,000", ".5", "", "NaN", "inf", "0x1F", "１２", "--1", "1" * 15]),
    ),
    "yen": (Money(), "JPY", {"12": 12, "12.0": 12, "12.5": None, "9" * 18: int("9" * 18)}),
    "dinar": (Money(), "BHD", {"1.234": 1234, "1.2345": None, "9" * 12 + ".999": int("9" * 15)}),
    "implied": (Money(implied=True), "CNY", {"000000001230": 1230, "-5": -5, "12.3": None, "9" * 19: None}),
    "scientific": (
        Money(scientific=True), "TWD",
        {"5.00E+05": 50000000, "1e-2": 1, "1e-3": None, "12.3": 1230, "1e99": None, "-9e12": -9 * 10**14, "9e13": None,
         "1e5x": None, "12e3": None},
    ),
    "whole": (Whole(), "CNY", {"-12": -12, "007": 7, "1.0": None, "1e2": None, "9" * 18: int("9" * 18)}),
    "number": (Number(), "CNY", {"0.25": 0.25, "-1": -1.0, "1e2": None, "nan": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers(name: str) -> None:
    column, currency, read = NUMBERS[name]
    (values,), _ = texts.Texts(column, currency).typed(pa.array(list(read)))
    found = values.to_pylist()
    assert dict(zip(read, found, strict=True)) == read
