"""The pages of approvals: asked for with its effect, signed by another, in both languages; nothing by GET."""

import shutil
from datetime import timedelta

import pytest
from approving import acting, asked_for, made_kind, user
from django.test import Client

from zhike.core.errors import Conflict
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.operations.approvals import actions, queries
from zhike.operations.approvals.delegations import delegation_begin
from zhike.operations.governance.actions import user_create
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import today
from zhike.operations.governance.models import User

pytestmark = pytest.mark.django_db
ROLE = {"kind": "role_change", "user": "zhou", "role": "auditor", "reason": "joins the auditors"}


@pytest.fixture
def maker(db: None) -> Client:
    return client("lin")


@pytest.fixture
def checker(db: None) -> Client:
    return client("wu")


def client(name: str, role: str = "administrator", language: str = "en") -> Client:
    if not User.objects.filter(username=name).exists():
        user(name, role)
    made = Client()
    made.force_login(User.objects.get(username=name))
    made.cookies["zhike-language"] = language
    return made


def body(answer) -> str:
    return answer.content.decode()


def test_from_the_form_to_the_change_by_two_people(maker: Client, checker: Client) -> None:
    user("zhou", "analyst")
    form = body(maker.get("/approvals/ask/?kind=role_change&user=zhou"))
    assert 'value="zhou"' in form
    made = maker.post("/approvals/ask/", ROLE)
    assert made.status_code == 302
    page = body(maker.get(made.url))
    assert "The role of zhou changes from Analyst to Auditor." in page
    assert "Draft" in page
    assert "Nothing waits for you" in body(checker.get("/approvals/"))
    maker.post(f"{made.url}change/", {"do": "open"})
    assert f'href="{made.url}"' in body(checker.get("/approvals/"))
    own = body(maker.get(made.url))
    assert "decide/" not in own, "no form to sign for who asked"
    seen = body(checker.get(made.url))
    assert "joins the auditors" in seen
    done = checker.post(f"{made.url}decide/", {"version": "1", "decision": "sign", "remark": "checked"})
    assert (done.status_code, done.url) == (302, made.url)
    page = body(checker.get(made.url))
    assert "Applied" in page
    assert "checked" in page
    assert acting("zhou").roles == {"auditor"}
    assert f'href="{made.url}"' in body(maker.get("/approvals/?list=history"))


def test_a_fault_is_told_beside_what_was_typed(maker: Client) -> None:
    user("zhou", "analyst")
    for changed, said in (
        ({"user": "nobody"}, "There is no active user nobody."),
        ({"reason": ""}, "Give the reason"),
        ({"role": "king"}, "New role: choose one of the list."),
    ):
        answer = maker.post("/approvals/ask/", ROLE | changed)
        assert answer.status_code in (400, 404)
        assert said in body(answer)
    answer = maker.post("/approvals/ask/", ROLE | {"reason": "<script>alert(1)</script>", "user": "nobody"})
    assert "<script>alert" not in body(answer)
    assert maker.get("/approvals/ask/?kind=nothing").status_code == 400
    assert queries.request_list(acting("lin"), "mine") == []


def test_the_maker_is_refused_at_the_door_of_signing(maker: Client) -> None:
    with made_kind():
        number = asked_for(acting("lin"))
        answer = maker.post(f"/approvals/{number}/decide/", {"version": "1", "decision": "sign"})
        assert answer.status_code == 403
        assert "Nobody signs what they asked for themselves." in body(answer)
        assert queries.request_get(acting("lin"), number).row.state == "open"


def test_a_moved_effect_is_shown_and_confirmed(maker: Client, checker: Client) -> None:
    with made_kind() as bench:
        number = asked_for(acting("lin"), people=1_000)
        bench.growth = 500
        answer = checker.post(f"/approvals/{number}/decide/", {"version": "1", "decision": "sign"})
        assert answer.status_code == 409
        page = body(answer)
        assert "The effect changed since it was asked for" in page
        assert "1,500" in page
        mark = page.split('name="confirmed" value="')[1].split('"')[0]
        sent = {"version": "1", "decision": "sign", "confirmed": mark}
        assert checker.post(f"/approvals/{number}/decide/", sent).status_code == 302
        assert [text for text, _ in bench.done] == ["spring"]


def test_an_edit_shows_what_changed_and_voids(maker: Client, checker: Client) -> None:
    with made_kind(signatures=2):
        number = asked_for(acting("lin"))
        checker.post(f"/approvals/{number}/decide/", {"version": "1", "decision": "sign"})
        assert 'value="spring"' in body(maker.get(f"/approvals/ask/?request={number}"))
        edited = {"request": str(number), "text": "autumn", "people": "100", "reason": "for a test"}
        assert maker.post("/approvals/ask/", edited).status_code == 302
        page = body(checker.get(f"/approvals/{number}/"))
        assert "<del>spring</del>" in page
        assert "Void: given for version 1" in page
        assert "0 of 2 signatures that count" in page
        stale = checker.post(f"/approvals/{number}/decide/", {"version": "1", "decision": "sign"})
        assert stale.status_code == 409
        assert "version 2 now" in body(stale)
        assert checker.get(f"/approvals/ask/?request={number}").status_code == 404, "another's is not edited"


def test_refusing_and_failing_are_told(maker: Client, checker: Client) -> None:
    with made_kind() as bench:
        refused, failed = asked_for(acting("lin")), asked_for(acting("lin"))
        answer = checker.post(f"/approvals/{refused}/decide/", {"version": "1", "decision": "refuse"})
        assert (answer.status_code, "Say why you refuse." in body(answer)) == (400, True)
        checker.post(f"/approvals/{refused}/decide/", {"version": "1", "decision": "refuse", "remark": "too many"})
        assert "too many" in body(maker.get(f"/approvals/{refused}/"))
        bench.fault = Conflict(Text("已有同名活动。", "There is such a campaign already."))
        checker.post(f"/approvals/{failed}/decide/", {"version": "1", "decision": "sign"})
        page = body(maker.get(f"/approvals/{failed}/"))
        assert "There is such a campaign already." in page
        assert "已有同名活动。" in body(client("lin", language="zh-hans").get(f"/approvals/{failed}/"))


def test_delegating_and_taking_back(checker: Client) -> None:
    user("sun", "marketer")
    days = {"from": today().isoformat(), "until": (today() + timedelta(days=7)).isoformat()}
    answer = checker.post("/approvals/delegate/", {"user": "nobody", "kind": "", **days})
    assert (answer.status_code, "nobody cannot take it" in body(answer)) == (400, True)
    assert checker.post("/approvals/delegate/", {"user": "sun", "kind": "role_change", **days}).status_code == 302
    page = body(checker.get("/approvals/"))
    number = page.split('name="delegation" value="')[1].split('"')[0]
    lent = body(client("sun").get("/approvals/"))
    assert "Role change" in lent
    assert 'name="delegation"' not in lent, "only who gave it takes it back"
    assert checker.post("/approvals/delegate/end/", {"delegation": number}).status_code == 302
    assert 'name="delegation"' not in body(checker.get("/approvals/"))
    assert checker.post("/approvals/delegate/end/", {"delegation": "x"}).status_code == 400


def test_a_delegate_signs_on_the_page(maker: Client) -> None:
    wu, sun = user("wu"), client("sun", "marketer")
    with made_kind(sign="manage_users"):
        number = asked_for(acting("lin"))
        assert sun.get(f"/approvals/{number}/").status_code == 404
        delegation_begin(wu, delegate="sun", kind="", valid_from=today(), valid_to=today() + timedelta(days=1))
        assert "Reaches 100 people." in body(sun.get(f"/approvals/{number}/"))
        assert sun.post(f"/approvals/{number}/decide/", {"version": "1", "decision": "sign"}).status_code == 302
        assert "for wu" in body(maker.get(f"/approvals/{number}/"))


def test_an_auditor_reads_what_only_others_may_sign(maker: Client) -> None:
    user("zhou", "analyst")
    number = int(maker.post("/approvals/ask/", ROLE).url.split("/")[2])
    actions.request_open(acting("lin"), request_id=number)
    page = body(client("auditor", "auditor").get(f"/approvals/{number}/"))
    assert "You cannot sign this one" in page
    assert "The role of zhou changes" in page


def test_who_asked_downloads_what_was_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr("zhike.operations.approvals.kinds.audit_export.today", lambda: tomorrow)
    asking, other = client("lin", "auditor"), client("wu", "auditor")
    sent = {"kind": "audit_export", "on": "zhou", "until": tomorrow.isoformat(), "reason": "yearly review"}
    user_create(system_actor(), user="zhou", role_name="analyst")
    made = asking.post("/approvals/ask/", sent).url
    asking.post(f"{made}change/", {"do": "open"})
    assert asking.post(f"{made}take/", {"file": "0"}).status_code == 404
    assert other.post(f"{made}decide/", {"version": "1", "decision": "sign"}).status_code == 302
    assert "take/" in body(asking.get(made))
    assert "take/" not in body(other.get(made))
    answer = asking.post(f"{made}take/", {"file": "0"})
    assert b'"user.create"' in b"".join(answer.streaming_content)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"signature" in b"".join(asking.post(f"{made}take/", {"file": "1"}).streaming_content)
    for wrong in ("", "2", "../0"):
        assert asking.post(f"{made}take/", {"file": wrong}).status_code == 404
    assert other.post(f"{made}take/", {"file": "0"}).status_code == 404
    shutil.rmtree(workspace().home / "exports")


def test_other_methods_and_numbers_that_are_none(maker: Client) -> None:
    with made_kind():
        number = asked_for(acting("lin"))
        for part in ("decide/", "change/"):
            assert maker.get(f"/approvals/{number}/{part}").status_code == 405
        assert maker.get("/approvals/999999/").status_code == 404
        assert maker.get("/approvals/99999999999999999999999/").status_code == 404
        assert maker.post(f"/approvals/{number}/change/", {"do": "apply"}).status_code == 400
        assert maker.post(f"/approvals/{number}/decide/", {"version": "²"}).status_code in (400, 403)
        assert client("teller", "teller").get("/approvals/").status_code == 403


@pytest.mark.parametrize("address", ["/approvals/", "/approvals/?list=mine", "/approvals/?list=history"])
def test_every_list_is_empty_in_words(maker: Client, address: str) -> None:
    assert 'class="state"' in body(maker.get(address))
    assert "审批" in body(client("lin", language="zh-hans").get(address))
