"""A publisher killed at a failpoint: readers see one whole publication, the next run ends in the same state."""

import signal
import subprocess
import sys

import pytest
from django.db import connection
from owning import entries
from small_bank import CUSTOMERS, become, customer_id

from zhike.operations.customers import actions, queries
from zhike.operations.governance.actors import system_actor

PUBLISH = """
from zhike.interfaces.cli.session import operations
with operations() as actor:
    from zhike.operations.customers import actions
    actions.view_publish(actor)
"""


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'published'")
        return {name.rsplit("_", 1)[1] for (name,) in cursor.fetchall()}


def publish_and_die(environment: dict[str, str], failpoint: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH], env={**environment, "ZHIKE_FAILPOINT": failpoint}, check=False
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("failpoint", ["publish.copied", "publish.flipped"])
def test_killed_and_run_again(bank: None, child_environment: dict[str, str], failpoint: str) -> None:
    actor = system_actor()
    for extra in (0, 1):
        become(extra)
        actions.view_publish(actor)
    become(2)
    before = queries.customer_get(actor, customer_id(0))
    publish_and_die(child_environment, failpoint)
    shown = queries.customer_get(actor, customer_id(0))
    if failpoint == "publish.copied":
        assert shown == before
        assert tables() == {"000001", "000002"}
    else:
        assert shown["features"]["transactions_30d"] == before["features"]["transactions_30d"] + 1
        assert tables() == {"000001", "000002", "000003"}
    done = actions.view_publish(actor)
    assert done.fresh == (failpoint == "publish.copied")
    assert (done.published.number, tables()) == (3, {"000002", "000003"})
    assert queries.segment_count(actor, "cards_held >= 0").count == CUSTOMERS
    trail = [one.outcome for one in entries(action="view.publish")]
    assert trail[-3:] == ["started", "started", "finished"]
