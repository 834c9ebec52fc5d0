"""The name of an uploaded file: what a person reads, never a path, never what turns text around or hides its end."""

import unicodedata

LONGEST = 120
_SEPARATORS = ("/", "\\", "\0")


def cleaned(name: str) -> str:
    """The last part of a path, without control, format and private characters, at most 120 long, its ending kept."""
    for separator in _SEPARATORS:
        name = name.rsplit(separator, 1)[-1]
    plain = unicodedata.normalize("NFC", name)
    shown = "".join(one if unicodedata.category(one)[0] not in "CZ" else " " for one in plain if not _hidden(one))
    bare = " ".join(shown.split()).strip(". ")
    if not bare:
        return "file"
    stem, dot, ending = bare.rpartition(".")
    if not dot or len(ending) > 10:
        return bare[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"


def ending(name: str) -> str:
    """``pdf`` of ``Scan.PDF``; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _hidden(one: str) -> bool:
    """Format (bidirectional overrides, zero-width), unassigned, surrogate and private characters vanish."""
    return unicodedata.category(one) in ("Cf", "Cn", "Cs", "Co")
