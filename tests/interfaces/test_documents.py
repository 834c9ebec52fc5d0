"""What the documents name is there: settings with their defaults, pages, and the customer of the examples."""

import re
from datetime import date
from pathlib import Path

from django.conf import settings as site
from django.test import RequestFactory, override_settings

import zhike.core.settings
from zhike import sandbox
from zhike.core.settings import read

_ROOT = Path(__file__).parents[2]


def test_every_setting_stands_in_the_how_to_and_no_other() -> None:
    known = set(re.findall(r"ZHIKE_[A-Z_]+", Path(zhike.core.settings.__file__).read_text()))
    page = (_ROOT / "docs/how-to/run-in-production.md").read_text()
    assert set(re.findall(r"^\| `(ZHIKE_[A-Z_]+)`", page, re.M)) == known
    numbers = dict(re.findall(r"^\| `(ZHIKE_[A-Z_]+)` \| `(\d+)` \|", page, re.M))
    wrong = {name: told for name, told in numbers.items() if read({name: told}) != read({})}
    assert (len(numbers), wrong) == (9, {}), "each number is the default of its setting"


def test_every_link_leads_to_a_page_that_is_there() -> None:
    documents = [*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")]
    links = [
        (page.relative_to(_ROOT), target, (page.parent / target.partition("#")[0]).exists())
        for page in documents
        for target in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", page.read_text())
    ]
    assert len(links) > 20
    assert [link for link in links if not link[2]] == []


def test_every_how_to_is_found_from_the_front_page() -> None:
    front, pages = (_ROOT / "README.md").read_text(), sorted((_ROOT / "docs/how-to").glob("*.md"))
    assert len(pages) > 8
    assert [page.name for page in pages if f"](docs/how-to/{page.name}" not in front] == []


def test_decisions_are_numbered_without_gaps_and_a_page_each() -> None:
    pages = sorted((_ROOT / "docs/decisions").glob("*.md"))
    numbers = [(int(page.name[:4]), re.match(r"# (\d+)\. ", page.read_text())) for page in pages]
    assert [(number, int(title[1]) if title else None) for number, title in numbers] == [
        (each, each) for each in range(1, len(pages) + 1)
    ]
    assert [page.name for page in pages if len(page.read_text().splitlines()) > 60] == []


def test_an_address_is_taken_from_a_header_only_behind_a_trusted_proxy() -> None:
    from allauth.account.adapter import get_adapter

    asked = RequestFactory().get("/login/", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    assert site.ALLAUTH_TRUSTED_PROXY_COUNT == read({}).trusted_proxies == 0
    assert get_adapter().get_client_ip(asked) == "127.0.0.1"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=read({"ZHIKE_TRUSTED_PROXIES": "1"}).trusted_proxies):
        assert get_adapter().get_client_ip(asked) == "203.0.113.9"


def test_the_customer_of_the_examples_is_in_the_made_bank(tmp_path: Path) -> None:
    """Numbers depend on the seed alone, so a small bank tells."""
    from zhike.interfaces.cli.demo import MONTHS, SEED

    made = sandbox.make(tmp_path / "bank", customers=40, months=1, seed=SEED)
    opening = min((tmp_path / "bank/cards").iterdir()) / "customer.dat"
    numbers = {row[:12].decode() for row in opening.read_bytes().splitlines()[1:-1]}
    for name in ("README.md", "docs/tutorial.md"):
        text = (_ROOT / name).read_text()
        examples = re.findall(r"zhike customer made_cards:(\d+)", text)
        assert examples
        assert set(examples) <= numbers, name
        days = [date.fromisoformat(day) for day in re.findall(r"zhike build --as-of (2\d{3}-\d\d-\d\d)", text)]
        assert days
        assert all(0 <= (made.last_day - day).days < 30 * MONTHS for day in days), name
