"""Registries: folders where one file is one thing, and nothing else is edited to add it.

A file of the folder builds its entry and hands it over::

    FIRST_USE_GIFT = offers.register(OfferType(name="first_use_gift", title=Text(...), meaning=Text(...), ...))

Entries appear because their file does: ``all()`` imports every module of the folder once.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from zhike.core.errors import NotFound
from zhike.core.text import Text


class Entry(Protocol):
    """What every registered thing declares."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> Text: ...
    @property
    def meaning(self) -> Text: ...


_ROOT = Path(__file__).parents[2]  # whatever the folder of the checkout is called
E = TypeVar("E", bound=Entry)
_REGISTRIES: dict[str, "Registry"] = {}  # type: ignore[type-arg]  # of any kind of entry


class Registry(Generic[E]):
    """All entries of one kind. ``package`` is the folder, by its import name; ``noun`` is one entry in a message."""

    def __init__(self, name: str, package: str, noun: str = "") -> None:
        self.name = name
        self.noun = noun or name.removesuffix("s")
        self.package = package
        self._entries: dict[str, E] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._complete = False
        _REGISTRIES[name] = self

    def register(self, entry: E) -> E:
        """Adds an entry; raises ValueError on a second one of that name or a missing title."""
        for field in ("title", "meaning"):
            if not isinstance(getattr(entry, field, None), Text):
                raise ValueError(f"{self.noun} {entry.name!r}: {field} must be a Text in Chinese and English")
        place = _caller()
        if entry.name in self._entries and self._places[entry.name] != place:
            raise ValueError(
                f"{self.noun} {entry.name!r} stands twice: {self.where(entry.name)} and {place[0]}:{place[1]}"
            )
        self._entries[entry.name] = entry
        self._places[entry.name] = place
        return entry

    def all(self) -> dict[str, E]:
        """Entries by name, sorted."""
        if not self._complete:
            package = importlib.import_module(self.package)
            for module in pkgutil.iter_modules(package.__path__, prefix=self.package + "."):
                importlib.import_module(module.name)
            self._complete = True
        return dict(sorted(self._entries.items()))

    def get(self, name: str) -> E:
        """The entry, or NotFound with the names there are."""
        entries = self.all()
        if name not in entries:
            raise NotFound(f"Unknown {self.noun} {name!r}. There are: {', '.join(entries) or 'none'}.")
        return entries[name]

    def where(self, name: str) -> str:
        """``file:line`` of the entry, the file from the package root on."""
        path, line = self._places[name]
        return f"{path}:{line}"

    def __iter__(self) -> Iterator[E]:
        return iter(self.all().values())


def registries() -> dict[str, Registry]:  # type: ignore[type-arg]
    """Every registry that has been imported, by name."""
    return dict(sorted(_REGISTRIES.items()))


def _caller() -> tuple[str, int]:
    """The line at module level that led here: where a person would look for the entry."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    if frame is None:
        return "unknown", 0
    path = Path(frame.f_code.co_filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name, frame.f_lineno
