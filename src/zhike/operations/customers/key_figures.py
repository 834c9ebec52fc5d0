"""The KPIs of a snapshot: each value, and the value of the day that it is compared with."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhike.core.engine import Session
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import workspace
from zhike.data.asof import Facts
from zhike.data.build import VIEW, open_session
from zhike.data.kpis import Kpi, kpis
from zhike.data.tables import TABLES
from zhike.operations.customers import reading
from zhike.operations.customers.shapes import KpiValue

SCHEMA = pa.schema(
    [
        ("name", pa.string()), ("value", pa.float64()), ("as_of", pa.date32()),
        ("previous", pa.float64()), ("previous_as_of", pa.date32()),
    ]
)  # fmt: skip


def rows(manifest: Manifest) -> list[dict[str, Any]]:
    """The key figures of a snapshot, computed now."""
    with open_session(SnapshotStore(workspace()), manifest, VIEW) as session:
        return computed(session, manifest)


def computed(session: Session, manifest: Manifest) -> list[dict[str, Any]]:
    """Rows of `SCHEMA`. A KPI that reads the view has no earlier value: the view of that day is not there."""
    day, view = reading.as_of(manifest), reading.snapshot_table(manifest, VIEW)
    if view is None:
        return []
    return [_row(session, kpi, view, day) for kpi in kpis]


def values(found: Iterable[dict[str, Any]]) -> list[KpiValue]:
    """Rows with the definition cards that are declared now; of a KPI no longer declared nothing is said."""
    known = kpis.all()
    return [_value(known[row["name"]], row) for row in found if row["name"] in known]


def _row(session: Session, kpi: Kpi, view: ibis.Table, day: date) -> dict[str, Any]:
    before = None if kpi.reads_view else kpi.previous(day)
    return {
        "name": kpi.name,
        "value": _scalar(session, kpi.value(_facts(day), view)),
        "as_of": day,
        "previous": _scalar(session, kpi.value(_facts(before), view)) if before else None,
        "previous_as_of": before,
    }


def _facts(day: date) -> Facts:
    return Facts(lambda name: TABLES[name].unbound(), day)


def _scalar(session: Session, expression: ir.Scalar) -> float | None:
    value: float | None = session.query(expression)[0][0].as_py()
    return None if value is None else float(value)


def _value(kpi: Kpi, row: dict[str, Any]) -> KpiValue:
    return KpiValue(
        name=kpi.name, title=kpi.title, meaning=kpi.meaning, formula=kpi.formula, unit=kpi.unit,
        direction=kpi.direction, owner=kpi.owner, value=_of_unit(kpi, row["value"]), as_of=row["as_of"],
        previous=_of_unit(kpi, row["previous"]), previous_as_of=row["previous_as_of"],
    )  # fmt: skip


def _of_unit(kpi: Kpi, value: float | None) -> float | None:
    """Counts and cents are whole numbers."""
    return value if value is None or kpi.unit == "ratio" else int(value)
