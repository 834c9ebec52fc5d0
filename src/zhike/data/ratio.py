"""Shares and ratios that say nothing where there is nothing to divide by."""

import ibis
import ibis.expr.types as ir


def ratio(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    """``part / whole`` as float64; null where ``whole`` is null, zero or negative."""
    return part.cast("float64") / ibis.ifelse(whole > 0, whole, ibis.null("int64")).cast("float64")


def basis_points(amount: ir.IntegerValue, rate_bp: int | ir.IntegerValue) -> ir.IntegerValue:
    """``rate_bp`` ten-thousandths of an amount, rounded down to whole cents."""
    return amount * rate_bp // 10_000
