"""A registry refuses doubles and missing words, says where things stand, and finds what a file adds."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from zhike.core import registry
from zhike.core.errors import NotFound
from zhike.core.registry import Registry
from zhike.core.text import Text

THING = """
from shelf import shelf, Thing
from zhike.core.text import Text
{name} = shelf.register(Thing("{name}", Text("东西", "thing"), Text("一件东西", "one thing")))
"""


@dataclass(frozen=True)
class Thing:
    name: str
    title: Text
    meaning: Text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable registry folder ``shelf``, with one file."""
    package = tmp_path / "shelf"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from tests.core.test_registry import Thing\nfrom zhike.core.registry import Registry\n"
        "shelf = Registry('shelf', __name__)\n"
    )
    (package / "apple.py").write_text(THING.format(name="apple"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "_REGISTRIES", dict(registry._REGISTRIES))
    yield package
    for module in [name for name in sys.modules if name.split(".")[0] == "shelf"]:
        del sys.modules[module]


def test_a_file_is_all_there_is_to_adding_a_thing(folder: Path) -> None:
    (folder / "pear.py").write_text(THING.format(name="pear"))
    from shelf import shelf  # type: ignore[import-not-found]

    assert list(shelf.all()) == ["apple", "pear"]
    assert shelf.where("pear").endswith("pear.py:4")


def test_an_unknown_name_lists_the_known(folder: Path) -> None:
    from shelf import shelf

    with pytest.raises(NotFound, match=r"Unknown shelf 'plum'\. There are: apple\."):
        shelf.get("plum")


def test_a_second_entry_of_a_name_is_refused_with_both_places(folder: Path) -> None:
    (folder / "again.py").write_text(THING.format(name="apple"))
    from shelf import shelf

    with pytest.raises(ValueError, match=r"'apple' stands twice: .*again\.py:4 and .*apple\.py:4"):
        shelf.all()


def test_titles_in_both_languages_are_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_REGISTRIES", dict(registry._REGISTRIES))
    things: Registry[Thing] = Registry("things", __name__)
    with pytest.raises(ValueError, match="title must be a Text"):
        things.register(Thing("bare", "no text", Text("有", "has")))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="both languages"):
        Text("只有中文", " ")
