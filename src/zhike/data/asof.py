"""Facts as they were, as they were known: the only way a feature, a KPI or a segment reads a canonical table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import ibis

from zhike.data.schema import Table
from zhike.data.tables import TABLES


@dataclass(frozen=True)
class Facts:
    """The canonical tables seen at the end of ``as_of``.

    ``read`` gives the whole table by name (bound to an engine, or unbound in declarations).
    """

    read: Callable[[str], ibis.Table]
    as_of: date

    def __call__(self, name: str) -> ibis.Table:
        """Events until ``as_of`` that were known by then; of dimensions the one version valid then, as known then."""
        declared = TABLES[name]
        rows = self.read(name)
        if declared.shape == "event":
            return rows.filter(rows.business_date <= self.as_of, rows.known_at <= self.as_of)
        return self._versions(declared, rows)

    def _versions(self, declared: Table, rows: ibis.Table) -> ibis.Table:
        seen = rows.filter(rows.valid_from <= self.as_of, rows.known_from <= self.as_of)
        newest = ibis.window(
            group_by=declared.key,
            # The source breaks the last tie, so that every engine picks the same version.
            order_by=[seen.valid_from.desc(), seen.known_from.desc(), seen.source.asc()],
        )
        ranked = seen.mutate(version_rank=ibis.row_number().over(newest))
        current = ranked.filter(ranked.version_rank == 0).drop("version_rank")
        return current.filter(current.valid_to.isnull() | (current.valid_to > self.as_of))
