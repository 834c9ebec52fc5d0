"""The made bank: a seeded world that writes the raw files of a bank. It imports the kernel only."""

from zhike.sandbox.bank import Made, found, make

__all__ = ["Made", "found", "make"]
