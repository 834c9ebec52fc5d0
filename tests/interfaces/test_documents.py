"""What the documents name is there: the settings, and the customer of the examples."""

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
    assert f"| `ZHIKE_REVEALS_PER_HOUR` | `{read({}).reveals_per_hour}` |" in page


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
