"""The bank's key figures as they truly are, counted from the world's own state by the formulas of DOMAIN section 2."""

from zhike.sandbox.figures.key_figures import KeyFigures

__all__ = ["KeyFigures"]
