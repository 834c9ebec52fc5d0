"""SIGKILL between the last signature and what it does: neither stands, and it is signed again."""

import signal
import subprocess
import sys

import pytest
from approving import sign, user

from zhike.operations.approvals import actions, queries
from zhike.operations.governance.models import User


@pytest.mark.slow
def test_a_kill_between_signature_and_change_leaves_neither(child_environment: dict[str, str]) -> None:
    maker, checker = user("lin"), user("wu")
    user("zhou", "analyst")
    number = actions.request_make(maker, kind="role_change", given={"user": "zhou", "role": "auditor"}, reason="moves")
    actions.request_open(maker, request_id=number)
    command = [sys.executable, "-m", "zhike.interfaces.cli", "approval", "sign", str(number), "--version", "1"]
    environment = child_environment | {"ZHIKE_FAILPOINT": "approvals.signed"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    whole = queries.request_get(maker, number)
    assert (whole.row.state, whole.signatures) == ("open", ())
    assert User.objects.get(username="zhou").role == "analyst"
    assert sign(checker, number).state == "applied"
    assert User.objects.get(username="zhou").role == "auditor"
