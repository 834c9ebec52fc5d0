"""The console over a published bank of thirty customers, counted by hand (tests/small_bank.py)."""

import html
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import small_bank
from chinese import latin_sentence
from django.test import Client
from owning import entries
from small_bank import customer_id

from zhike.operations.customers import actions, queries
from zhike.operations.customers.models import Publication
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import User
from zhike.operations.governance.roles import ROLES

_CUSTOMER = f"/customers/{customer_id(0)}/"
_CLEAR = [field.value for field in small_bank.people()]


@pytest.fixture
def published(bank: None) -> Iterator[None]:
    actions.view_publish(system_actor())
    return


def _inside(role: str = "administrator", language: str = "zh-hans") -> Client:
    user = User.objects.filter(username=role).first() or User.objects.create_user(role, "correct horse", role=role)
    client = Client()
    client.force_login(user)
    client.cookies["zhike-language"] = language
    return client


def _words(client: Client, address: str) -> str:
    """What a reader sees of a page, blanks made single."""
    answer = client.get(address)
    assert answer.status_code == 200, answer
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    bare = re.sub(r"<script.*?</script>|<[^>]+>", " ", main[0], flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(bare))


def the_overview_as_counted_by_hand() -> None:
    words = _words(_inside(), "/")
    assert "数据截至 2026-06-30" in words
    assert "¥3.00 万" in words  # 20 customers × 15 purchases of ¥100
    assert "2026-06-01 – 2026-06-30" in words
    assert "大众 30 100.0 %" in words
    assert "活跃 20 66.7 %" in words
    assert "small 1 1,300 1,298 2 平" in words
    english = _words(_inside(language="en"), "/")
    assert "¥30.0 K" in english
    assert "Mass 30 100.0 %" in english
    assert "Balanced" in english


def the_customer_page_as_counted_by_hand() -> None:
    words = _words(_inside(), _CUSTOMER)
    assert "近90天消费额 ¥4,500" in words
    assert "存款余额 —" in words  # nothing known is not zero
    assert "张**" in words
    assert "账单分期" in words
    assert 'a "quoted" \\ purpose' in words
    assert "首刷礼 不可用" in words
    assert "近90天首要消费类别 日用食品" in words
    assert "近90天日用食品消费额 ¥4,500" in words  # folded among the classes of merchants
    assert re.search(r"全部指标（\d{3}） .*用卡习惯 \d+ 项有值 .*分类消费 \d+ 项有值 ", words)
    assert "Spend, 90 days ¥4,500" in _words(_inside(language="en"), _CUSTOMER)


def nobody_sees_an_identity_in_clear_on_a_page() -> None:
    for role in ROLES:
        client = _inside(role)
        for address in ("/", _CUSTOMER, "/customers/", f"{_CUSTOMER}timeline/?more=1"):
            body = client.get(address).content.decode()
            assert [value for value in _CLEAR if value in body] == [], f"{role} {address}"


def a_reveal_shows_one_field_and_writes_one_entry() -> None:
    answer = _inside("service_agent").post(
        f"{_CUSTOMER}reveal/", {"field": "phone", "purpose": "complaint", "note": "case 17"}
    )
    body = answer.content.decode()
    assert [value for value in _CLEAR if value in body] == ["13812345670"]
    (entry,) = entries(action="identity.reveal")
    assert (entry.actor_name, entry.outcome, entry.object_id) == ("service_agent", "done", customer_id(0))
    assert (entry.purpose, entry.detail) == ("complaint: case 17", {"field": "phone"})


def count_and_list_are_of_one_snapshot() -> None:
    client = _inside()
    words = _words(client, "/customers/?expression=stage = 'active'")
    snapshot = re.search(r"20 客户 截至 2026-06-30 · 数据版本 (\w{8})", words)
    assert snapshot
    assert len(re.findall(r" 0000000000\d\d ", words)) == 20
    counted = client.get("/customers/count/?expression=stage = 'active'").content.decode()
    assert snapshot[1] in counted


def a_faulty_condition_is_shown_where_it_is_faulty() -> None:
    answer = _inside().get("/customers/?expression=stage = 'active' and spendd > 3")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "条件有误：第 22 个字符" in body
    assert "<mark>spendd</mark>" in body
    assert "<table" not in body
    faulty = ("stage = 'active' and spendd > 3", "stage = 5", "select 1 from x", "(" * 500, "a" * 4001)
    for address, expression in product(("/customers/", "/customers/count/"), faulty):
        shown = _inside().get(address, {"expression": expression}).content.decode()
        read = html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", " | ", shown, flags=re.S))
        assert not latin_sentence(read), f"{address} {expression[:40]}"
    assert "there is no column 'spendd'" in html.unescape(
        _inside(language="en").get("/customers/?expression=spendd > 3").content.decode()
    )


_EVIL = ["1; drop table x", "<script>alert(1)</script>", "(" * 500, "stage = 'a'--", "\x01"]


def an_evil_condition_is_only_a_faulty_one() -> None:
    client = _inside()
    for address, expression in product(("/customers/", "/customers/count/"), _EVIL):
        answer = client.get(address, {"expression": expression})
        assert answer.status_code == 200
        assert "条件有误" in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()


def columns_are_chosen_and_unknown_ones_ignored() -> None:
    body = _words(_inside(), "/customers/?column=age_years&column=birth_date&column=nonsense")
    assert "客户 年龄 000000000000" in body


def search_by_equality() -> None:
    client = _inside("service_agent")
    for text in ("13812345670", "张小明", "C0000"):
        answer = client.post("/search/", {"text": text})
        assert (answer.status_code, answer["Location"]) == (302, _CUSTOMER), text
    for text in ("1381234", "张", "%", "' or 1=1 --", "x" * 5000, ""):
        answer = client.post("/search/", {"text": text})
        assert answer.status_code in (200, 400), text
        assert customer_id(0) not in answer.content.decode()


def a_stranger_to_the_bank_is_not_found() -> None:
    answer = _inside().get(f"/customers/{customer_id(999)}/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


# Publishing costs seconds, so a test runs several checks on one publication.
_CHECKS = {
    "pages": (
        the_overview_as_counted_by_hand,
        the_customer_page_as_counted_by_hand,
        columns_are_chosen_and_unknown_ones_ignored,
        a_stranger_to_the_bank_is_not_found,
    ),
    "conditions": (
        count_and_list_are_of_one_snapshot,
        a_faulty_condition_is_shown_where_it_is_faulty,
        an_evil_condition_is_only_a_faulty_one,
    ),
    "people": (
        nobody_sees_an_identity_in_clear_on_a_page,
        a_reveal_shows_one_field_and_writes_one_entry,
        search_by_equality,
    ),
}


@pytest.mark.parametrize("about", _CHECKS)
def test_the_published_bank(published: None, about: str) -> None:
    for check in _CHECKS[about]:
        check()


@pytest.mark.parametrize(
    ("address", "first", "old", "new"),
    [
        ("/", "freshness", ["¥3.00 万", "大众 30 100.0 %"], "¥3.01 万"),
        (_CUSTOMER, "customer_get", ["近30天消费额 ¥1,500", "2026-06 ¥1,500"], "2026-06 ¥1,600"),
    ],
)
def test_a_page_is_of_one_publication(
    published: None, monkeypatch: pytest.MonkeyPatch, address: str, first: str, old: list[str], new: str
) -> None:
    """The publication flips after the page's first read: customer 0 made another purchase of ¥100."""
    actor, before = system_actor(), Publication.objects.values("number", "snapshot").get()
    small_bank.become(1)
    actions.view_publish(actor)
    after = Publication.objects.values("number", "snapshot").get()
    Publication.objects.update(**before)
    read = getattr(queries, first)

    def read_then_flipped(*arguments: Any, **named: Any) -> Any:
        found = read(*arguments, **named)
        Publication.objects.update(**after)
        return found

    monkeypatch.setattr(queries, first, read_then_flipped)
    words = _words(_inside(), address)
    assert [each for each in old if each not in words] == [], words
    assert new not in words
    assert new in _words(_inside(), address)
