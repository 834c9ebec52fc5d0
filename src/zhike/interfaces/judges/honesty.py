"""Is the planted truth honest? Raw identifiers must say nothing, the customer view much, and the oracle the most.

A figure above the oracle's would mean a leak: something that the bank cannot know stands in its files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.build import VIEW
from zhike.interfaces.judges import learning, metrics
from zhike.interfaces.judges.claiming import view_day
from zhike.interfaces.judges.truths import Truths, crosswalk
from zhike.sandbox.numbers import card_customer_numbers, phone_numbers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_FOLDS = 2


@dataclass(frozen=True)
class Found:
    """How well silent churn is told, by whom, of how many people: AUC, and the oracle's of the same people."""

    by: str
    auc: float
    oracle: float
    people: int
    fell_silent: int

    @property
    def chance_error(self) -> float:
        """Half the 95 % interval about 0.5 of an AUC that is no more than luck, with so many people."""
        others = self.people - self.fell_silent
        return float(1.96 * np.sqrt((self.people + 1) / (12 * max(self.fell_silent * others, 1))))


def of_identifiers(truths: Truths) -> Found:
    """A model on the digits of customer and phone number, of everybody's first month with a known outcome in which
    they fell silent, else the last; half of the households teach, the other half is asked, and the other way round."""
    told = _one_each(truths.table("churn"))
    person, silent = told["person"].to_numpy(), told["silent"].to_numpy(zero_copy_only=False)
    score = held_out(identifiers(person), silent, person // 2 % _FOLDS)
    return _found("raw identifiers", score, silent, told["chance"].to_numpy())


def of_view(actor: Actor, workspace: Workspace, truths: Truths) -> Found:
    """A model on Zhike's customer view: one half of the people as of an earlier day teach, the other half is asked as
    of a later one. The view that stood is built again at the end."""
    days = _days(truths)
    with _view_kept(actor, workspace):
        early, late = (_labelled(actor, workspace, truths, day) for day in days)
    columns = sorted(set(early[0]) & set(late[0]))
    teach, ask = early[1]["person"] // 2 % 2 == 0, late[1]["person"] // 2 % 2 == 1
    model = learning.fit(_matrix(early[0], columns)[teach], early[1]["silent"][teach].astype(bool))
    score = model.score(_matrix(late[0], columns)[ask])
    return _found("customer view", score, late[1]["silent"][ask].astype(bool), late[1]["chance"][ask])


def identifiers(person: Ints) -> Floats:
    """People × digits of what the bank calls them: customer number and phone."""
    digits = [made(person).astype(np.float64) - ord("0") for made in (card_customer_numbers, phone_numbers)]
    return np.concatenate(digits, axis=1)


def held_out(columns: Floats, happened: Bools, fold: Ints) -> Floats:
    """The score of every row by a model that was taught by the other folds."""
    score = np.zeros(len(columns))
    for one in range(_FOLDS):
        asked = fold == one
        score[asked] = learning.fit(columns[~asked], happened[~asked]).score(columns[asked])
    return score


def _found(by: str, score: Floats, silent: Bools, chance: Floats) -> Found:
    return Found(by, metrics.auc(score, silent), metrics.auc(chance, silent), len(score), int(silent.sum()))


def _one_each(told: pa.Table) -> pa.Table:
    known = told.filter(pc.is_valid(told["silent"]))
    if not known.num_rows:
        raise BadInput("No outcome of silent churn is known yet: make a bank of more than 7 months.")
    silent = known["silent"].to_numpy(zero_copy_only=False)
    day = known["as_of"].cast(pa.int32()).to_numpy()
    person = known["person"].to_numpy()
    order = np.lexsort((np.where(silent, day, -day), ~silent, person))
    _, first = np.unique(person[order], return_index=True)
    return known.take(pa.array(order[first]))


def _days(truths: Truths) -> tuple[date, date]:
    """The first month end after half a year, and the last whose outcome is known."""
    told = truths.table("churn")
    known = sorted(set(told.filter(pc.is_valid(told["silent"]))["as_of"].to_pylist()))
    if len(known) < 3:
        raise BadInput("Too few months whose outcome is known: make a bank of 10 months or more.")
    return known[len(known) // 2 - 1], known[-1]


@contextmanager
def _view_kept(actor: Actor, workspace: Workspace) -> Iterator[None]:
    from zhike.operations.customers import actions

    kept = view_day(SnapshotStore(workspace).current())
    try:
        yield
    finally:
        actions.view_build(actor, as_of=kept)


def _labelled(
    actor: Actor, workspace: Workspace, truths: Truths, day: date
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Numeric columns of the view of a day, and person, silent, chance of the same rows."""
    from zhike.operations.customers import actions

    actions.view_build(actor, as_of=day)
    store = SnapshotStore(workspace)
    manifest = store.current()
    view = pa.concat_tables([pq.read_table(path) for path in store.paths(manifest, VIEW)])
    known = crosswalk(workspace, manifest, truths.tokens(workspace))
    person = pa.array([known.get(party, -1) for party in view["customer_id"].to_pylist()], pa.int64())
    told = truths.table("churn")
    told = told.filter(pc.and_(pc.equal(told["as_of"], day), pc.is_valid(told["silent"])))
    told = told.select(["person", "silent", "chance"]).rename_columns(["person", "silent_then", "true_chance"])
    both = view.append_column("person", person).join(told, "person", join_type="inner").sort_by("person")
    numeric = [
        field.name for field in view.schema if pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
    ]
    columns = {name: both[name].cast(pa.float64()).to_numpy(zero_copy_only=False) for name in numeric}
    truth = {
        "person": both["person"].to_numpy(), "chance": both["true_chance"].to_numpy(),
        "silent": both["silent_then"].to_numpy(zero_copy_only=False).astype(np.float64),
    }  # fmt: skip
    return columns, truth


def _matrix(columns: dict[str, Floats], names: list[str]) -> Floats:
    return np.stack([columns[name] for name in names], axis=1)
