"""docs/how-to/add-a-page.md works as it is written: two files, and the page stands in the menu, guarded."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.test import Client, override_settings

from zhike.interfaces import urls
from zhike.interfaces.console import serve
from zhike.interfaces.console.registry import pages
from zhike.operations.governance.models import User

_HOW_TO = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-page.md").read_text()
_NAME = "zhike.interfaces.console.pages.quarantine"


@pytest.fixture
def added(tmp_path: Path) -> Iterator[None]:
    """The example's two files beside the shipped pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, code in re.findall(r"pages/(\w+\.\w+)`:\n\n```\w+\n(.*?)```", _HOW_TO, re.S):
        (folder / name).write_text(code)
    spec = importlib.util.spec_from_file_location(_NAME, folder / "quarantine.py")
    assert spec
    assert spec.loader
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    addresses = ModuleType("addresses_with_the_example")
    addresses.urlpatterns = [*urls.urlpatterns, *serve.page_urls()]
    sys.modules[addresses.__name__] = addresses
    templates = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    with override_settings(TEMPLATES=templates, ROOT_URLCONF=addresses.__name__):
        yield
    pages._entries.pop("quarantine")
    del sys.modules[addresses.__name__]


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("data_engineer", 200), ("marketer", 403)])
def test_the_example_stands_in_the_menu_and_is_guarded(added: None, role: str, status: int) -> None:
    client = Client()
    client.force_login(User.objects.create_user("somebody", "correct horse battery", role=role))
    assert client.get("/quarantine/").status_code == status
    assert ('href="/quarantine/"' in client.get("/").content.decode()) == (status == 200)


@pytest.mark.django_db
def test_the_example_speaks_both_languages(added: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("somebody", "correct horse battery", role="analyst"))
    assert "隔离区" in client.get("/quarantine/").content.decode()
    client.cookies["zhike-language"] = "en"
    body = client.get("/quarantine/").content.decode()
    assert "Quarantined rows" in body
    assert "Nothing here yet" in body or "Could not be read" in body
