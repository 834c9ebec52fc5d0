"""Money: integer minor units with a currency. No float ever holds an amount."""

from decimal import Decimal, InvalidOperation

from zhike.core.errors import BadInput

# ISO 4217 exponents that are not 2, for the currencies a card business meets.
_EXPONENTS = {
    "BHD": 3, "CLP": 0, "IDR": 2, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3,
    "PYG": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0,
}  # fmt: skip
# Others come by their code: a sign such as Kč is missing from the fonts that Chinese desktops have, and ¥ is yuan here.
_SIGNS = {"CNY": "¥", "USD": "$", "TWD": "NT$", "EUR": "€", "GBP": "£"}


def exponent(currency: str) -> int:
    """Digits after the point by ISO 4217; raises BadInput when the code is not three capitals."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise BadInput(f"{currency!r} is not an ISO 4217 currency code: give three capital letters such as CNY.")
    return _EXPONENTS.get(currency, 2)


def sign(currency: str) -> str:
    """What stands before an amount: ``¥``, or ``CZK`` and a no-break space where there is no common sign."""
    return _SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}")


def minor_units(amount: str | Decimal, currency: str) -> int:
    """``"12.34", "CNY"`` -> 1234. Raises BadInput on a non-number or on digits below the minor unit."""
    try:
        scaled = Decimal(amount).scaleb(exponent(currency))
    except InvalidOperation:
        raise BadInput(f"{amount!r} is not an amount in {currency}.") from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise BadInput(f"{amount!r} has more digits than {currency} has minor units.")
    return int(scaled)


def major_units(cents: int, currency: str) -> Decimal:
    """1234, "CNY" -> Decimal("12.34")."""
    return Decimal(cents).scaleb(-exponent(currency))
