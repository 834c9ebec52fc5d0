"""P2: the master key rotated under load; what was moved is refused; a destroyed key leaves nobody to be read."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID, uuid5

import pytest
from django.db import connection
from owning import owner
from trust.goals import SEED, goal, share

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.core.errors import Invariant
from zhike.data.personal import PersonalField
from zhike.operations.governance import rotation
from zhike.operations.governance.acting import action, query
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.vault import open_vault

PEOPLE = share(2_500, 100_000)
LOADER = Actor("job", "load", frozenset({"load_data"}), scope=WHOLE_BANK)
READER = Actor("staff", "lin", frozenset({"view_customer"}), scope=WHOLE_BANK)
_NAMES = UUID("01970000-0000-7000-8000-0000000000aa")
_KILLED_AT = ("keys.renewed", "keys.rewrapped", "keys.rewrapped")


def party(number: int) -> UUID:
    return uuid5(_NAMES, str(number))


def phone(number: int, version: int = 0) -> str:
    return f"139{version:02d}{number:06d}"


def person(number: int, version: int = 0) -> list[PersonalField]:
    known = str(party(number))
    return [
        PersonalField(known, "full_name", f"Person {number}"),
        PersonalField(known, "phone", phone(number, version)),
    ]


@action(permission="load_data", audit="data.load", long=True)
def keep(actor: Actor, *, numbers: list[int], version: int = 0) -> int:
    return open_vault().write([field for number in numbers for field in person(number, version)])


@query(permission="view_customer")
def read(actor: Actor, number: int) -> dict[str, str]:
    return open_vault().read(party(number))


@pytest.fixture
def people(committed: None) -> None:
    keep(LOADER, numbers=list(range(PEOPLE)))


def rotate(environment: dict[str, str], failpoint: str = "") -> "subprocess.CompletedProcess[str]":
    """``zhike keys rotate`` in a process of its own, killed at a failpoint."""
    given = {**environment, "ZHIKE_FAILPOINT": failpoint}
    command = [sys.executable, "-m", "zhike.interfaces.cli", "keys", "rotate"]
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=600, check=False)


class Load:
    """Threads that read and write until they are told to stop."""

    def __init__(self, readers: int) -> None:
        self.stopped = threading.Event()
        self.reads, self.written, self.failed = 0, 0, list[str]()
        work = [self._read] * readers + [self._write]
        self._threads = [
            threading.Thread(target=self._until, args=(one, random.Random(SEED + at))) for at, one in enumerate(work)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self._threads:
            thread.join()

    def _until(self, work: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            while not self.stopped.is_set():
                try:
                    work(chance)
                except Exception as fault:
                    self.failed.append(repr(fault))
        finally:
            connection.close()

    def _read(self, chance: random.Random) -> None:
        number = chance.randrange(PEOPLE)
        told = read(READER, number)
        self.reads += 1
        if told["full_name"] != f"Person {number}" or told["phone"][5:] != f"{number:06d}":
            self.failed.append(f"person {number} reads as {told}")

    def _write(self, chance: random.Random) -> None:
        """Another phone for some people, and somebody new."""
        self.written += 1
        some = [chance.randrange(PEOPLE) for _ in range(20)]
        keep(LOADER, numbers=[*dict.fromkeys(some), PEOPLE + self.written], version=self.written % 100)
        time.sleep(0.01)


def test_P2_rotated_under_load(people: None, child_environment: dict[str, str]) -> None:
    with goal("P2") as figures:
        first = rotation.master_key_list(system_actor())[0].key_id
        with Load(readers=2) as load:
            for failpoint in _KILLED_AT:
                assert rotate(child_environment, failpoint).returncode == -signal.SIGKILL
            ended = rotate(child_environment)
            again = rotate(child_environment)
            old = [one.key_id for one in rotation.master_key_list(system_actor()) if not one.current]
            for key_id in old:
                rotation.master_key_retire(system_actor(), key_id=key_id)
            time.sleep(0.5)
        assert (ended.returncode, again.returncode) == (0, 0), ended.stderr + again.stderr
        assert "An earlier rotation was finished" in ended.stdout
        assert "A new version was made" in again.stdout
        assert first in old
        wrong = [number for number in range(0, PEOPLE, 7) if read(READER, number)["phone"][5:] != f"{number:06d}"]
        (now,) = rotation.master_key_list(system_actor())
        assert now.data_keys == PEOPLE + load.written
        figures.append(
            f"{PEOPLE:,} data keys, rotated twice, {len(_KILLED_AT)} SIGKILLs, {len(old)} old versions retired, beside "
            f"{load.reads:,} reads and {load.written:,} writes: {len(load.failed) + len(wrong)} failed"
        )
        assert load.reads > 50
        assert (load.failed, wrong) == ([], [])


_FIELD = "UPDATE governance_vaultfield SET ciphertext = (SELECT ciphertext FROM governance_vaultfield WHERE party_id = "
_KEY = "UPDATE governance_vaultkey AS kept SET (wrapped_key, master_key_id) = "
MOVES: dict[str, str] = {
    "another field": _FIELD + "%(one)s AND field = 'full_name') WHERE party_id = %(one)s AND field = 'phone'",
    "another person": _FIELD + "%(two)s AND field = 'phone') WHERE party_id = %(one)s AND field = 'phone'",
    "another person's key": _KEY + "(SELECT wrapped_key, master_key_id FROM governance_vaultkey"
    " WHERE party_id = %(two)s) WHERE party_id = %(one)s",
    "another master version": _KEY + "(wrapped_key, %(id)s) WHERE party_id = %(one)s",
}


def _restored(cursor: object, number: int) -> None:
    """The rows of a person as they were, made anew."""
    known = party(number)
    for table in ("vaultfield", "vaulttoken", "vaultkey"):
        cursor.execute(f"DELETE FROM governance_{table} WHERE party_id = %s", [known])  # type: ignore[attr-defined]
    keep(LOADER, numbers=[number])


def _refused(number: int) -> bool:
    try:
        read(READER, number)
    except Invariant:
        return True
    return False


@pytest.fixture
def two_versions(people: None) -> Iterator[str]:
    """An old version that is held still, because one person stands under it."""
    old = rotation.master_key_list(system_actor())[0].key_id
    kept = VaultRow(party(PEOPLE - 1))
    rotation.master_key_rotate(system_actor())
    kept.put_back()
    return old


class VaultRow:
    """A row of data keys as it stands, to be put back."""

    def __init__(self, known: UUID) -> None:
        with owner() as cursor:
            cursor.execute("SELECT * FROM governance_vaultkey WHERE party_id = %s", [known])
            self.known, self.wrapped, self.key_id = cursor.fetchone()

    def put_back(self) -> None:
        with owner() as cursor:
            cursor.execute(
                "UPDATE governance_vaultkey SET wrapped_key = %s, master_key_id = %s WHERE party_id = %s",
                [self.wrapped, self.key_id, self.known],
            )


def test_P2_what_was_moved_is_refused(two_versions: str) -> None:
    done = share(200, 10_000)
    chance, missed = random.Random(SEED), list[str]()
    with goal("P2") as figures, owner() as cursor:
        for at in range(done):
            kind = list(MOVES)[at % len(MOVES)]
            one, two = chance.sample(range(PEOPLE - 1), 2)
            assert not _refused(one)
            cursor.execute(MOVES[kind], {"one": party(one), "two": party(two), "id": two_versions})
            if not _refused(one):
                missed.append(f"{kind}, {one} from {two}")
            _restored(cursor, one)
        figures.append(f"{done:,} moved ciphertexts (field, person, key, master version), {len(missed)} accepted")
        assert missed == []


def test_P2_a_destroyed_key_leaves_nobody_to_be_read(people: None) -> None:
    with goal("P2") as figures, owner() as cursor:
        known = party(3)
        cursor.execute("DELETE FROM governance_vaultkey WHERE party_id = %s", [known])
        assert read(READER, 3) == {}
        cursor.execute("SELECT count(*) FROM governance_vaultfield WHERE party_id = %s", [known])
        assert cursor.fetchone() == (2,), "the ciphertexts stand there still"
        # Another's key in its place opens none of them.
        cursor.execute(
            "INSERT INTO governance_vaultkey SELECT %s, wrapped_key, master_key_id FROM governance_vaultkey"
            " WHERE party_id = %s",
            [known, party(4)],
        )
        assert _refused(3)
        figures.append("a destroyed data key: 0 fields readable, by its place or by another's key")
