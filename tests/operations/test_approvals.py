"""Requests from draft to end: effect shown and moved, edits that void, what fails, what expires."""

import pytest
from approving import acting, asked_for, made_kind, sign, user

from zhike.core.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from zhike.core.text import Text
from zhike.operations.approvals import actions, queries
from zhike.operations.approvals.payload import digest
from zhike.operations.approvals.signing import effect_now, request_refuse, signer_of
from zhike.operations.governance import actions as governance
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import AuditEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(db: None):
    return user("lin")


@pytest.fixture
def checker(db: None):
    return user("wu")


def state(number: int) -> str:
    return queries.request_get(system_actor(), number).row.state


def trail(action: str) -> list[AuditEntry]:
    with transaction_of(system_actor()):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_what_one_asks_for_another_signs_and_it_is_done_once(maker, checker) -> None:
    with made_kind() as bench:
        number = asked_for(maker)
        assert [row.id for row in queries.request_list(checker)] == [number]
        assert queries.request_list(maker) == []
        done = sign(checker, number, remark="looked at it")
        assert (done.state, done.given, done.needed) == ("applied", 1, 1)
        assert [(text, by.maker, by.signers) for text, by in bench.done] == [("spring", "lin", ("wu",))]
        with pytest.raises(Conflict, match="is applied"):
            sign(checker, number)
        assert len(bench.done) == 1
        assert queries.waiting_count(checker) == 0
    entry = trail("approval.sign")[0]
    expected = digest("sending", 1, '{"people":100,"text":"spring"}')
    assert (entry.actor_name, entry.object_id, entry.detail["digest"]) == ("wu", str(number), expected)


def test_the_maker_cannot_sign_and_the_attempt_is_on_record(maker) -> None:
    with made_kind() as bench:
        number = asked_for(maker)
        with pytest.raises(Forbidden, match="Nobody signs what they asked for"):
            sign(maker, number)
        with pytest.raises(Forbidden):
            request_refuse(maker, request_id=number, version=1, remark="no")
        assert (state(number), bench.done) == ("open", [])
        assert [entry.actor_name for entry in trail("approval.turn_away")] == ["lin", "lin"]


def test_an_edit_voids_the_signatures_and_keeps_them(maker, checker) -> None:
    third = user("zhao")
    with made_kind(signatures=2) as bench:
        number = asked_for(maker)
        assert sign(checker, number).state == "open"
        given = {"text": "spring", "people": 5_000}
        assert actions.request_edit(maker, request_id=number, given=given, reason="for a test") == 2
        with pytest.raises(Conflict, match="version 2 now"):
            sign(third, number, version=1)
        assert sign(third, number, version=2).state == "open", "the signature of version 1 counts no more"
        assert bench.done == []
        whole = queries.request_get(maker, number)
        assert [(one.checker, one.version) for one in whole.signatures] == [("wu", 1), ("zhao", 2)]
        assert [(one.title.en, one.before, one.after) for one in whole.changes] == [("People", 100, 5_000)]
        assert sign(checker, number, version=2).state == "applied"
        assert bench.done[0][1].signers == ("zhao", "wu")
    assert trail("approval.edit")[0].detail["voided"] == 1


def test_an_edit_that_changes_nothing_is_refused(maker, checker) -> None:
    with made_kind():
        number = asked_for(maker)
        with pytest.raises(BadInput, match="Nothing was changed"):
            actions.request_edit(
                maker, request_id=number, given={"text": " spring ", "people": "100"}, reason="for  a test"
            )
        with pytest.raises(NotFound):
            actions.request_edit(checker, request_id=number, given={"text": "x", "people": 1}, reason="mine now")


def test_two_signatures_are_two_peoples(maker, checker) -> None:
    with made_kind(signatures=2) as bench:
        number = asked_for(maker)
        assert sign(checker, number).given == 1
        with pytest.raises(Conflict, match="You have signed"):
            sign(checker, number)
        assert bench.done == []
        assert queries.request_list(checker) == [], "what one has signed waits for others"


def test_a_moved_effect_must_be_confirmed(maker, checker) -> None:
    with made_kind(tolerance=0.05) as bench:
        number = asked_for(maker, people=1_000)
        bench.growth = 60
        with pytest.raises(Conflict, match=r"Now: Reaches 1,060 people\."):
            sign(checker, number)
        stale = effect_now(signer_of(checker, number), number).mark()
        bench.growth = 200
        with pytest.raises(Conflict, match="1,200 people"):
            sign(checker, number, confirmed=stale)
        with pytest.raises(BadInput, match="cannot be read"):
            sign(checker, number, confirmed="x;people=many")
        assert state(number) == "open"
        seen = effect_now(signer_of(checker, number), number).mark()
        bench.growth = 201  # a live bank moves: within the tolerance of what was confirmed
        assert sign(checker, number, confirmed=seen).state == "applied"
        whole = queries.request_get(maker, number)
        assert whole.current.effect.sentences("en") == ["Reaches 1,000 people."]
        assert whole.signatures[0].effect.sentences("en") == ["Reaches 1,201 people."]


def test_a_small_move_needs_no_confirmation(maker, checker) -> None:
    with made_kind(tolerance=0.05) as bench:
        number = asked_for(maker, people=1_000)
        bench.growth = 50
        assert sign(checker, number).state == "applied"


def test_what_cannot_be_done_ends_as_failed_and_says_why(maker, checker) -> None:
    with made_kind() as bench:
        number = asked_for(maker)
        bench.fault = Conflict(Text("已有同名活动。", "There is such a campaign already."))
        done = sign(checker, number)
        assert (done.state, done.failure.en) == ("failed", "There is such a campaign already.")
        whole = queries.request_get(maker, number)
        assert whole.row.state == "failed"
        assert whole.failure.zh == "已有同名活动。"
        assert [one.checker for one in whole.signatures] == ["wu"], "who signed stays on record"
        with pytest.raises(Conflict, match="is failed"):
            sign(checker, number)
    assert trail("approval.sign")[0].detail["state"] == "failed"


@pytest.mark.parametrize("fault", [Unavailable("the gateway does not answer"), ZeroDivisionError()])
def test_a_part_that_does_not_answer_undoes_the_signature(maker, checker, fault: Exception) -> None:
    with made_kind() as bench:
        number = asked_for(maker)
        bench.fault = fault
        with pytest.raises(type(fault)):
            sign(checker, number)
        assert state(number) == "open"
        assert queries.request_get(maker, number).signatures == ()
        bench.fault = None
        assert sign(checker, number).state == "applied"


def test_what_was_begun_is_undone_when_it_fails(maker, checker) -> None:
    user("zhou", "analyst")
    number = actions.request_make(maker, kind="role_change", given={"user": "zhou", "role": "auditor"}, reason="audit")
    actions.request_open(maker, request_id=number)
    User.objects.filter(username="zhou").update(is_active=False)
    with pytest.raises(NotFound, match="no active user zhou"):
        sign(checker, number)  # the effect cannot even be told: the signer hears it, nothing is signed
    assert state(number) == "open"


def test_refusing_and_withdrawing_end_a_request(maker, checker) -> None:
    with made_kind() as bench:
        refused, withdrawn = asked_for(maker), asked_for(maker)
        with pytest.raises(BadInput, match="Say why"):
            request_refuse(checker, request_id=refused, version=1, remark=" ")
        assert request_refuse(checker, request_id=refused, version=1, remark="too many").state == "refused"
        with pytest.raises(NotFound):
            actions.request_withdraw(checker, request_id=withdrawn)
        actions.request_withdraw(maker, request_id=withdrawn)
        for number in (refused, withdrawn):
            with pytest.raises(Conflict):
                sign(checker, number)
            with pytest.raises(Conflict):
                actions.request_withdraw(maker, request_id=number)
        assert bench.done == []
        assert [row.state for row in queries.request_list(maker, "history")] == ["withdrawn", "refused"]


def test_a_draft_asks_nobody(maker, checker) -> None:
    with made_kind():
        number = actions.request_make(maker, kind="sending", given={"text": "x", "people": 1}, reason="soon")
        assert queries.request_list(checker) == []
        with pytest.raises(Conflict, match="is draft"):
            sign(checker, number)
        assert [row.state for row in queries.request_list(maker, "mine")] == ["draft"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "x"}, "People: give a value"),
        ({"text": "x", "people": "１００"}, "whole number"),
        ({"text": "x", "people": True}, "whole number"),
        ({"text": "x", "people": -1}, "whole number"),
        ({"text": "x", "people": 1.0}, "whole number"),
        ({"text": "x", "people": 10**30}, "whole number"),
        ({"text": "x" * 41, "people": 1}, "at most 40 characters"),
        ({"text": "x\ny", "people": 1}, "one line"),
        ({"text": "x", "people": 1, "state": "applied"}, "no field 'state'"),
    ],
)
def test_a_payload_is_bounded(maker, given: dict, said: str) -> None:
    with made_kind(), pytest.raises(BadInput, match=said):
        actions.request_make(maker, kind="sending", given=given, reason="why not")


def test_a_reason_is_needed(maker) -> None:
    with made_kind():
        for reason in ("", "  ", "x" * 501):
            with pytest.raises(BadInput, match="reason"):
                actions.request_make(maker, kind="sending", given={"text": "x", "people": 1}, reason=reason)


def test_a_role_changes_by_two_people_only(maker, checker) -> None:
    zhou = user("zhou", "analyst")
    with pytest.raises(Forbidden, match="second person"):
        governance.user_role_change(maker, user="zhou", role_name="administrator")
    given = {"user": "zhou", "role": "administrator"}
    with pytest.raises(Forbidden):
        actions.request_make(zhou, kind="role_change", given=given, reason="please")
    number = actions.request_make(maker, kind="role_change", given=given, reason="stands in")
    actions.request_open(maker, request_id=number)
    told = queries.request_get(maker, number).current.effect.sentences("en")
    assert told[0] == "The role of zhou changes from Analyst to Administrator."
    assert acting("zhou").roles == {"analyst"}
    assert sign(checker, number).state == "applied"
    assert acting("zhou").roles == {"administrator"}
    assert [one.outcome for one in trail("user.role_change")] == ["done"]
    with pytest.raises(Forbidden, match="second person"):
        governance.user_role_change(checker, user="zhou", role_name="analyst")
    governance.user_role_change(system_actor(), user="zhou", role_name="analyst")  # the machine's owner, on record
    assert [one.outcome for one in trail("user.role_change")] == ["done", "done"]


def test_no_administrator_makes_the_second_person_alone(maker) -> None:
    for role in ("administrator", "service_supervisor", "auditor"):
        with pytest.raises(Forbidden, match="second person"):
            governance.user_create(maker, user="second", role_name=role)
    assert governance.user_create(maker, user="second", role_name="teller")
    assert governance.user_create(system_actor(), user="first", role_name="administrator")


def test_nobody_asks_for_or_signs_what_is_about_themselves(maker, checker) -> None:
    third = user("zhao")
    with pytest.raises(Forbidden, match="about you"):
        actions.request_make(maker, kind="role_change", given={"user": "lin", "role": "auditor"}, reason="bored")
    number = actions.request_make(maker, kind="role_change", given={"user": "wu", "role": "auditor"}, reason="moves")
    actions.request_open(maker, request_id=number)
    with pytest.raises(Forbidden, match="about you"):
        sign(checker, number)
    assert queries.request_list(checker) == []
    assert sign(third, number).state == "applied"


def test_a_role_that_changed_meanwhile_must_be_looked_at_again(maker, checker) -> None:
    user("zhou", "analyst")
    number = actions.request_make(maker, kind="role_change", given={"user": "zhou", "role": "auditor"}, reason="audit")
    actions.request_open(maker, request_id=number)
    governance.user_role_change(system_actor(), user="zhou", role_name="teller")
    with pytest.raises(Conflict, match="changes from Teller to Auditor"):
        sign(checker, number)


def test_a_reason_holds_nobodys_number(maker) -> None:
    with made_kind():
        given = {"text": "spring", "people": 1}
        number = actions.request_make(maker, kind="sending", given=given, reason="as 13812345678 asked")
        assert queries.request_get(maker, number).row.reason == "as 138****5678 asked"
