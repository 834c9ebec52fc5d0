"""``zhike customer ID --replay``: a decision given again from what was kept, or a plain word that it cannot be."""

from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from command_line import Run
from small_bank import customer_id, load_facts

from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace


@pytest.fixture
def zhike(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


def test_a_decision_is_given_again_byte_for_byte(bank: None, zhike: Run) -> None:
    load_facts(workspace(), extra_purchases=9)  # what came later is not looked at
    done = zhike.json("customer", customer_id(0), "--replay")
    assert (done["customer_id"], done["as_of"], done["equal"]) == (customer_id(0), "2026-06-30", True)
    assert done["snapshot"] == SnapshotStore(workspace()).current_id()
    assert zhike.json("customer", "C0000", "--replay") == done
    code, out, _ = zhike("customer", "C0001", "--replay")
    assert code == 0
    assert "equal byte for byte" in out
    assert done["sha256"] not in out


def test_a_changed_decision_is_told_apart(bank: None, zhike: Run) -> None:
    store = SnapshotStore(workspace())
    manifest = store.current()
    kept = pq.read_table(store.paths(manifest, "decision")[0])
    winners = kept.column("winner").to_pylist()
    position = kept.schema.get_field_index("winner")
    changed = kept.set_column(position, kept.schema.field("winner"), [["do_nothing" for _ in winners]])
    _keep(store, manifest.with_table("decision", [store.add("decision", "", changed)], changed.schema))
    code, out, _ = zhike("customer", customer_id(0), "--replay")
    assert code == 1
    assert "DIFFERENT" in out


def test_other_declarations_are_named_and_no_decisions_too(bank: None, zhike: Run) -> None:
    store = SnapshotStore(workspace())
    manifest = store.current()
    step = manifest.steps["decision"]
    older = {**step, "record": {**step["record"], "versions": {**step["record"]["versions"], "offer:gone": "1"}}}
    _keep(store, replace(manifest, steps={**manifest.steps, "decision": older}))
    assert "offer:gone changed since" in zhike.fault("customer", customer_id(0), "--replay")
    _keep(store, replace(manifest, tables={**manifest.tables, "decision": ()}))
    assert "run `zhike decide" in zhike.fault("customer", customer_id(0), "--replay")


def _keep(store: SnapshotStore, manifest: Manifest) -> None:
    store.publish(manifest, "decide")
