"""Words shown to people, in Chinese and English."""

from dataclasses import dataclass
from typing import Literal

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")


@dataclass(frozen=True)
class Text:
    """One text in both languages; ``{name}`` places are filled at display."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not self.zh.strip() or not self.en.strip():
            raise ValueError(f"A text needs both languages, got zh={self.zh!r}, en={self.en!r}")

    def in_(self, locale: Locale) -> str:
        return self.zh if locale == "zh" else self.en
