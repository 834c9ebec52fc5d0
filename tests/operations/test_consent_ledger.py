"""What holds of a consent, against a plain model: random ledgers, random files, the pure rules and the real tables."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from operations import consent_model as model
from operations.consent_model import Word
from small_bank import customer_id

from zhike.operations.contact import ledger, reading
from zhike.operations.contact.ledger import ALL, MEANS, Statement
from zhike.operations.contact.models import Consent
from zhike.operations.governance.acting import action, transaction_of
from zhike.operations.governance.actors import system_actor

CHANNELS = (*MEANS, ALL)
ZONE = "Asia/Shanghai"
BEGIN = datetime(2026, 1, 30, 16, tzinfo=UTC)  # the first instant of a bank-local day, at the end of a month
DAYS = 5

_channel = st.sampled_from(("sms", "phone", ALL))
_hours = st.integers(0, DAYS * 24 - 1)


@st.composite
def ledgers(draw: Any) -> list[Word]:
    """Statements in the order in which they were written, said at any time."""
    found = []
    for number in range(draw(st.integers(0, 7))):
        hour, agreed = draw(_hours), draw(st.booleans())
        expires = draw(st.none() | st.integers(hour + 1, DAYS * 24 + 24)) if agreed else None
        found.append(Word(draw(_channel), agreed, hour // 24, hour, expires, number))
    return found


@st.composite
def files(draw: Any) -> list[Word]:
    """At most one statement a channel: what the view of a day holds."""
    chosen = draw(st.sets(_channel))
    return [Word(channel, draw(st.booleans()), draw(st.integers(0, DAYS - 1))) for channel in sorted(chosen)]


def _row(words: list[Word]) -> dict[str, Any]:
    first = date(2026, 1, 31)
    return {f"consent_{word.channel}": int(word.given) for word in words} | {
        f"consent_{word.channel}_on": first + timedelta(days=word.day) for word in words
    }


def _latest(words: list[Word]) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for word in words:
        at = BEGIN + timedelta(hours=word.hour or 0)
        ends = BEGIN + timedelta(hours=word.expires) if word.expires is not None else None
        said = ledger.of_ledger(word.given, at, word.number, ends, ZONE)
        found[word.channel] = ledger.later(found.get(word.channel), said) or said
    return found


@settings(max_examples=400, deadline=None)
@given(ledgers(), files(), st.integers(0, DAYS * 24 + 30))
def test_every_state_is_the_models(written: list[Word], told: list[Word], now_hour: int) -> None:
    held = ledger.marketing(_row(told), _latest(written), BEGIN + timedelta(hours=now_hour), CHANNELS)
    words = [*written, *told]
    assert {channel: each.state for channel, each in held.items()} == {
        channel: model.state(words, channel, now_hour) for channel in CHANNELS
    }


@settings(max_examples=200, deadline=None)
@given(ledgers(), files(), st.integers(0, DAYS * 24 + 30))
def test_what_is_laid_over_the_view_is_what_holds(written: list[Word], told: list[Word], now_hour: int) -> None:
    """The decision reads a channel's own column, else that for all: with the ledger laid over, it reads what holds."""
    row = _row(told)
    said = {("marketing", channel, ""): each for channel, each in _latest(written).items()}
    laid = {**row, **reading.overlay(row, said, BEGIN + timedelta(hours=now_hour))}
    words = [*written, *told]
    states = {channel: model.state(words, channel, now_hour) for channel in CHANNELS}
    for channel in CHANNELS if written else ():
        column = laid.get(f"consent_{channel}")
        read = laid.get("consent_all") if column is None else column
        assert read == {"given": 1, "unknown": None}.get(states[channel], 0), channel
    if written:
        agreed = "given" if "given" in states.values() else "withdrawn"
        assert laid["marketing_consent"] == agreed
    else:
        assert laid == row


_keys = count()


@action(permission="record_consent", audit="consent.write")
def write(actor: Any, *, customer: str, words: list[Word]) -> None:
    """The rows themselves, in the order written: the actions would refuse some of these."""
    for word in words:
        Consent.objects.create(
            customer_id=customer, purpose="marketing", channel=word.channel, given=word.given, source="call",
            wording_version="v1", said_by="customer", recorded_by="staff:test", asked="",
            effective_at=BEGIN + timedelta(hours=word.hour or 0), key=f"key-{next(_keys):08d}",
            expires_at=BEGIN + timedelta(hours=word.expires) if word.expires is not None else None,
        )  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(ledgers(), files(), st.integers(0, DAYS * 24 + 30))
def test_the_table_tells_the_same(written: list[Word], told: list[Word], now_hour: int) -> None:
    """Through the rows as they are written, in any order of what was said when."""
    number = next(_keys)
    customer = customer_id(1_000 + number)
    actor = system_actor()
    write(actor, customer=customer, words=written)
    with transaction_of(actor):
        said = reading.latest(actor, [customer]).get(customer, {})
    by_channel = {channel: each for (_, channel, _), each in said.items()}
    held = ledger.marketing(_row(told), by_channel, BEGIN + timedelta(hours=now_hour), CHANNELS)
    words = [*written, *told]
    assert {channel: each.state for channel, each in held.items()} == {
        channel: model.state(words, channel, now_hour) for channel in CHANNELS
    }
