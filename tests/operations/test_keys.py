"""The master key's versions: in files, in a key service, from one to the other; a rotation, an old one's end."""

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from command_line import Run
from django.db import connection
from owning import owner

from zhike.core.actor import WHOLE_BANK, Actor, Scope
from zhike.core.errors import Conflict, Forbidden, Invariant, NotFound, Unavailable
from zhike.core.settings import settings
from zhike.core.workspace import workspace
from zhike.data.personal import PersonalField
from zhike.operations.governance import key_command, keyring, rotation
from zhike.operations.governance.acting import action, query
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.key_command import CommandKeys
from zhike.operations.governance.vault import Vault, open_vault

LOADER = Actor("job", "load", frozenset({"load_data"}), scope=WHOLE_BANK)
ZHANG, LI = UUID(int=1), UUID(int=2)
NAMES = {ZHANG: "张小明", LI: "李雷"}
_SERVICE = str(Path(__file__).parent.parent / "key_service.py")
Set = Callable[..., CommandKeys]


@action(permission="load_data", audit="data.load", long=True)
def keep(actor: Actor, *, fields: list[PersonalField]) -> int:
    return open_vault().write(fields)


@query(permission="load_data")
def read(actor: Actor, party: UUID, vault: Vault | None = None) -> dict[str, str]:
    return (vault or open_vault()).read(party)


@pytest.fixture
def people(committed: None) -> None:
    for one in rotation.master_key_list(system_actor()):
        if not one.current:
            rotation.master_key_retire(system_actor(), key_id=one.key_id)
    keep(LOADER, fields=[PersonalField(str(party), "full_name", name) for party, name in NAMES.items()])


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    """Puts a key service, whole or with a fault, in the place of the key files."""
    started: list[CommandKeys] = []

    def put(fault: str = "", seconds: int = 120) -> CommandKeys:
        command = tuple(filter(None, (sys.executable, _SERVICE, str(tmp_path), fault)))
        monkeypatch.setattr(keyring, "settings", lambda: replace(settings(), kms_command=command, kms_seconds=seconds))
        started.append(key_command.command_keys(command, seconds))
        return started[-1]

    yield put
    for one in started:
        one.close()
    key_command.command_keys.cache_clear()


def put(party: UUID, wrapped: bytes, key_id: str | None = None) -> None:
    """Writes into the row of a data key, as who may do everything to the database."""
    with owner() as cursor:
        cursor.execute(
            "UPDATE governance_vaultkey SET wrapped_key = %s, master_key_id = coalesce(%s, master_key_id)"
            " WHERE party_id = %s",
            [wrapped, key_id, party],
        )


def only() -> str:
    """The one version there is."""
    (one,) = rotation.master_key_list(system_actor())
    return one.key_id


def standing(party: UUID) -> bytes:
    with owner() as cursor:
        cursor.execute("SELECT wrapped_key FROM governance_vaultkey WHERE party_id = %s", [party])
        return bytes(cursor.fetchone()[0])


def elsewhere(work: Callable[[], object]) -> None:
    """In another thread, which has a connection of its own."""

    def closing() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=closing)
    thread.start()
    thread.join()


def names() -> dict[UUID, str]:
    return {party: read(LOADER, party).get("full_name", "") for party in NAMES}


def test_a_rotation_makes_a_version_and_leaves_the_fields(people: None) -> None:
    before = only()
    done = rotation.master_key_rotate(system_actor())
    assert (done.resumed, done.rewrapped, done.refused) == (False, 2, ())
    first, second = rotation.master_key_list(system_actor())
    assert (first.key_id, first.current, first.data_keys) == (done.key_id, True, 2)
    assert (second.key_id, second.current, second.data_keys) == (before, False, 0)
    assert names() == NAMES
    with owner() as cursor:
        cursor.execute(
            "SELECT detail FROM governance_auditentry WHERE action = 'master_key.rotate' AND outcome = 'finished'"
        )
        (detail,) = cursor.fetchone()
    assert {"key_id": done.key_id, "resumed": False, "rewrapped": 2, "refused": 0}.items() <= detail.items()


def test_an_old_version_is_retired_when_nothing_stands_under_it(people: None) -> None:
    old = only()
    wrapped = standing(ZHANG)
    new = rotation.master_key_rotate(system_actor())
    put(ZHANG, wrapped, old)
    with pytest.raises(Conflict, match="1 data keys stand under"):
        rotation.master_key_retire(system_actor(), key_id=old)
    with pytest.raises(Conflict, match="data keys stand under"):
        rotation.master_key_retire(system_actor(), key_id=new.key_id)
    again = rotation.master_key_rotate(system_actor())
    assert (again.resumed, again.rewrapped, again.key_id) == (True, 1, new.key_id)
    rotation.master_key_retire(system_actor(), key_id=old)
    assert [one.key_id for one in rotation.master_key_list(system_actor())] == [new.key_id]
    assert names() == NAMES
    with pytest.raises(NotFound):
        rotation.master_key_retire(system_actor(), key_id=old)


def test_who_read_a_row_before_the_switch_reads_it_again(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, asked = open_vault(), list[str]()
    unwrapped = vault._unwrapped

    def late(key_id: str, wrapped: list[tuple[UUID, bytes]]) -> dict[UUID, bytes]:
        """Between reading the row and unwrapping it, the key is rotated and its version retired."""
        if not asked:
            elsewhere(lambda: _rotate_and_retire(key_id))
        asked.append(key_id)
        return unwrapped(key_id, wrapped)

    monkeypatch.setattr(vault, "_unwrapped", late)
    assert read(LOADER, ZHANG, vault) == {"full_name": "张小明"}
    assert len(asked) == len(set(asked)) == 2


def _rotate_and_retire(key_id: str) -> None:
    rotation.master_key_rotate(system_actor())
    rotation.master_key_retire(system_actor(), key_id=key_id)


def test_a_version_that_is_lost_is_said(people: None, run: Run) -> None:
    old = only()
    held = {path: path.read_bytes() for path in (workspace().home / "keys").glob("master*")}
    rotation.master_key_rotate(system_actor())
    lost = next(path for path in (workspace().home / "keys").glob("master-*.key") if path not in held)
    content = lost.read_bytes()
    lost.unlink()
    keyring.open_keyring(workspace())._file._known.clear()
    with pytest.raises(Unavailable, match=f"restore keys/{lost.name}"):
        read(LOADER, ZHANG)
    code, out, _ = run("keys", "list")
    assert code == 0
    assert "MISSING" in out
    lost.write_bytes(content)
    assert names() == NAMES
    assert old in out


def test_a_key_that_was_tampered_with_does_not_stop_the_rotation(people: None, run: Run) -> None:
    put(LI, b"x" * 60)
    code, out, _ = run("keys", "rotate")
    assert code == 1
    assert f"REFUSED  customer {LI}" in out
    assert read(LOADER, ZHANG) == {"full_name": "张小明"}
    code, out, _ = run("erase", str(LI), "--purpose", "broken key", "--yes")
    assert code == 0, out


def test_only_who_may_rotates(people: None) -> None:
    for permissions, scope in ((frozenset({"view_customer"}), WHOLE_BANK), (frozenset({"rotate_master_key"}), Scope())):
        with pytest.raises(Forbidden):
            rotation.master_key_rotate(Actor("staff", "lin", permissions, scope=scope))


def test_a_bank_moves_from_the_file_to_its_service(people: None, service: Set) -> None:
    old = only()
    service()
    assert names() == NAMES, "what stands under the file stays readable"
    done = rotation.master_key_rotate(system_actor())
    assert (done.key_id, done.rewrapped) == ("kms:1", 2)
    keep(LOADER, fields=[PersonalField(str(uuid4()), "full_name", f"Person {at}") for at in range(200)])
    assert rotation.master_key_rotate(system_actor()).key_id == "kms:2"
    rotation.master_key_retire(system_actor(), key_id="kms:1")
    assert {one.key_id: one.data_keys for one in rotation.master_key_list(system_actor())} == {
        "kms:2": 202, old: 0,
    }  # fmt: skip
    assert names() == NAMES


def test_without_the_service_what_it_wrapped_is_unavailable(
    people: None, service: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    service()
    rotation.master_key_rotate(system_actor())
    monkeypatch.setattr(keyring, "settings", settings)
    with pytest.raises(Unavailable, match="set ZHIKE_KMS_COMMAND"):
        read(LOADER, ZHANG)


def test_a_service_that_dies_is_started_again(people: None, service: Set, tmp_path: Path) -> None:
    service("dies")
    rotation.master_key_rotate(system_actor())
    assert names() == NAMES
    assert len((tmp_path / "starts").read_text()) > 1


@pytest.mark.parametrize(
    ("fault", "seconds", "told"), [("hangs", 1, "no answer in time"), ("babbles", 120, "no JSON object")]
)
def test_a_service_at_fault_is_said_in_one_line(
    committed: None, service: Set, fault: str, seconds: int, told: str
) -> None:
    keys = service(fault, seconds)
    with pytest.raises(Unavailable, match=told) as said:
        keys.versions()
    assert str(said.value).count("\n") == 0


def test_a_service_that_is_not_there(committed: None) -> None:
    with pytest.raises(Unavailable, match="ZHIKE_KMS_COMMAND"):
        CommandKeys(["/nonexistent/kms"], 1).versions()


def test_the_service_binds_a_key_to_its_person(committed: None, service: Set) -> None:
    keys = service()
    (wrapped,) = keys.wrap("1", [(b"k" * 32, "data key of one")]) if keys.versions() else []
    assert keys.unwrap("1", [(wrapped, "data key of one")]) == [b"k" * 32]
    with pytest.raises(Invariant, match="refuses"):
        keys.unwrap("1", [(wrapped, "data key of another")])
    with pytest.raises(Unavailable, match="no version 7"):
        keys.unwrap("7", [(wrapped, "data key of one")])


def test_an_unwrapped_key_is_remembered_briefly(committed: None, service: Set, tmp_path: Path) -> None:
    keys = service()
    keys.versions()
    (wrapped,) = keys.wrap("1", [(b"k" * 32, "one")])
    assert keys.unwrap("1", [(wrapped, "one")]) == [b"k" * 32]
    shutil.rmtree(tmp_path)
    assert keys.unwrap("1", [(wrapped, "one")]) == [b"k" * 32]
    keys._lately[("1", wrapped, "one")] = (-1e9, b"k" * 32)
    with pytest.raises(Unavailable):
        keys.unwrap("1", [(wrapped, "one")])
    assert len(keys._lately) <= key_command._REMEMBERED
