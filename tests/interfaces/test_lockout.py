"""Whose address a request has: the one rule behind log-in, sessions and API keys."""

from typing import Any

import pytest
from django.test import RequestFactory

from zhike.interfaces.accounts.adapters import Accounts
from zhike.interfaces.accounts.lockout import address_of
from zhike.operations.governance.attempts import name_token
from zhike.operations.governance.sessions import device_of


@pytest.mark.parametrize(
    ("proxies", "connects", "passed_on", "address"),
    [
        (0, "10.0.0.1", "6.6.6.6", "10.0.0.1"),
        (1, "10.0.0.1", "6.6.6.6, 10.0.0.9", "10.0.0.9"),
        (2, "10.0.0.1", "6.6.6.6, 10.0.0.9, 10.0.0.8", "10.0.0.9"),
        (2, "10.0.0.1", "6.6.6.6", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", None),
        (0, "::ffff:10.0.0.7", "", "10.0.0.7"),
        (0, "2001:db8:0:1:2:3:4:5", "", "2001:db8:0:1::"),
        (0, "", "", None),
    ],
)
def test_a_header_is_believed_as_far_as_there_are_proxies(
    settings: Any, proxies: int, connects: str, passed_on: str, address: str | None
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": passed_on} if passed_on else {}
    request = RequestFactory(REMOTE_ADDR=connects).get("/", headers=headers)
    assert address_of(request) == address
    assert Accounts().get_client_ip(request) == (address or "")


def test_a_name_is_counted_however_it_is_written() -> None:
    assert len({name_token(name) for name in ("Lin", "lin", " LIN ")}) == 1
    assert name_token("lin") != name_token("wu")
    assert "lin" not in name_token("lin")


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 MicroMessenger/8.0", "WeChat · Android"),
        ("<script>13812345678</script>", ""),
    ],
)
def test_a_device_in_plain_words_and_nothing_else_of_what_it_says(says: str, words: str) -> None:
    assert device_of(says) == words
