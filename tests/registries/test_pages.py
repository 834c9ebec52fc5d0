"""Every page, by the contract of its registry."""

from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import reverse

import zhike.interfaces.console
from zhike.core.text import LOCALES
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.governance.roles import PERMISSIONS

_CONSOLE = Path(zhike.interfaces.console.__file__).parent
_ALL = list(pages)


def test_a_page_is_one_py_and_one_html() -> None:
    folder = _CONSOLE / "pages"
    assert {path.stem for path in folder.glob("*.html")} == {page.name for page in _ALL}
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == {page.name for page in _ALL}


@pytest.mark.parametrize("page", _ALL, ids=lambda page: page.name)
class TestPage:
    def test_asks_for_permissions_that_exist(self, page: Page) -> None:
        assert {page.permission, *(part.permission for part in page.parts)} <= PERMISSIONS.keys()

    def test_has_a_title_and_a_meaning_in_both_languages(self, page: Page) -> None:
        assert all(page.title.in_(locale) and page.meaning.in_(locale) for locale in LOCALES)

    def test_has_an_icon_that_is_shipped(self, page: Page) -> None:
        assert (_CONSOLE / "templates" / "icons" / f"{page.icon}.svg").is_file()

    def test_lights_an_entry_of_the_menu(self, page: Page) -> None:
        assert page.menu is not None or pages.get(page.under).menu is not None

    def test_its_template_and_those_of_its_parts_stand(self, page: Page) -> None:
        get_template(f"pages/{page.name}.html")
        source = (_CONSOLE / "pages" / f"{page.name}.html").read_text()
        for part in page.parts:
            assert part.method == "POST" or f"partialdef {part.name} " in source

    def test_a_change_is_never_a_get(self, page: Page) -> None:
        assert all(part.method == "POST" for part in page.parts if part.permission.startswith(("reveal", "manage")))


def test_no_two_pages_share_an_address() -> None:
    paths = [page.path for page in _ALL] + [part.path for page in _ALL for part in page.parts]
    assert len(paths) == len(set(paths))


def test_addresses_are_named_as_their_pages() -> None:
    assert reverse("overview") == "/"
    assert reverse("customers_count") == "/customers/count/"
