"""Complaints and their files in the console, the API and the command line: who sees what, what an answer carries."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from operations.file_samples import REFUSED, SAMPLES
from small_bank import customer_id

from zhike.operations.files import actions as files
from zhike.operations.files import blobs, limits
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import membership_begin, today
from zhike.operations.governance.models import AuditEntry, User
from zhike.operations.service import actions

SYSTEM = system_actor()
SAID = "柜员态度恶劣，请回电 13812345678"
USERS = {
    "su": "service_supervisor", "officer": "consumer_protection_officer", "agent": "service_agent",
    "zhou": "teller", "wang": "teller", "chief": "executive",
}  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _published(published_bank: None) -> None:
    return


@pytest.fixture(autouse=True)
def _people(db: None) -> Iterator[None]:
    User.objects.bulk_create(User(username=user, password="!", role=role) for user, role in USERS.items())
    membership_begin(SYSTEM, user="zhou", branch_id=10, valid_from=today())
    membership_begin(SYSTEM, user="wang", branch_id=20, valid_from=today())
    yield
    for digest in list(blobs.standing()):
        blobs.remove(digest)


def inside(user: str, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=user))
    client.cookies["zhike-language"] = language
    return client


def take(number: int | None = 0, **other: Any) -> str:
    given = {"channel": "phone", "cause": "conduct", "text": SAID, **other}
    return actions.complaint_take(SYSTEM, customer_id=None if number is None else customer_id(number), **given)


def words(answer: Any) -> str:
    bare = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(bare))


def attached(complaint: str, name: str = "note.txt", content: bytes = SAMPLES["note.txt"]) -> str:
    kept = files.file_keep(SYSTEM, content=[content], name=name, owner_type="complaint", owner_id=complaint)
    return f"/files/{kept}/"


def test_taken_in_handled_and_closed_in_the_console() -> None:
    agent, officer = inside("agent"), inside("officer")
    page = agent.get("/new-complaint/", {"customer": customer_id(0)})
    assert customer_id(0) in page.content.decode()
    form = {
        "customer": customer_id(0), "channel": "phone", "cause": "fees", "severity": "serious", "text": SAID,
        "received_at": "", "about": "zhou", "by_regulator": "1",
    }  # fmt: skip
    taken = agent.post("/new-complaint/", form)
    assert taken.status_code == 302
    place = taken.headers["Location"]
    listed = words(officer.get("/complaints/?which=regulator"))
    assert "15 days left" in listed
    assert "Serious" in listed

    def act(name: str, seen: str, **values: str) -> int:
        return officer.post(f"{place}{name}/", {"seen": seen, **values}).status_code

    assert act("accept", "received") == 302
    assert act("accept", "received") == 409, "it has moved on"
    assert act("assign", "accepted", handler="officer") == 302
    assert act("extend", "in_progress", clock="complex") == 302
    assert act("extend", "in_progress", clock="special") == 403, "only by an approval"
    assert act("answer", "in_progress", outcome="upheld", text=" ") == 400
    assert act("answer", "in_progress", outcome="upheld", text="已退还") == 302
    assert act("close", "answered") == 302
    shown = words(officer.get(place))
    for said in ("Closed", "Upheld", "Time extended", "officer"):
        assert said in shown
    assert agent.post(f"{place}review/", {"seen": "closed", "text": "不满意"}).status_code == 302
    assert "Under review" in words(officer.get(place))


def test_the_text_is_read_for_a_purpose_and_stands_in_no_page() -> None:
    complaint = take()
    officer, place = inside("officer"), f"/complaints/{complaint}/"
    page = officer.get(place).content.decode()
    assert "13812345678" not in page
    text_id = re.search(r'name="text" value="(\d+)"', page)[1]
    refused = officer.post(f"{place}read/", {"text": text_id, "purpose": "other"})
    assert (refused.status_code, "13812345678" in refused.content.decode()) == (400, False)
    read = officer.post(f"{place}read/", {"text": text_id, "purpose": "handle"})
    assert SAID in read.content.decode()
    assert read.headers["Cache-Control"] == "no-store"
    for text in ("0", "x", "9" * 30, "9" * 5_000, ""):
        assert officer.post(f"{place}read/", {"text": text, "purpose": "handle"}).status_code == 400
    agent = inside("agent")
    assert "Read" not in words(agent.get(place)).split("Texts")[1].split("Steps")[0]
    assert agent.post(f"{place}read/", {"text": text_id, "purpose": "handle"}).status_code == 403


def test_whom_it_is_about_finds_nothing() -> None:
    complaint = take(about="zhou")
    file = attached(complaint)
    zhou = inside("zhou")
    for address in (f"/complaints/{complaint}/", file):
        assert zhou.get(address).status_code == 404
    assert complaint not in zhou.get("/complaints/?which=all").content.decode()
    assert zhou.get(f"/api/v1/complaints/{complaint}").status_code == 404
    assert zhou.post(f"/complaints/{complaint}/read/", {"text": "1", "purpose": "handle"}).status_code == 404
    assert "Open complaint" in words(zhou.get(f"/customers/{customer_id(0)}/")), "and yet no selling"
    with_file = inside("officer").get(f"/complaints/{complaint}/")
    assert file in with_file.content.decode()


def test_another_branch_finds_nothing() -> None:
    complaint = take()
    file = attached(complaint)
    wang = inside("wang")
    assert wang.get(f"/complaints/{complaint}/").status_code == wang.get("/complaints/C2026-999999/").status_code == 404
    assert wang.get(file).status_code == wang.get(f"/files/{customer_id(99)}/").status_code == 404
    assert wang.get("/files/../../etc/passwd/").status_code == 404
    assert wang.post("/new-complaint/", {"customer": customer_id(0), "text": "x", "channel": "phone", "cause": "fees",
                                         "severity": "ordinary"}).status_code == 404  # fmt: skip
    assert inside("chief").get("/complaints/").status_code == 403
    assert inside("chief").get(file).status_code == 403
    assert Client().get(file).status_code == 302


def test_a_file_is_answered_as_an_attachment_of_its_own_type() -> None:
    complaint = take()
    name = 'a"b;<img src=x onerror=alert(1)>张.txt'
    address = attached(complaint, name, b"<script>alert(1)</script>")
    officer = inside("officer")
    page = officer.get(f"/complaints/{complaint}/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    answer = officer.get(address)
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''a%22b%3B%3Cimg%20src")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["Cache-Control"] == "no-store"
    with transaction_of(SYSTEM):
        read = AuditEntry.objects.filter(action="file.read", actor_name="officer").get()
    assert f"/files/{read.object_id}/" == address


def test_what_is_uploaded_is_kept_or_told_why_not() -> None:
    complaint = take()
    officer, place = inside("officer"), f"/complaints/{complaint}/attach/"

    def upload(name: str, content: bytes) -> Any:
        return officer.post(place, {"file": SimpleUploadedFile(name, content, content_type="image/png")})

    assert upload("来信.pdf", SAMPLES["scan.pdf"]).status_code == 302
    assert "来信.pdf" in words(officer.get(f"/complaints/{complaint}/"))
    wrong = upload(*REFUSED["a page named as a picture"])
    assert (wrong.status_code, "are not stored" in words(wrong)) == (400, True)
    assert officer.post(place, {}).status_code == 400
    large = upload("big.txt", b"a" * (limits.FILE_BYTES + 128 * 1024))
    assert (large.status_code, "over 20 MB" in words(large)) == (400, True)


def test_the_api_takes_and_tells() -> None:
    agent = inside("agent")
    intake = {"channel": "phone", "cause": "fees", "text": SAID, "about": "zhou"}

    def post(number: int, **other: str) -> Any:
        address = f"/api/v1/customers/{customer_id(number)}/complaints"
        return agent.post(address, json.dumps({**intake, **other}), content_type="application/json")

    taken = post(0)
    assert taken.status_code == 200
    number = taken.json()["complaint_id"]
    told = agent.get(f"/api/v1/complaints/{number}")
    assert (told.json()["state"], told.json()["days_left"]) == ("received", 15)
    assert "13812345678" not in told.content.decode()
    assert "about" not in told.json()
    listed = agent.get("/api/v1/complaints?which=open").json()
    assert ([row["complaint_id"] for row in listed["complaints"]], listed["counts"]["open"]) == ([number], 1)
    for refused in (post(0, channel="fax"), post(0, about="nobody"), post(0, text=""), post(0, text="x" * 4_001)):
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_input")
    wang = inside("wang")
    foreign = wang.post(
        f"/api/v1/customers/{customer_id(0)}/complaints", json.dumps(intake), content_type="application/json"
    )
    assert foreign.status_code == 404
    assert inside("chief").post(f"/api/v1/customers/{customer_id(0)}/complaints").status_code == 403
    zhou, form = inside("zhou"), f"/new-complaint/?customer={customer_id(0)}"
    assert (zhou.get(form).status_code, wang.get(form).status_code) == (200, 404)


def test_an_upload_never_lies_in_clear_on_disk() -> None:
    """The parser of forms has one handler, and it keeps to memory."""
    from django.conf import settings as django

    assert django.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    assert django.FILE_UPLOAD_MAX_MEMORY_SIZE > limits.FILE_BYTES
