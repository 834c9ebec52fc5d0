"""``zhike audit``: what it shows, exports and finds."""

import json
from pathlib import Path

import pytest
from command_line import Run
from owning import owner

from zhike.core.workspace import workspace
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.audit import chain
from zhike.operations.governance.audit.sealer import seal
from zhike.operations.governance.belonging import branches_keep


@pytest.fixture
def zhike(committed: None, capfd: pytest.CaptureFixture[str]) -> Run:
    chain.anchors_path(workspace()).unlink(missing_ok=True)
    for _ in range(3):
        branches_keep(system_actor(), versions=[])
    seal()
    return Run(capfd)


def test_a_whole_log_and_one_with_an_entry_removed(zhike: Run) -> None:
    _, out, _ = zhike("audit", "verify")
    assert "3 entries under 1 seals, 1 anchors" in out
    assert "The log is whole." in out
    with owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "DELETE FROM governance_auditentry WHERE id = (SELECT min(entry_id) FROM governance_auditsealed)"
        )
    code, out, _ = zhike("audit", "verify")
    assert code == 1
    assert "at place 1 was deleted" in out


def test_found_by_action_actor_and_time(zhike: Run) -> None:
    assert "branch.keep" in zhike("audit", "show", "--action", "branch.keep")[1]
    assert "branch.keep" not in zhike("audit", "show", "--actor", "nobody")[1]
    assert "branch.keep" not in zhike("audit", "show", "--until", "2020-01-01")[1]
    assert "2020-13" in zhike.fault("audit", "show", "--since", "2020-13")


def test_an_export_is_signed_and_on_record(zhike: Run, tmp_path: Path) -> None:
    out = tmp_path / "audit.jsonl"
    assert "3 entries" in zhike("audit", "export", str(out))[1]
    assert [json.loads(text)["action"] for text in out.read_text().splitlines()] == ["branch.keep"] * 3
    assert "signature holds" in zhike("audit", "verify", "--export", str(out))[1]
    assert "audit.export" in zhike("audit", "show")[1]
    assert "is there already" in zhike.fault("audit", "export", str(out))
    out.write_text(out.read_text().replace("branch.keep", "branch.KEEP"))
    assert "was changed after its export" in zhike.fault("audit", "verify", "--export", str(out))
