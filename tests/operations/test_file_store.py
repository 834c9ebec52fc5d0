"""The file store: framing, kinds, limits, one content kept once, who sees a file, retention, a kill in between."""

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from operations.file_samples import REFUSED, SAMPLES, png
from owning import owner
from small_bank import customer_id

from zhike.core.actor import WHOLE_BANK, Actor, Scope
from zhike.core.errors import BadInput, Conflict, Forbidden, Invariant, NotFound
from zhike.core.workspace import workspace
from zhike.operations.files import actions, blobs, framing, kinds, limits, queries
from zhike.operations.files.models import Blob, StoredFile
from zhike.operations.files.names import LONGEST, cleaned
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.governance.belonging import today
from zhike.operations.governance.models import AuditEntry, OwnKey, User
from zhike.operations.governance.roles import ROLES
from zhike.operations.service import actions as service

SYSTEM, JOB = system_actor(), job_actor("files.collect")
CUSTOMER, ELSEWHERES = customer_id(0), customer_id(2)


def _staff(name: str, role: str, scope: Scope = WHOLE_BANK) -> Actor:
    return Actor("staff", name, ROLES[role].permissions, locale="en", roles=frozenset({role}), scope=scope)


TELLER = _staff("zhou", "teller", Scope(branches=frozenset({10})))
ELSEWHERE = _staff("wang", "teller", Scope(branches=frozenset({20})))
OFFICER, AGENT = _staff("officer", "consumer_protection_officer"), _staff("agent", "service_agent")


@pytest.fixture
def people(committed: None) -> Iterator[None]:
    with owner() as cursor:
        for number, branch in ((0, 10), (2, 20)):
            cursor.execute("INSERT INTO governance_home VALUES (%s, %s)", [customer_id(number), branch])
    User.objects.bulk_create(
        User(username=each.name, password="!", role=next(iter(each.roles)))
        for each in (TELLER, ELSEWHERE, OFFICER, AGENT)
    )
    yield
    for digest in list(blobs.standing()):
        blobs.remove(digest)


def keep(
    content: bytes = SAMPLES["note.txt"],
    name: str = "note.txt",
    actor: Actor = TELLER,
    piece: int = 1_000,
    **other: str,
) -> UUID:
    pieces = (content[at : at + piece] for at in range(0, len(content), piece))
    given = {"owner_type": "customer", "owner_id": CUSTOMER, **other}
    return actions.file_keep(actor, content=pieces, name=name, **given)


def content_of(file_id: UUID, actor: Actor = TELLER) -> bytes:
    return b"".join(actions.file_open(actor, file_id=file_id)[1])


def place(file_id: UUID) -> Path:
    with transaction_of(SYSTEM):
        digest = StoredFile.objects.get(pk=file_id).blob_id
    return workspace().home / "files" / digest[:2] / digest


# Framing

KEY, FRAME = bytes(range(32)), framing.FRAME_BYTES
SIZES = st.one_of(st.integers(0, 200), st.integers(FRAME - 2, FRAME + 2), st.integers(2 * FRAME - 1, 3 * FRAME))


def _sealed(content: bytes, piece: int = 10_000) -> bytes:
    return b"".join(framing.sealed(KEY, (content[at : at + piece] for at in range(0, len(content), piece))))


def _opened(sealed: bytes, key: bytes = KEY) -> bytes:
    return b"".join(framing.opened(key, io.BytesIO(sealed)))


@settings(max_examples=60, deadline=None)
@given(SIZES, st.integers(1, FRAME * 2))
def test_what_was_sealed_is_opened_whatever_its_pieces(size: int, piece: int) -> None:
    content = os.urandom(size)
    sealed = _sealed(content, piece)
    assert _opened(sealed) == content
    assert len(sealed) == 11 + size + 16 * max(1, -(-size // FRAME))


@settings(max_examples=120, deadline=None)
@given(SIZES, st.data())
def test_any_change_is_refused(size: int, data: st.DataObject) -> None:
    sealed = bytearray(_sealed(b"\x5a" * size))
    kind = data.draw(st.sampled_from(("flip", "cut", "add", "double")))
    at = data.draw(st.integers(0, len(sealed) - 1))
    if kind == "flip":
        sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "cut":
        del sealed[at:]
    elif kind == "add":
        sealed[at:at] = data.draw(st.binary(min_size=1, max_size=40))
    else:
        sealed += sealed[11:]
    with pytest.raises(Invariant, match="refused"):
        _opened(bytes(sealed))


def test_frames_cut_at_their_edge_moved_or_of_another_file_are_refused() -> None:
    content = os.urandom(3 * FRAME + 5)
    one, other = _sealed(content), _sealed(content)
    step, head = FRAME + 16, 11

    def frames(sealed: bytes) -> list[bytes]:
        return [sealed[at : at + step] for at in range(head, len(sealed), step)]

    a, b, c, d = frames(one)
    for wrong in (
        [a, b, c], [a, b], [a], [], [b, a, c, d], [a, c, b, d], [a, a, c, d], [a, b, c, d, d], [a, b, d],
        [frames(other)[0], b, c, d],
    ):  # fmt: skip
        with pytest.raises(Invariant):
            _opened(one[:head] + b"".join(wrong))
    with pytest.raises(Invariant):
        _opened(one, bytes(32))


# Names


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\win.ini", "win.ini"),
        ("..", "file"),
        ("", "file"),
        ("身份证\u202egnp.exe", "身份证gnp.exe"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt"),
        ("  spaced   out .pdf ", "spaced out .pdf"),
        ("\u200bhidden\ufeff.png", "hidden.png"),
        ("<script>alert(1)</script>.png", "script>.png"),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("长" * 300 + ".pdf", "长" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_a_name_is_what_a_person_reads(given_name: str, kept: str) -> None:
    assert cleaned(given_name) == kept


# Kinds


def test_every_kind_comes_back_as_it_was(people: None) -> None:
    for name, content in SAMPLES.items():
        file_id = keep(content, name)
        assert content_of(file_id) == content
        row = queries.file_get(TELLER, file_id)
        assert (row.name, row.size) == (name, len(content))
        assert name.rpartition(".")[2] in kinds.KINDS[row.kind].endings
        assert content[:24] not in place(file_id).read_bytes()
        assert place(file_id).stat().st_mode & 0o777 == 0o600
    assert {row.kind for row in queries.file_list(TELLER, "customer", CUSTOMER)} == set(kinds.KINDS)


def test_what_is_not_what_it_seems_is_refused(people: None) -> None:
    accepted, said = list[str](), dict[str, str]()
    for what, (name, content) in REFUSED.items():
        try:
            keep(content, name)
            accepted.append(what)
        except BadInput as fault:
            said[what] = str(fault)
    assert accepted == []
    for what, why in (
        ("a picture named as a document", "The content is png"),
        ("a page named as a picture", "are not stored"),
        ("a picture that is a page too", "holds another format"),
        ("a picture with an archive behind", "holds another format"),
        ("a bomb", "packed as a bomb"),
        ("a macro", "an archive, a macro"),
        ("an archive in an archive", "an archive, a macro"),
        ("a part that leads up", "leads elsewhere"),
        ("entities", "declares entities"),
        ("a plain archive", "ends with .zip"),
    ):
        assert why in said[what], (what, said[what])
    assert list(blobs.standing()) == []
    assert list((workspace().home / "files" / ".incoming").iterdir()) == []
    with transaction_of(SYSTEM):
        assert (StoredFile.objects.count(), Blob.objects.count(), OwnKey.objects.count()) == (0, 0, 0)


def test_a_child_that_takes_too_long_or_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from zhike.operations.files import archives

    limited = "import resource, sys; sys.path.insert(0, %r); import archive_child; archive_child.confine(); "
    folder = str(Path(archives.__file__).parent)
    for greed in ("b'x' * 2**30", "[None for _ in iter(int, 1)]", "open('/tmp/zhike-never', 'wb').write(b'x')"):
        child = tmp_path / "child.py"
        child.write_text(limited % folder + greed)
        monkeypatch.setattr(archives, "_CHILD", child)
        monkeypatch.setattr(archives, "_SECONDS", 20)
        with pytest.raises(BadInput, match="too large"):
            archives.document_kind([b"PK\x03\x04"])


# Limits


def test_a_file_too_large_is_refused_while_it_comes(people: None) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"a" * 2**20

    with pytest.raises(BadInput, match="over 20 MB"):
        actions.file_keep(TELLER, content=endless(), name="a.txt", owner_type="customer", owner_id=CUSTOMER)
    assert taken == limits.FILE_BYTES // 2**20 + 1
    assert list((workspace().home / "files" / ".incoming").iterdir()) == []


def test_one_thing_holds_so_many_files(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OWNER_FILES", 2)
    for number in range(2):
        keep(b"note %d" % number)
    with pytest.raises(BadInput, match="At most 2 files"):
        keep(b"another")
    monkeypatch.setattr(limits, "OWNER_FILES", 50)
    monkeypatch.setattr(limits, "OWNER_BYTES", 20)
    with pytest.raises(BadInput, match="are kept with one thing"):
        keep(b"one more that is long")


# One content, once


def test_the_same_content_is_kept_once(people: None) -> None:
    one, other = keep(name="a.txt"), keep(name="b.txt")
    assert place(one) == place(other)
    assert len(list(blobs.standing())) == 1
    with transaction_of(SYSTEM):
        assert OwnKey.objects.count() == 1
    actions.file_drop(OFFICER, file_id=one, purpose="依法删除")
    assert content_of(other) == SAMPLES["note.txt"]
    actions.file_drop(OFFICER, file_id=other, purpose="依法删除")
    with transaction_of(SYSTEM):
        assert (OwnKey.objects.count(), Blob.objects.count()) == (0, 0)
    assert actions.files_collect(JOB) == {"expired": 0, "contents": 1, "abandoned": 0}
    assert list(blobs.standing()) == []


def test_the_name_on_disk_tells_nothing_of_the_content(people: None) -> None:
    import hashlib

    assert place(keep()).name != hashlib.sha256(SAMPLES["note.txt"]).hexdigest()


def test_the_same_content_many_times_at_once(people: None) -> None:
    faults, made = list[BaseException](), list[UUID]()
    together = threading.Barrier(6)

    def one() -> None:
        try:
            together.wait()
            made.append(keep(png(), "scan.png"))
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(list(blobs.standing())) == 1
    assert [content_of(file_id) for file_id in made] == [png()] * 6
    with transaction_of(SYSTEM):
        assert (OwnKey.objects.count(), StoredFile.objects.count()) == (1, 6)


_CHILD = """
import sys, django
django.setup()
from zhike.operations.files import actions
from zhike.operations.governance.actors import system_actor
actions.file_keep(system_actor(), content=[b"kept or not"], name="a.txt", owner_type="customer", owner_id=sys.argv[1])
"""


@pytest.mark.slow
@pytest.mark.parametrize("point", ["files.placed", "files.kept"])
def test_killed_between_content_and_row_leaves_only_garbage(
    point: str, people: None, child_environment: dict[str, str]
) -> None:
    environment = {**child_environment, "ZHIKE_FAILPOINT": point}
    done = subprocess.run([sys.executable, "-c", _CHILD, CUSTOMER], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(blobs.standing())) == 1
    with transaction_of(SYSTEM):
        assert (StoredFile.objects.count(), Blob.objects.count(), OwnKey.objects.count()) == (0, 0, 0)
    file_id = keep(b"kept or not", "a.txt")
    assert content_of(file_id) == b"kept or not"
    assert actions.files_collect(JOB)["contents"] == 0, "what a row names stays"
    actions.file_drop(OFFICER, file_id=file_id, purpose="依法删除")
    assert actions.files_collect(JOB)["contents"] == 1


def test_a_changed_or_exchanged_content_is_never_given(people: None) -> None:
    one, other = keep(b"the one"), keep(b"the other")
    mine, its = place(one).read_bytes(), place(other).read_bytes()
    for wrong in (its, mine[:-1], mine[:-1] + bytes([mine[-1] ^ 1]), b""):
        place(one).write_bytes(wrong)
        with pytest.raises(Invariant):
            actions.file_open(TELLER, file_id=one)
    assert content_of(other) == b"the other"


# Who sees it


def test_anothers_file_is_not_found_as_one_that_is_none(people: None) -> None:
    file_id = keep()
    missing = UUID(customer_id(999))
    for actor, wanted in ((ELSEWHERE, file_id), (TELLER, missing)):
        with pytest.raises(NotFound, match="no such file"):
            queries.file_get(actor, wanted)
        with pytest.raises(NotFound, match="no such file"):
            actions.file_open(actor, file_id=wanted)
    with pytest.raises(NotFound, match="no such customer"):
        keep(owner_id=ELSEWHERES)
    with pytest.raises(NotFound, match="no such customer"):
        queries.file_list(ELSEWHERE, "customer", CUSTOMER)
    with pytest.raises(BadInput, match="No file is kept"):
        keep(owner_type="anything")
    with pytest.raises(Forbidden):
        queries.file_get(_staff("chief", "executive"), file_id)
    assert content_of(file_id, OFFICER) == SAMPLES["note.txt"]


def test_files_of_a_complaint_follow_it(people: None) -> None:
    complaint = service.complaint_take(
        TELLER, customer_id=CUSTOMER, channel="branch", cause="conduct", text="态度差", about=None
    )
    file_id = keep(owner_type="complaint", owner_id=complaint)
    assert content_of(file_id) == content_of(file_id, OFFICER) == SAMPLES["note.txt"]
    with pytest.raises(NotFound, match="no such file"):
        content_of(file_id, AGENT)  # sees the complaint, and not what it holds
    service.complaint_name(OFFICER, complaint_id=complaint, about="zhou")
    for read in (
        lambda: content_of(file_id),
        lambda: queries.file_get(TELLER, file_id),
        lambda: queries.file_list(TELLER, "complaint", complaint),
        lambda: keep(owner_type="complaint", owner_id=complaint),
    ):
        with pytest.raises(NotFound):
            read()
    for actor, sees in ((TELLER, 0), (ELSEWHERE, 0), (OFFICER, 1)):
        with transaction_of(actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM files_storedfile")
            assert cursor.fetchone() == (sees,), f"the second lock, {actor.name}"


def test_reading_is_on_record_and_the_name_is_not(people: None) -> None:
    file_id = keep(name="张小明的身份证.txt")
    content_of(file_id)
    with transaction_of(SYSTEM):
        entries = list(AuditEntry.objects.order_by("id").values("action", "object_type", "object_id", "detail"))
    assert [entry["action"] for entry in entries] == ["file.keep", "file.read"]
    assert (entries[1]["object_type"], entries[1]["object_id"]) == ("file", str(file_id))
    assert "张小明" not in str(entries)


# How long


def test_what_is_over_its_time_goes_and_what_is_held_stays(people: None) -> None:
    over, held, within = keep(b"over"), keep(b"held"), keep(b"within", retention="letter")
    actions.file_hold(OFFICER, file_id=held, held=True, purpose="诉讼保全")
    with owner() as cursor:
        cursor.execute(
            "UPDATE files_storedfile SET keep_until = %s WHERE file_id = ANY (%s)",
            [today() - timedelta(days=1), [over, held]],
        )
    gone = place(over)
    assert actions.files_collect(JOB) == {"expired": 1, "contents": 1, "abandoned": 0}
    assert not gone.exists()
    with pytest.raises(NotFound):
        queries.file_get(TELLER, over)
    assert (content_of(held), content_of(within)) == (b"held", b"within")
    with pytest.raises(Conflict, match="legal hold"):
        actions.file_drop(OFFICER, file_id=held, purpose="依法删除")
    with pytest.raises(Forbidden):
        actions.file_drop(TELLER, file_id=within, purpose="x")
    for statement in ("DELETE FROM files_storedfile WHERE legal_hold", "UPDATE files_storedfile SET name = 'x'"):
        with owner() as cursor, pytest.raises(Exception, match=r"legal hold|never changed"):
            cursor.execute(statement)


def test_what_a_killed_process_left_is_removed_after_a_day(people: None) -> None:
    folder = workspace().home / "files" / ".incoming"
    folder.mkdir(parents=True, exist_ok=True)
    fresh, old = folder / "fresh", folder / "old"
    for path in (fresh, old):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert actions.files_collect(JOB)["abandoned"] == 1
    assert (fresh.exists(), old.exists()) == (True, False)
    fresh.unlink()


def test_the_database_knows_the_classes_of_retention(people: None) -> None:
    file_id = keep()
    assert queries.file_get(TELLER, file_id).keep_until == today() + timedelta(days=5 * 365)
    with pytest.raises(BadInput, match="There are"):
        keep(retention="for ever")
    with owner() as cursor, pytest.raises(Exception, match="file_retention"):
        cursor.execute("UPDATE files_storedfile SET retention = 'x'")


def test_the_class_of_every_retention_has_words() -> None:
    assert limits.RETENTION.keys() == limits.RETENTION_DAYS.keys()
    assert {kind for kind, _ in kinds._MAGIC} - {"archive"} <= kinds.KINDS.keys()
