"""Master keys in files: how they are named, those of the first version among them, and who makes the first one."""

import hashlib
import secrets
import threading
from pathlib import Path

import pytest

from zhike.core.workspace import Workspace, open_workspace
from zhike.data import lookalikes
from zhike.operations.governance import key_file
from zhike.operations.governance.key_file import FileKeys

CONTEXT = "person 1"
KEYS = [(b"a data key", CONTEXT)]


def hexadecimal(master: bytes) -> str:
    """The id that the first version gave."""
    return hashlib.sha256(b"zhike master key id" + master).hexdigest()[:16]


@pytest.fixture
def bank(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def opened(keys: FileKeys, key_id: str, wrapped: list[bytes]) -> list[bytes]:
    return keys.unwrap(key_id, [(each, CONTEXT) for each in wrapped])


def test_no_id_looks_like_a_number_of_a_person(bank: Workspace) -> None:
    of_old = of_new = 0
    for number in range(20_000):
        master = number.to_bytes(32)
        of_old += any(True for _ in lookalikes.found(hexadecimal(master)))
        key_id = key_file._id(master)
        of_new += any(True for _ in lookalikes.found(key_id)) or any(sign.isdigit() for sign in key_id)
    assert (of_old > 0, of_new) == (True, 0)  # about one in a thousand did
    keys = FileKeys(bank)
    for key_id in (keys.versions().current, keys.renew()):
        assert key_id.isalpha()


def test_a_workspace_of_the_first_version_keeps_its_names(bank: Workspace) -> None:
    """``master.key`` alone: current under its old name, and still that after a rotation."""
    master = secrets.token_bytes(32)
    folder = bank.home / "keys"
    folder.mkdir(exist_ok=True)
    (folder / "master.key").write_bytes(master)
    old = hexadecimal(master)
    assert (FileKeys(bank).versions().current, FileKeys(bank).held()) == (old, (old,))
    wrapped = FileKeys(bank).wrap(old, KEYS)
    new = FileKeys(bank).renew()
    assert FileKeys(bank).versions().current == new
    assert set(FileKeys(bank).held()) == {old, new}
    assert opened(FileKeys(bank), old, wrapped) == [b"a data key"]
    FileKeys(bank).retire(old)
    assert [path.name for path in folder.glob("master*.key")] == [f"master-{new}.key"]


def test_a_version_named_in_hexadecimal_stays_current(bank: Workspace) -> None:
    """After a rotation by the first version."""
    master = secrets.token_bytes(32)
    old, folder = hexadecimal(master), bank.home / "keys"
    folder.mkdir(exist_ok=True)
    (folder / f"master-{old}.key").write_bytes(master)
    (folder / "master.current").write_text(old)
    keys = FileKeys(bank)
    assert (keys.versions().current, keys.versions().all) == (old, (old,))
    assert opened(keys, old, keys.wrap(old, KEYS)) == [b"a data key"]


def test_of_many_who_make_the_first_key_one_wins(bank: Workspace) -> None:
    told, together = list[str](), threading.Barrier(8)

    def begin() -> None:
        together.wait()
        told.append(FileKeys(bank).versions().current)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 8
    assert set(told) == {FileKeys(bank).versions().current}
    assert FileKeys(bank).held() == (told[0],)
    assert sorted(path.name for path in (bank.home / "keys").glob("*master*")) == [
        f"master-{told[0]}.key",
        "master.current",
    ]
