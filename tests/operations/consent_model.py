"""What a consent should be, told in the plainest way: statement after statement, each changes the state."""

from typing import NamedTuple


class Word(NamedTuple):
    """One statement; of a file ``hour`` is None. ``day``, ``hour`` and ``expires`` (an hour) count from one begin."""

    channel: str
    given: bool
    day: int
    hour: float | None = None
    expires: float | None = None
    number: int = 0


def newest(words: list[Word]) -> Word | None:
    """File after ledger on the same day only where it withdraws and the ledger gives; the last written of an hour."""
    ledger = [word for word in words if word.hour is not None]
    file = [word for word in words if word.hour is None]
    last = None
    for word in sorted(ledger, key=lambda each: (each.hour, each.number)):
        last = word
    told = file[0] if file else None
    if last is None or told is None:
        return last or told
    if told.day > last.day or (told.day == last.day and last.given and not told.given):
        return told
    return last


def state(words: list[Word], channel: str, now: float) -> str:
    own = newest([word for word in words if word.channel == channel]) if channel != "all" else None
    whole = newest([word for word in words if word.channel == "all"])
    if own and not own.given:
        return "withdrawn"
    if whole and not whole.given:
        both_ledger = own is not None and own.hour is not None and whole.hour is not None
        after = own is not None and (
            (own.hour, own.number) > (whole.hour, whole.number) if both_ledger else own.day > whole.day
        )
        if not after:
            return "withdrawn"
    for word in (own, whole):
        if word and word.given and (word.expires is None or word.expires > now):
            return "given"
    return "expired" if any(word and word.given for word in (own, whole)) else "unknown"
