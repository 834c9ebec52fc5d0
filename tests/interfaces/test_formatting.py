"""Figures as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike.core.text import LOCALES, Locale
from zhike.decide.render import money as money_in_a_reason
from zhike.interfaces.console import formatting as f


@pytest.mark.parametrize(
    ("cents", "zh", "en"),
    [
        (0, "¥0", "¥0"),
        (1250, "¥12.50", "¥12.50"),
        (85_600, "¥856", "¥856"),
        (999_949, "¥9,999", "¥9,999"),
        (999_950, "¥1.00万", "¥10.0K"),
        (1_234_567, "¥1.23万", "¥12.3K"),
        (123_456_789, "¥123.5万", "¥1.23M"),
        (999_999_999_900, "¥100.0亿", "¥10.0B"),
        (999_999_999, "¥1,000万", "¥10.0M"),
        (9_999_999_999, "¥1.00亿", "¥100.0M"),
        (386_423_450_000, "¥38.6亿", "¥3.86B"),
        (-1_234_567, "−¥1.23万", "−¥12.3K"),
    ],
)
def test_amounts_shorten_in_each_language(cents: int, zh: str, en: str) -> None:
    assert str(f.money(cents, "CNY", "zh")) == zh
    assert str(f.money(cents, "CNY", "en")) == en


@pytest.mark.parametrize(
    ("currency", "text"),
    [
        ("CNY", "¥1,234.56"),
        ("USD", "$1,234.56"),
        ("TWD", "NT$1,234.56"),
        ("CZK", "CZK\u00a01,234.56"),
        ("PLN", "PLN\u00a01,234.56"),
    ],
)
def test_each_currency_has_its_sign(currency: str, text: str) -> None:
    assert str(f.money_exact(123_456, currency)) == text
    assert money_in_a_reason(123_456, currency) == text


def test_a_currency_without_minor_units_has_no_decimals() -> None:
    assert str(f.money_exact(123_456, "JPY")) == "JPY\u00a0123,456"


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_known_is_a_dash_and_never_zero(locale: Locale) -> None:
    figures = [f.money(None, "CNY", locale), f.money_exact(None, "CNY"), f.count(None), f.share(None), f.decimal(None)]
    figures += [f.measured(None, unit, "CNY", locale) for unit in ("cents", "ratio", "count", "days", "date", "")]
    assert {str(figure) for figure in figures} == {"—"}
    assert (f.day(None), f.moment(None)) == ("—", "—")


def test_an_amount_without_a_currency_is_not_guessed() -> None:
    assert str(f.money(100, None, "zh")) == "—"


@given(st.integers(-(10**15), 10**15), st.sampled_from(LOCALES))
def test_a_shortened_amount_is_within_half_a_percent(cents: int, locale: Locale) -> None:
    figure = f.money(cents, "CNY", locale)
    step = {"": 1, "万": 10**4, "亿": 10**8, "K": 10**3, "M": 10**6, "B": 10**9}[figure.unit]
    shown = Decimal(figure.number.replace(",", "")) * step
    amount = abs(Decimal(cents) / 100)
    assert abs(shown - amount) <= max(amount / 200, Decimal("0.005"))
    assert (figure.sign == f.MINUS) == (cents < 0)


@given(st.integers(0, 10**14), st.integers(0, 10**14), st.sampled_from(LOCALES))
def test_more_never_looks_less(one: int, other: int, locale: Locale) -> None:
    order = {"": 0, "万": 1, "亿": 2, "K": 1, "M": 2, "B": 3}

    def key(cents: int) -> tuple[int, Decimal]:
        figure = f.money(cents, "CNY", locale)
        return order[figure.unit], Decimal(figure.number.replace(",", ""))

    assert key(min(one, other)) <= key(max(one, other))


def test_shares() -> None:
    assert [str(f.share(ratio)) for ratio in (0, 0.0682, 0.1, 0.68234, 1.2, -0.05)] == [
        "0%", "6.82%", "10.0%", "68.2%", "120.0%", "−5.00%",
    ]  # fmt: skip


def test_changes_carry_sign_and_direction() -> None:
    assert f.points_changed(0.6823, 0.6615, "zh") == f.Change("up", "+2.08 个百分点")
    assert f.points_changed(0.02, 0.03, "en") == f.Change("down", "−1.00 pp")
    assert f.points_changed(0.5, 0.5, "zh") == f.Change("flat", "持平")
    assert f.relatively_changed(110, 100, "en") == f.Change("up", "+10.0%")
    assert f.relatively_changed(-110, -100, "en") == f.Change("down", "−10.0%")
    assert f.relatively_changed(1, 0, "en") is None
    assert f.relatively_changed(1, None, "en") is None
    assert f.points_changed(None, 0.1, "en") is None


def test_values_by_their_declared_unit() -> None:
    def shown(value: object, unit: str, locale: Locale = "zh") -> str:
        return str(f.measured(value, unit, "CNY", locale))

    assert [shown(123_456_00, "cents"), shown(0.5, "ratio"), shown(1234, "count")] == ["¥12.3万", "50.0%", "1,234"]
    assert [shown(34, "years"), shown(34, "years", "en"), shown(3, "days", "en")] == ["34岁", "34 years", "3 days"]
    assert [shown(True, ""), shown(False, "", "en"), shown("工程师", "")] == ["是", "No", "工程师"]
    assert shown("2026-06-30", "date") == shown(date(2026, 6, 30), "date") == "2026-06-30"


def test_movements_say_which_way_the_money_went() -> None:
    assert str(f.signed(123_456, "CNY", "credit")) == "+¥1,234.56"
    assert str(f.signed(123_456, "CNY", "debit")) == "−¥1,234.56"
    assert str(f.signed(123_456, "CNY", None)) == "¥1,234.56"


def test_instants_are_shown_in_the_banks_zone() -> None:
    assert f.moment(datetime(2026, 6, 30, 16, 30, tzinfo=UTC)) == "2026-07-01 00:30"


def test_days_by_name() -> None:
    assert f.weekday(date(2026, 6, 30), "zh") == "6月30日 周二"
    assert f.weekday(date(2026, 6, 30), "en") == "Tue 30 Jun"


@given(st.integers(0, 10**14), st.sampled_from(["CNY", "JPY"]), st.sampled_from(LOCALES))
def test_an_axis_reads_in_one_unit(most: int, currency: str, locale: Locale) -> None:
    divisor, name = f.axis_scale(most, currency, locale)
    assert divisor > 0
    assert name
    assert most / divisor < 10_000 or name[-1] in "亿B"
