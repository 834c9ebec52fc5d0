"""What Zhike claims today of the newest snapshot: who is the same person, its KPIs, its decisions.

It has no scorers yet: of silent churn, uplift, cash-out and fraud nothing is claimed.
"""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data import claims
from zhike.data.build import VIEW
from zhike.data.claims import Written
from zhike.data.identity import IDENTITY

DECISION = "decision"


def write(actor: Actor, workspace: Workspace) -> list[Written]:
    """Writes all that is claimed of the newest snapshot; again, it changes nothing. Raises BadInput without a view."""
    from zhike.operations.customers import queries

    store = SnapshotStore(workspace)
    manifest = store.current()
    as_of = view_day(manifest)
    kpis = [(each.name, float(each.value)) for each in queries.kpi_list(actor, at="current") if each.value is not None]
    found = [
        claims.write(workspace, "same_person", as_of, "document numbers", same_person(store, manifest)),
        claims.write(workspace, "kpi", as_of, "kpis", _rows([None] * len(kpis), *map(list, zip(*kpis, strict=True)))),
    ]
    if DECISION in manifest.steps:
        decided = _decisions(store, manifest)
        found.append(claims.write(workspace, "next_best_action", as_of, "arbitration", decided))
    return found


def view_day(manifest: Manifest) -> date:
    """The day of the customer view of a snapshot; raises BadInput where none is built."""
    if VIEW not in manifest.steps:
        raise BadInput("No customer view is built in this workspace: load the bank's files and run `zhike build`.")
    return date.fromisoformat(manifest.steps[VIEW]["as_of"])


def same_person(store: SnapshotStore, manifest: Manifest) -> pa.Table:
    """Each number of a customer, as a keyed token under its source, and the party that it stands for."""
    keys = _read(store, manifest, "party_key", ["source", "key_token", "party_id"])
    keys = keys.filter(pc.not_equal(keys["source"], IDENTITY))
    subject = pc.binary_join_element_wise(keys["source"], keys["key_token"], ":")
    return _rows(keys["party_id"], subject, pa.array([1.0] * keys.num_rows))


def _decisions(store: SnapshotStore, manifest: Manifest) -> pa.Table:
    rows = _read(store, manifest, DECISION, ["customer_id", "winner", "winner_value_cents"])
    return _rows(rows["customer_id"], rows["winner"], rows["winner_value_cents"].cast(pa.float64()))


def _read(store: SnapshotStore, manifest: Manifest, table: str, columns: list[str]) -> pa.Table:
    return pa.concat_tables([pq.read_table(path, columns=columns) for path in store.paths(manifest, table)])


def _rows(party: object, subject: object, score: object) -> pa.Table:
    kinds = (pa.string(), pa.string(), pa.float64())
    columns = [
        each.cast(kind) if isinstance(each, pa.ChunkedArray | pa.Array) else pa.array(each, kind)
        for each, kind in zip((party, subject, score), kinds, strict=True)
    ]
    return pa.table(columns, names=["party_id", "subject", "score"])
