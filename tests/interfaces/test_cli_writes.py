"""Commands that change something: build, decide, publish, users; and what check finds."""

import json

import pytest
from command_line import Run
from small_bank import AS_OF

from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace


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


def test_check_says_what_is_wrong(bank: None, zhike: Run) -> None:
    from zhike.operations.customers import actions
    from zhike.operations.governance.actors import system_actor

    code, out, _ = zhike("check", "--deep")
    assert code == 1
    assert "a newer view" in out or "nothing is published" in out
    actions.view_publish(system_actor())
    store = SnapshotStore(workspace())
    file = store.path(store.current().tables["statement"][0])
    kept = file.read_bytes()
    try:
        file.write_bytes(kept[:-1] + b"x")
        findings = {found["what"]: found["state"] for found in json.loads(zhike("check", "--deep", "--json")[1])}
        assert findings["snapshot"] == "wrong"
        assert findings["publication"] == "ok"
        (workspace().home / "keys" / "master.key").chmod(0o644)
        assert "chmod 600" in zhike("check")[1]
    finally:
        file.write_bytes(kept)
        (workspace().home / "keys" / "master.key").chmod(0o600)


def test_users_come_with_a_password_shown_once(committed: None, zhike: Run) -> None:
    code, out, _ = zhike("user", "add", "lin", "--role", "analyst")
    assert code == 0
    first = out.strip().rsplit(" ", 1)[1]
    second = zhike("user", "reset", "lin")[1].strip().rsplit(" ", 1)[1]
    assert first != second
    from zhike.operations.governance.models import User

    assert User.objects.get().check_password(second)
