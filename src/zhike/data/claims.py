"""Claims: what Zhike says of parties that can be right or wrong, kept so that a judge who knows the truth can grade it.

A claim is (claim, party, subject, score, as_of, model). ``party_id`` is pseudonymous, or null where the claim is about
the whole bank (a KPI); ``subject`` says what of (a KPI, an offer, the keyed token of a number). Claims stand beside the
snapshots, a file for each kind and day: made again of the same facts they are the same bytes (docs/decisions/0013).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import compute

from zhike.core.errors import BadInput
from zhike.core.workspace import Workspace, write_atomically

# same_person: the numbers that are one party · kpi · next_best_action · silent_churn: chance of silence in the months
# after · uplift: by how much a contact raises the chance of the outcome · cash_out, fraud: suspicion
Claim = Literal["same_person", "kpi", "next_best_action", "silent_churn", "uplift", "cash_out", "fraud"]
CLAIMS: tuple[str, ...] = get_args(Claim)

SCHEMA = pa.schema(
    [
        pa.field("claim", pa.string(), nullable=False), pa.field("party_id", pa.string()),
        pa.field("subject", pa.string()), pa.field("score", pa.float64(), nullable=False),
        pa.field("as_of", pa.date32(), nullable=False), pa.field("model", pa.string(), nullable=False),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """What a writing did: ``fresh`` is False where these very claims stood already."""

    claim: str
    as_of: date
    rows: int
    fresh: bool


def write(workspace: Workspace, claim: Claim, as_of: date, model: str, rows: pa.Table) -> Written:
    """Writes all claims of a kind and day anew; ``rows`` has the columns party_id, subject, score.

    Raises BadInput for a kind that is none, or a score that is no number.
    """
    if claim not in CLAIMS:
        raise BadInput(f"{claim!r} is no kind of claim: give one of {', '.join(CLAIMS)}.")
    count = rows.num_rows
    columns = {
        "claim": pa.array([claim] * count, pa.string()), "party_id": rows["party_id"], "subject": rows["subject"],
        "score": rows["score"], "as_of": pa.array([as_of] * count, pa.date32()),
        "model": pa.array([model] * count, pa.string()),
    }  # fmt: skip
    table = pa.table(columns).cast(pa.schema([field.with_nullable(True) for field in SCHEMA]))
    if table["score"].null_count or compute.any(compute.is_nan(table["score"])).as_py():
        raise BadInput(f"Claims of {claim} have a score that is no number.")
    table = table.sort_by([("party_id", "ascending"), ("subject", "ascending")]).combine_chunks().cast(SCHEMA)
    sink = BytesIO()
    pq.write_table(table, sink, compression="zstd")
    path = _path(workspace, claim, as_of)
    fresh = not path.exists() or path.read_bytes() != sink.getvalue()
    if fresh:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, sink.getvalue())
    return Written(claim, as_of, count, fresh)


def read(workspace: Workspace, claim: Claim) -> pa.Table:
    """All claims of a kind, oldest day first; no row where none was ever made."""
    return _joined(sorted(_folder(workspace, claim).glob("*.parquet")))


def days(workspace: Workspace, claim: Claim) -> list[date]:
    """The days for which claims of a kind stand."""
    return sorted(date.fromisoformat(path.stem) for path in _folder(workspace, claim).glob("*.parquet"))


def _joined(paths: Iterable[Path]) -> pa.Table:
    return pa.concat_tables([SCHEMA.empty_table(), *(pq.read_table(path, schema=SCHEMA) for path in paths)])


def _folder(workspace: Workspace, claim: str) -> Path:
    return workspace.home / "claims" / claim


def _path(workspace: Workspace, claim: str, as_of: date) -> Path:
    return _folder(workspace, claim) / f"{as_of.isoformat()}.parquet"
