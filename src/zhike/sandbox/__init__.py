"""The made bank: a seeded world that writes the raw files of a bank. It imports the kernel only."""

from zhike.sandbox.bank import Made, found, make
from zhike.sandbox.stepping import Bank

__all__ = ["Bank", "Made", "found", "make"]
