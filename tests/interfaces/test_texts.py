"""No untranslated key: every text a template or view names stands, in both languages, and every text is used."""

import re
from pathlib import Path

import pytest

import zhike.interfaces.console
from zhike.core.text import Text
from zhike.interfaces.console.registry import pages
from zhike.interfaces.console.texts import SHARED, text

_CONSOLE = Path(zhike.interfaces.console.__file__).parent
_ALL: dict[str, Text] = SHARED | {f"{page.name}.{key}": own for page in pages for key, own in page.texts.items()}
_SOURCES = {path: path.read_text() for path in _CONSOLE.rglob("*") if path.suffix in (".html", ".py")}
_NAMED = re.compile(
    r"""\{%\s*t\s+["']([\w.]+)["']"""  # {% t "key" %}
    r"""|(?:\s|_)key="([\w.]+)\""""  # <c-panel key="key" note_key="key">
    r"""|said\(f?["']([\w.]+)["']"""  # said("key")
)
# Keys put together at run time, and what they are put together from.
_COMPOSED = (
    "fault.", "field.", "customer.facts.", "customer.purpose.", "customer.outcome.", "approvals.list.",
    "approvals.state.", "approval.signed", "approval.refused", "person.deed.", "api_keys.state.",
    "jobs.state.", "jobs.queue.", "audit.outcome.", "audit.kind.",
    "contact.state.", "contact.for.", "contact.by.", "contact.at.", "contact.origin.",
    "contact.cap.", "contact.direction.",
)  # fmt: skip
_PLACE = re.compile(r"\{(\w+)\}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BOTH = {"product.name", "product.other_name"}  # the name of the product is shown in both scripts


def _named() -> set[str]:
    found = {key for source in _SOURCES.values() for match in _NAMED.finditer(source) for key in match.groups() if key}
    return {key for key in found if "." in key}


def test_every_key_that_is_named_stands() -> None:
    missing = [key for key in _named() if key not in _ALL]
    assert missing == []


def test_every_text_is_used() -> None:
    named = _named()
    unused = [key for key in _ALL if key not in named and not key.startswith(_COMPOSED)]
    assert unused == []


@pytest.mark.parametrize("key", _ALL)
def test_both_languages_say_the_same(key: str) -> None:
    words = _ALL[key]
    assert set(_PLACE.findall(words.zh)) == set(_PLACE.findall(words.en))
    if key not in _BOTH:
        assert _CHINESE.search(words.zh), f"{key}: no Chinese in {words.zh!r}"
        assert not _CHINESE.search(words.en), f"{key}: Chinese in {words.en!r}"


def test_an_unknown_key_is_a_fault() -> None:
    with pytest.raises(KeyError, match=r"no text 'overview\.nonsense'"):
        text("overview.nonsense")


def test_templates_hold_no_words_of_their_own() -> None:
    """What stands between tags is a template expression, a sign or a number: words come from the catalogue."""
    for path, source in _SOURCES.items():
        if path.suffix != ".html" or "/icons/" in str(path):
            continue
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", source, flags=re.S)
        between = re.findall(r">([^<]*)<", re.sub(r"<c-vars.*?/>", "", bare, flags=re.S))
        words = [piece.strip() for piece in between if re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", piece)]
        assert words == ([] if "preferences" not in path.name else ["EN 中文"]), f"{path.name}: {words}"
