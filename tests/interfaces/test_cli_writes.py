"""Commands that change something: build, decide, publish, users; and what check finds."""

import importlib.metadata
import json
import shutil
from datetime import date

import pytest
from command_line import Run
from small_bank import AS_OF, become

from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.belonging import branches_keep


@pytest.fixture
def zhike(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


def test_build_decide_and_publish_say_whether_they_did_something(bank: None, zhike: Run) -> None:
    assert zhike.json("build", "--as-of", str(AS_OF))["fresh"] is False
    assert zhike.json("decide", "--as-of", str(AS_OF)) == {
        "snapshot": SnapshotStore(workspace()).current_id(), "as_of": "2026-06-30", "customers": 30, "fresh": False,
    }  # fmt: skip
    first = zhike.json("publish")
    assert (first["fresh"], first["rows"]["customer_view"], first["rows"]["decision"]) == (True, 30, 30)
    assert zhike.json("publish")["fresh"] is False


def findings(zhike: Run, *arguments: str) -> dict[str, tuple[str, str]]:
    """What check says by what it looked at. Its exit code also tells of this machine: of its memory, its packages."""
    code, out, _ = zhike("check", *arguments, "--json")
    found = {each["what"]: (each["state"], each["text"]) for each in json.loads(out)}
    assert code == any(state == "wrong" for state, _ in found.values())
    return found


def test_check_says_what_is_wrong(bank: None, zhike: Run) -> None:
    from zhike.operations.customers import actions
    from zhike.operations.governance.actors import system_actor

    assert findings(zhike, "--deep")["publication"] == ("note", "nothing is published yet: zhike publish")
    actions.view_publish(system_actor())
    become(1)
    state, text = findings(zhike)["publication"]
    assert (state, "a newer view" in text) == ("wrong", True)
    become(0)
    store = SnapshotStore(workspace())
    file = store.path(store.current().tables["statement"][0])
    kept = file.read_bytes()
    key = next((workspace().home / "keys").glob("master*.key"))
    try:
        file.write_bytes(kept[:-1] + b"x")
        found = findings(zhike, "--deep")
        assert found["snapshot"][0] == "wrong"
        assert (found["publication"][0], found["decisions"][0]) == ("ok", "ok")
        key.chmod(0o644)
        assert "chmod 600" in findings(zhike)["keys"][1]
    finally:
        file.write_bytes(kept)
        key.chmod(0o600)


def test_check_answers_whatever_is_broken(bank: None, zhike: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(importlib.metadata, "requires", gone)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: 1 / 0)
    found = findings(zhike)
    assert found["versions"] == ("wrong", "zhike itself is not installed: run `make setup`")
    assert "ZeroDivisionError at test_cli_writes.py" in found["disk"][1]
    assert found["snapshot"][0] == "ok"


def test_users_come_with_a_password_shown_once(committed: None, zhike: Run) -> None:
    code, out, _ = zhike("user", "add", "lin", "--role", "analyst")
    assert code == 0
    first = out.strip().rsplit(" ", 1)[1]
    second = zhike("user", "reset", "lin")[1].strip().rsplit(" ", 1)[1]
    assert first != second
    from zhike.operations.governance.models import User

    assert User.objects.get().check_password(second)


def test_users_belong_leave_and_cover_from_a_day_to_a_day(committed: None, zhike: Run) -> None:
    branch = {"branch_id": 10, "parent_id": None, "name": "分行", "valid_from": date(2025, 1, 1), "valid_to": None}
    branches_keep(system_actor(), versions=[branch])
    branch_10, from_new_year = ("--branch", "10"), ("--from", "2026-01-01")
    covers = ("user", "cover", "zhou", "--for", "away")
    for name in ("zhou", "away"):
        zhike("user", "add", name, "--role", "teller")
    assert "belongs to branch 10 from 2026-01-01" in zhike("user", "belong", "zhou", *branch_10, *from_new_year)[1]
    assert "no branch 99" in zhike.fault("user", "belong", "zhou", "--branch", "99")
    assert "stands in for away" in zhike(*covers, *from_new_year, "--until", "2026-01-15")[1]
    assert "must come after" in zhike.fault(
        "user", "cover", "zhou", "--for", "away", "--from", "2026-01-01", "--until", "2026-01-01"
    )
    assert "until 2026-02-01" in zhike("user", "leave", "zhou", *branch_10, "--until", "2026-02-01")[1]
    assert "is not a date" in zhike.fault("user", "leave", "zhou", *branch_10, "--until", "tomorrow")
