"""Who signs for whom: delegations and covers lend a right for a time, never on, never back to who asks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from approving import acting, asked_for, made_kind, sign, user
from django.db import IntegrityError

from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound
from zhike.operations.approvals import delegations, queries, rights, seeing, signing
from zhike.operations.approvals.delegations import delegation_begin, delegation_end
from zhike.operations.approvals.models import Delegation
from zhike.operations.governance.acting import transaction_to_write
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import cover_begin, today
from zhike.operations.governance.models import AuditEntry, User

pytestmark = pytest.mark.django_db
RIGHT = {"ask": "make_request", "sign": "manage_users"}


@pytest.fixture
def maker(db: None):
    return user("lin")


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rights, seeing, delegations, queries):
        monkeypatch.setattr(module, "today", lambda: day)


def in_a_week() -> date:
    return today() + timedelta(days=7)


def lend(delegator, delegate: str, kind: str = "sending") -> int:
    return delegation_begin(delegator, delegate=delegate, kind=kind, valid_from=today(), valid_to=in_a_week())


def written_by(actor, **row) -> None:
    """A delegation as code that asks nothing would write it."""
    with transaction_to_write(actor):
        seeing.kinds_seen(actor)
        Delegation.objects.create(**row)


def test_a_delegate_signs_in_the_place_of_who_holds_the_right(maker) -> None:
    wu, sun = user("wu"), user("sun", "marketer")
    with made_kind(**RIGHT) as bench:
        number = asked_for(maker)
        with pytest.raises(NotFound):
            sign(sun, number)
        lend(wu, "sun")
        assert [row.id for row in queries.request_list(sun)] == [number]
        assert sign(sun, number).state == "applied"
        signed = queries.request_get(maker, number).signatures[0]
        assert (signed.checker, signed.on_behalf_of) == ("sun", "wu")
        assert len(bench.done) == 1
    entry = AuditEntry.objects.get(action="approval.sign")
    assert (entry.actor_name, entry.on_behalf_of) == ("sun", "wu")


def test_a_delegation_of_another_kind_lends_nothing(maker) -> None:
    wu, sun = user("wu"), user("sun", "marketer")
    with made_kind(**RIGHT):
        lend(wu, "sun", kind="role_change")
        with pytest.raises(NotFound):
            sign(sun, asked_for(maker))
        lend(wu, "sun", kind="")
        assert queries.waiting_count(sun) == 1, "every kind is this one too"


def test_what_the_maker_lends_signs_nothing_of_the_makers(maker) -> None:
    sun = user("sun", "marketer")
    with made_kind(**RIGHT):
        lend(maker, "sun")
        number = asked_for(maker)
        with pytest.raises(Forbidden, match="You may not sign"):
            sign(sun, number)
        assert queries.request_list(sun) == []
        wu = user("wu")
        lend(wu, "sun")
        assert sign(sun, number).state == "applied", "another's right does"


def test_a_delegate_signs_nothing_of_their_own(maker) -> None:
    sun = user("sun", "marketer")
    with made_kind(**RIGHT):
        lend(maker, "sun")
        with pytest.raises(Forbidden, match="asked for themselves"):
            sign(sun, asked_for(sun))


def test_what_is_lent_is_not_lent_on(maker) -> None:
    wu, sun, qian = user("wu"), user("sun", "marketer"), user("qian", "marketer")
    with made_kind(**RIGHT):
        lend(wu, "sun")
        with pytest.raises(Forbidden, match="not lent on"):
            lend(sun, "qian")
        # Nor by a row that some other code wrote.
        written_by(sun, delegator="sun", delegate="qian", kind="", valid_from=today(), valid_to=in_a_week())
        with pytest.raises(NotFound):
            sign(qian, asked_for(maker))
        cover_begin(system_actor(), user="qian", covers="sun", valid_from=today(), valid_to=in_a_week())
        with pytest.raises(NotFound):
            sign(acting("qian"), asked_for(maker))


def test_the_right_of_who_delegates_must_hold_on_the_day(maker) -> None:
    wu, sun = user("wu"), user("sun", "marketer")
    with made_kind(**RIGHT):
        lend(wu, "sun")
        number = asked_for(maker)
        for change in ({"role": "analyst"}, {"role": "administrator", "is_active": False}):
            User.objects.filter(username="wu").update(**change)
            with pytest.raises(NotFound):
                sign(sun, number)
        User.objects.filter(username="wu").update(is_active=True)
        assert sign(sun, number).state == "applied"


def test_a_delegation_holds_from_its_first_day_until_its_last(maker, monkeypatch: pytest.MonkeyPatch) -> None:
    wu, sun = user("wu"), user("sun", "marketer")
    with made_kind(**RIGHT):
        number = asked_for(maker)
        first, end = today() + timedelta(days=1), in_a_week()
        delegation_begin(wu, delegate="sun", kind="", valid_from=first, valid_to=end)
        for day, holds in ((first - timedelta(days=1), 0), (first, 1), (end - timedelta(days=1), 1), (end, 0)):
            on(day, monkeypatch)
            assert queries.waiting_count(sun) == holds, day
        with pytest.raises(NotFound):
            sign(sun, number)


def test_a_delegation_is_taken_back(maker) -> None:
    wu, sun = user("wu"), user("sun", "marketer")
    with made_kind(**RIGHT):
        number = lend(wu, "sun")
        assert [one.own for one in queries.delegation_list(wu)] == [True]
        assert [one.own for one in queries.delegation_list(sun)] == [False]
        assert queries.delegation_list(user("qian", "marketer")) == []
        with pytest.raises(NotFound):
            delegation_end(sun, delegation_id=number)
        delegation_end(wu, delegation_id=number)
        assert queries.delegation_list(wu) == []
        with pytest.raises(NotFound):
            sign(sun, asked_for(maker))
        with pytest.raises(NotFound, match="no such delegation"):
            delegation_end(wu, delegation_id=number)


def test_what_cannot_be_delegated(maker) -> None:
    user("sun", "marketer")
    user("teller", "teller")
    cases = (
        ({"valid_to": today()}, BadInput, "ends after it begins"),
        ({"valid_from": today() - timedelta(days=1)}, BadInput, "begins today or later"),
        ({"valid_to": today() + timedelta(days=93)}, BadInput, "92 days"),
        ({"delegate": "lin"}, BadInput, "to themselves"),
        ({"delegate": "nobody"}, BadInput, "no such active user"),
        ({"delegate": "teller"}, BadInput, "no approvals"),
        ({"kind": "nothing"}, NotFound, "Unknown kind"),
    )
    for changed, fault, said in cases:
        asked = {"delegate": "sun", "kind": "", "valid_from": today(), "valid_to": in_a_week()} | changed
        with pytest.raises(fault, match=said):
            delegation_begin(maker, **asked)
    with pytest.raises(Forbidden, match="not lent on"):
        lend(user("qian", "marketer"), "sun", kind="role_change")


def test_the_database_refuses_a_delegation_without_an_end_in_sight(maker) -> None:
    row = {"delegator": "lin", "delegate": "sun", "kind": "", "valid_from": today(), "valid_to": in_a_week()}
    for wrong in (
        {"valid_to": today() + timedelta(days=93)},
        {"valid_to": today() - timedelta(days=1)},
        {"delegate": "lin"},
    ):
        with pytest.raises(IntegrityError):
            written_by(maker, **(row | wrong))


def test_one_right_does_not_sign_twice(maker) -> None:
    wu, sun = user("wu"), user("sun", "marketer")
    with made_kind(**RIGHT, signatures=2) as bench:
        lend(wu, "sun")
        first, second = asked_for(maker), asked_for(maker)
        sign(wu, first)
        with pytest.raises(Conflict, match="The right of wu stands behind another signature"):
            sign(sun, first)
        sign(sun, second)
        with pytest.raises(Conflict, match="The right of wu"):
            sign(wu, second)
        assert bench.done == []


def test_a_cover_signs_with_the_right_of_who_is_away_but_not_the_makers(maker) -> None:
    user("wu")
    user("sun", "marketer")
    with made_kind(**RIGHT):
        number = asked_for(maker)
        cover_begin(system_actor(), user="sun", covers="lin", valid_from=today(), valid_to=in_a_week())
        with pytest.raises(Forbidden, match="You may not sign"):
            sign(acting("sun"), number)
        cover_begin(system_actor(), user="sun", covers="wu", valid_from=today(), valid_to=in_a_week())
        assert sign(acting("sun"), number).state == "applied"
        assert queries.request_get(maker, number).signatures[0].on_behalf_of == "wu"


def test_a_key_a_job_and_an_assistant_sign_nothing(maker) -> None:
    wu = user("wu")
    with made_kind(**RIGHT):
        number = asked_for(maker)
        for kind in ("key", "job", "assistant"):
            with pytest.raises(Forbidden, match="in person"):
                sign(replace(wu, kind=kind), number)
        by_key = replace(maker, kind="key", name="nightly key", on_behalf_of="wu")
        asked = asked_for(by_key)
        assert queries.request_get(wu, asked).row.maker == "wu", "behind a key stands who it acts for"
        with pytest.raises(Forbidden, match="asked for themselves"):
            sign(wu, asked)


def test_a_right_that_ends_while_one_waits_for_the_lock_signs_nothing(maker, monkeypatch: pytest.MonkeyPatch) -> None:
    wu, sun = user("wu"), user("sun", "marketer")
    with made_kind(**RIGHT) as bench:
        number, given = asked_for(maker), lend(wu, "sun")
        hand = signing._hand(sun, number)
        delegation_end(wu, delegation_id=given)
        monkeypatch.setattr(signing, "_hand", lambda actor, request_id: hand)
        with pytest.raises(Forbidden, match="You may not sign"):
            sign(sun, number)
        assert bench.done == []
