"""Logs carry fields of the list only, and nothing that a person wrote or is called."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from interfaces.logging_in import signed_in

from zhike.interfaces import logs
from zhike.operations.customers import queries

PERSONAL = ("张小明", "13812345678", "11010119900101123X")


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What would have gone to standard error."""
    root, written = logging.getLogger(), io.StringIO()
    kept = (root.handlers, root.level)
    monkeypatch.setattr(logs.sys, "stderr", written)
    logs.configure()
    yield written
    root.handlers, root.level = kept


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_only_fields_of_the_list(stream: io.StringIO) -> None:
    structlog.get_logger("zhike.test").info("published", snapshot="abc", phone=PERSONAL[1], customer=PERSONAL[0])
    (line,) = lines(stream)
    assert (line["event"], line["snapshot"], line["dropped_fields"]) == ("published", "abc", 2)
    assert not any(value in stream.getvalue() for value in PERSONAL)


def test_what_libraries_fill_in_is_left_out(stream: io.StringIO) -> None:
    logging.getLogger("django.security").warning(
        "refused %s of %s", PERSONAL[2], PERSONAL[0], extra={"who": PERSONAL[0]}
    )
    (line,) = lines(stream)
    assert line["event"] == "refused %s of %s"
    assert not any(value in stream.getvalue() for value in PERSONAL)


def test_an_exception_says_its_kind_and_place_only(stream: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot parse {PERSONAL[1]}")
    except ValueError:
        logging.getLogger("zhike.test").exception("broke")
        structlog.get_logger("zhike.test").exception("broke")
    for line in lines(stream):
        assert str(line["exception"]).startswith("ValueError at ")
    assert len(lines(stream)) == 2
    assert not any(value in stream.getvalue() for value in PERSONAL)


@pytest.mark.django_db
def test_a_fault_of_the_web_is_one_line_that_names_its_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the logging that Django set up from the settings, untouched."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"cannot read {PERSONAL[1]}")

    handlers = [one for one in logging.getLogger().handlers if one.filters == [logs._without_arguments]]
    assert len(handlers) == 1, "Django did not set up logging by logs.configure"
    written = io.StringIO()
    monkeypatch.setattr(handlers[0], "stream", written)
    monkeypatch.setattr(queries, "customer_search", broken)
    client = signed_in("lin", "administrator", raise_request_exception=False)
    assert client.post(f"/search/?{PERSONAL[1]}", {"text": PERSONAL[1]}).status_code == 500
    (line,) = lines(written)
    assert (line["level"], line["route"], line["method"], line["status"]) == ("error", "search/", "POST", 500)
    assert str(line["exception"]).startswith("ValueError at ")
    assert not any(value in written.getvalue() for value in PERSONAL)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("call 13812345678", "call 138****5678"),
        ("１３８ 1234 5678", "138****5678"),
        ("138\u200b1234\u20605678", "138****5678"),
        ("id 11010119900101123X", "id 1****************X"),
        ("card 4111 1111 1111 1111", "card 411111******1111"),
        ("mail ming@example.com", "mail m**@example.com"),
        (13812345678, "138****5678"),
    ],
)
def test_a_number_in_an_allowed_field_is_masked(stream: io.StringIO, typed: object, shown: str) -> None:
    structlog.get_logger("zhike.test").info("refused", reason=typed, rows=12)
    logging.getLogger("zhike.test").warning("refused: %s", typed)
    first, second = lines(stream)
    assert (first["reason"], first["rows"]) == (shown, 12)
    assert second["event"] == f"refused: {shown}"
    assert str(typed) not in stream.getvalue()
