"""What signing will do, in counts and sentences: shown before anybody asks, and computed again before anybody signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal

from zhike.core.errors import BadInput
from zhike.core.ids import lettered
from zhike.core.money import major_units, sign
from zhike.core.text import Locale, Text

Unit = Literal["", "cents"]


@dataclass(frozen=True)
class Count:
    """One figure of an effect; ``value`` is a whole number, in minor units of ``currency`` where the unit is cents."""

    name: str
    title: Text
    value: int
    unit: Unit = ""
    currency: str = ""

    def __str__(self) -> str:
        """To the last unit: people reconcile these."""
        if self.unit == "cents":
            return f"{sign(self.currency)}{major_units(self.value, self.currency):,f}"
        return f"{self.value:,}"


@dataclass(frozen=True)
class Effect:
    """``says`` are sentences whose ``{name}`` places are filled with the counts at display."""

    counts: tuple[Count, ...]
    says: tuple[Text, ...]

    def sentences(self, locale: Locale) -> list[str]:
        """The sentences in one language, with their figures; other braces in them are what somebody typed."""
        return [self._filled(said.in_(locale)) for said in self.says]

    def _filled(self, sentence: str) -> str:
        for count in self.counts:
            sentence = sentence.replace(f"{{{count.name}}}", str(count))
        return sentence

    def mark(self) -> str:
        """What a signer states to have seen: a hash of the sentences, and each figure."""
        words = sha256("\x1f".join(f"{said.zh}\x1f{said.en}" for said in self.says).encode()).hexdigest()
        return ";".join((lettered(words[:16]), *(f"{count.name}={count.value}" for count in self.counts)))

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": [
                {"name": one.name, "zh": one.title.zh, "en": one.title.en, "value": one.value, "unit": one.unit,
                 "currency": one.currency} for one in self.counts
            ],
            "says": [{"zh": said.zh, "en": said.en} for said in self.says],
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Effect":
        counts = tuple(
            Count(one["name"], Text(one["zh"], one["en"]), one["value"], one["unit"], one["currency"])
            for one in kept["counts"]
        )
        return cls(counts, tuple(Text(said["zh"], said["en"]) for said in kept["says"]))


def moved(before: str, now: str, tolerance: float) -> bool:
    """Whether an effect, told by its `Effect.mark`, is another one: other words, or a figure off by more than a share.

    Raises BadInput when ``before`` is no mark.
    """
    words_before, figures_before = _read(before)
    words_now, figures_now = _read(now)
    if words_before != words_now or figures_before.keys() != figures_now.keys():
        return True
    allowed = Decimal(str(tolerance))
    return any(abs(figures_now[name] - value) > allowed * abs(value) for name, value in figures_before.items())


def _read(mark: str) -> tuple[str, dict[str, int]]:
    words, *figures = mark[:2_000].split(";")
    try:
        return words, {name: int(value) for name, _, value in (figure.partition("=") for figure in figures)}
    except ValueError:
        raise BadInput(
            Text("所确认的影响无法识别：请刷新后重试。", "The effect you confirm cannot be read: reload and try again.")
        ) from None
