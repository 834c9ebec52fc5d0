"""Facts as they were, as they were known: the only way a feature, a KPI or a segment reads a canonical table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps

import ibis

from zhike.data.rows import spoken_on
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
        if declared.merged:
            return _merged(declared, self._versions(rows, (*declared.key, "source")))
        if declared.name == "consent":
            return _last_said(self._versions(rows, (*declared.key, "source")), declared.key)
        return self._versions(rows, declared.key)

    def kept(self, _name: str, make: Callable[[], ibis.Table]) -> ibis.Table:
        """A table made from these facts alone, by its name: here made anew, by `zhike.data.keeping` once for many."""
        return make()

    def _versions(self, rows: ibis.Table, key: tuple[str, ...]) -> ibis.Table:
        seen = rows.filter(rows.valid_from <= self.as_of, rows.known_from <= self.as_of)
        ranked = _newest_first(seen, key)
        current = ranked.filter(ranked.version_rank == 0).drop("version_rank")
        return current.filter(current.valid_to.isnull() | (current.valid_to > self.as_of))


Reader = Callable[[Facts], ibis.Table]


def kept(name: str) -> Callable[[Reader], Reader]:
    """A reader whose table is worked out once for all questions about a day, where facts keep anything."""

    def keeping(reader: Reader) -> Reader:
        @wraps(reader)
        def read(facts: Facts) -> ibis.Table:
            return facts.kept(name, lambda: reader(facts))

        return read

    return keeping


def _newest_first(rows: ibis.Table, key: tuple[str, ...]) -> ibis.Table:
    """``version_rank`` counts the versions of a key from the newest, 0, on."""
    # The source breaks the last tie, so that every engine picks the same version.
    order = [rows.valid_from.desc(), rows.known_from.desc(), rows.source.asc()]
    return rows.mutate(version_rank=ibis.row_number().over(ibis.window(group_by=key, order_by=order)))


def _last_said(rows: ibis.Table, key: tuple[str, ...]) -> ibis.Table:
    """Of each key the word of the source that spoke last (`spoken_on`); of one day a withdrawal holds.

    So no older yes outdoes a withdrawal by arriving from another system.
    """
    order = [spoken_on(rows).desc(), rows.given.asc(), rows.source.asc()]
    ranked = rows.mutate(rank_of_source=ibis.row_number().over(ibis.window(group_by=key, order_by=order)))
    return ranked.filter(ranked.rank_of_source == 0).drop("rank_of_source")


def _merged(declared: Table, rows: ibis.Table) -> ibis.Table:
    """One row per key: of each column the newest value that is known, whichever source knows it."""
    ranked = _newest_first(rows, declared.key)
    values = {
        name: ranked[name].argmin(ranked.version_rank, where=ranked[name].notnull())
        for name in declared.names
        if name not in declared.key
    }
    return ranked.group_by(*declared.key).aggregate(**values)
