"""Whole-number arithmetic on money that is equal, to the cent, on every engine."""

import ibis
import ibis.expr.types as ir

BASIS_POINTS = 10_000
# Beyond this (a billion in a currency of two digits) an amount is no customer's. It keeps the products below exact in
# floating point, which is how engines divide: a quotient of 10^11 still tells steps of 1/10,000 apart.
AMOUNT_MAX_CENTS = 100_000_000_000


def bounded(amount_cents: ir.IntegerColumn) -> ir.IntegerValue:
    """A column of the view as an amount to calculate with: null stays null, what exceeds the bound is the bound."""
    amount = amount_cents.cast("int64")
    return ibis.cases(
        (amount > AMOUNT_MAX_CENTS, cents(AMOUNT_MAX_CENTS)),
        (amount < -AMOUNT_MAX_CENTS, cents(-AMOUNT_MAX_CENTS)),
        else_=amount,
    )


def share(amount_cents: ir.IntegerValue, basis_points: ir.IntegerValue | int) -> ir.IntegerValue:
    """``amount × basis_points / 10,000`` in whole cents, halves up; 0 ≤ basis_points ≤ 10,000, amount `bounded`."""
    return ((amount_cents * basis_points + BASIS_POINTS // 2) / BASIS_POINTS).floor().cast("int64")


def cents(amount_cents: int) -> ir.IntegerValue:
    """An amount that is the same for everyone, 64 bits wide."""
    # A bare literal takes as many bits as the engine likes (DuckDB: 32), and Ibis drops a cast from int64 to int64.
    return ibis.literal(str(amount_cents)).cast("int64")
