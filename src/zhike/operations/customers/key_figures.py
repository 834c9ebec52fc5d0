"""The KPIs of a snapshot by branch, and of the day that each is compared with: what a publication holds and pages show.

Parts and wholes of the branches of an actor add up to their figures, those of all branches to the bank's.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa

from zhike.core.actor import Actor
from zhike.core.engine import Session
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.build import open_session
from zhike.data.kpis import Kpi, Sums, kpis
from zhike.data.measuring import added, by_branch, facts_in
from zhike.operations.customers import reading
from zhike.operations.customers.shapes import KpiValue

_SUMS = [("part", pa.int64()), ("whole", pa.int64()), ("known", pa.bool_())]
# One row of the bank (``branch_id`` null, with the values ready), and one for each branch that has a part in it.
SCHEMA = pa.schema(
    [
        ("name", pa.string()), ("branch_id", pa.int64()), ("as_of", pa.date32()), *_SUMS, ("value", pa.float64()),
        ("previous_as_of", pa.date32()), *((f"previous_{name}", kind) for name, kind in _SUMS),
        ("previous", pa.float64()),
    ]
)  # fmt: skip
_Branches = Mapping[str | None, Sums]


def rows(manifest: Manifest) -> list[dict[str, Any]]:
    """The key figures of a snapshot, computed once in a process: a snapshot never changes."""
    return list(_rows(manifest.id))


@lru_cache(maxsize=2)
def _rows(snapshot: str) -> tuple[dict[str, Any], ...]:
    manifest = reading.manifest_of(snapshot)
    with open_session(SnapshotStore(workspace()), manifest) as session:
        return tuple(_computed(session, reading.as_of(manifest)))


def values(found: Iterable[dict[str, Any]], actor: Actor) -> list[KpiValue]:
    """What the actor sees, with the definition cards declared now: the bank's figures, or those of their branches.

    Of a KPI that is no longer declared, or that a publication by an earlier version does not hold, nothing is said.
    """
    by_name: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        if _sees(actor, row.get("branch_id")):
            by_name.setdefault(row["name"], []).append(row)
    return [_value(kpi, by_name[kpi.name], actor) for kpi in kpis if kpi.name in by_name]


def _sees(actor: Actor, branch: int | None) -> bool:
    return branch is None if actor.scope.bank else branch in actor.scope.branches


def _computed(session: Session, day: date) -> Iterable[dict[str, Any]]:
    days = {day} | {kpi.previous(day) for kpi in kpis}
    found: dict[date, dict[str, dict[str | None, Sums]]] = {}
    for each in sorted(days):
        wanted = kpis if each == day else [kpi for kpi in kpis if kpi.previous(day) == each]
        found[each] = by_branch(session, wanted, facts_in(session, each))
    for kpi in kpis:
        yield from _of_kpi(kpi, day, found[day][kpi.name], found[kpi.previous(day)][kpi.name])


def _of_kpi(kpi: Kpi, day: date, now: _Branches, before: _Branches) -> Iterable[dict[str, Any]]:
    nothing = Sums(None, None, added(now).known), Sums(None, None, added(before).known)
    yield _row(kpi, day, None, added(now), added(before))
    for branch in sorted((now.keys() | before.keys()) - {None}, key=str):
        yield _row(kpi, day, int(str(branch)), now.get(branch, nothing[0]), before.get(branch, nothing[1]))


def _row(kpi: Kpi, day: date, branch: int | None, now: Sums, before: Sums) -> dict[str, Any]:
    return {
        "name": kpi.name, "branch_id": branch, "as_of": day, **_columns(now), "value": kpi.value(now),
        "previous_as_of": kpi.previous(day), **_columns(before, "previous_"), "previous": kpi.value(before),
    }  # fmt: skip


def _columns(sums: Sums, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}part": sums.part, f"{prefix}whole": sums.whole, f"{prefix}known": sums.known}


def _value(kpi: Kpi, found: list[dict[str, Any]], actor: Actor) -> KpiValue:
    first = found[0]
    if actor.scope.bank:
        value, previous = (_whole(kpi, first[name]) for name in ("value", "previous"))
    else:
        value, previous = (kpi.value(_sums(found, prefix)) for prefix in ("", "previous_"))
    return KpiValue(
        name=kpi.name, title=kpi.title, meaning=kpi.meaning, formula=kpi.formula, unit=kpi.unit,
        direction=kpi.direction, owner=kpi.owner, value=value, as_of=first["as_of"], previous=previous,
        previous_as_of=first["previous_as_of"], area=kpi.area, tile=kpi.tile,
    )  # fmt: skip


def _sums(found: list[dict[str, Any]], prefix: str) -> Sums:
    return added({
        str(place): Sums(row[f"{prefix}part"], row[f"{prefix}whole"], bool(row[f"{prefix}known"]))
        for place, row in enumerate(found)
    })  # fmt: skip


def _whole(kpi: Kpi, value: float | None) -> float | int | None:
    """The number as the KPI gives it: it was published as a float."""
    return value if value is None or (kpi.quotient and kpi.unit not in ("cents", "count")) else int(value)
