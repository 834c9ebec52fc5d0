"""Instalment arithmetic (DOMAIN section 2): what a monthly fee on the original principal costs a year."""

from functools import cache

from zhike.core.errors import BadInput


@cache
def simple_annual_bp(fee_bp: int, term_months: int) -> int:
    """12 × the monthly internal rate of return, in basis points: the simple annual rate (单利) to be shown.

    Each month pays 1/n of the principal and the fee on the whole of it. 60 bp over 12 months -> 1303 (13.03 %).
    Raises BadInput on a negative fee or a term outside 1 … 60 months.
    """
    if fee_bp < 0 or not 1 <= term_months <= 60:
        raise BadInput(f"An instalment has a fee of 0 or more and 1 to 60 months, not {fee_bp} bp over {term_months}.")
    payment = 1 / term_months + fee_bp / 10_000
    low, high = 0.0, 1.0 + payment * term_months
    for _ in range(200):  # bisection: the present value falls as the rate rises
        rate = (low + high) / 2
        low, high = (rate, high) if _present_value(payment, rate, term_months) > 1 else (low, rate)
    return round(12 * (low + high) / 2 * 10_000)


def _present_value(payment: float, rate: float, term_months: int) -> float:
    if rate < 1e-12:
        return payment * term_months
    return float(payment * (1 - (1 + rate) ** -term_months) / rate)
