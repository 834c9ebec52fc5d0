"""Events whose key was told before: the same again, which is nothing new, or something else, which is refused.

A key is looked for in the whole table, whatever the months of its rows. Only the key column is read, as 64-bit
hashes, and never more fresh rows at once than `_PASS_ROWS`; rows whose hash is met again are read whole and compared,
by two independent hashes of the key and one of what the row says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.expr.types import IntegerValue

from zhike.core.engine import DuckSession, sql
from zhike.data.ingest.staging import Record, Staging
from zhike.data.schema import Table

_PASS_ROWS = 10_000_000
# A row repeats another one also where a later file tells it.
_NOT_TOLD = ("known_at",)
_EXISTING = -1
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Repeats:
    """Places of fresh rows: ``places`` of all whose key is told more than once, in the table or among them (a few
    may only look so by a hash); ``contradicting`` of those that say something else than the first one of their key.
    """

    places: Numbers
    contradicting: frozenset[int]


def repeats(table: Table, staging: Staging, records: Sequence[Record], session: DuckSession, existing: str) -> Repeats:
    """Compares the staged rows of an event table with each other, and with table ``existing`` of the session."""
    return _Search(table, staging, records, session, existing).run()


@dataclass(frozen=True)
class _Search:
    table: Table
    staging: Staging
    records: Sequence[Record]
    session: DuckSession
    existing: str

    def run(self) -> Repeats:
        staged = sum(part.rows for record in self.records for part in record.tables.get(self.table.name, []))
        passes = 1 + staged // _PASS_ROWS
        met, contradicting = [np.empty(0, np.int64)], set[int]()
        for number in range(passes):
            keys = self._met_again(number, passes)
            if len(keys):
                places, differing = self._compared_rows(keys)
                met.append(places)
                contradicting.update(differing)
        return Repeats(np.unique(np.concatenate(met)), frozenset(contradicting))

    def _met_again(self, number: int, passes: int) -> Numbers:
        """Hashes of staged keys that stand in the table or in another staged row: every ``passes``-th of them."""
        parts = [self._mine(hashes, number, passes) for hashes in self._staged_hashes()]
        staged, counts = np.unique(np.concatenate([np.empty(0, np.int64), *parts]), return_counts=True)
        self.session.add("wanted", pa.table({"hash": staged}))
        found = self.session.query_sql(_meeting(self.table, self.existing))["hash"].to_numpy()
        return np.union1d(staged[counts > 1], found)

    def _compared_rows(self, keys: Numbers) -> tuple[Numbers, list[int]]:
        """Places of the fresh rows with these hashes, and of those that differ from the first one of their key."""
        self.session.add("wanted", pa.table({"hash": keys}))
        known = self._compared(self._there(), ibis.literal(_EXISTING))
        parts = [self.session.query(known)]
        fresh = ibis.table({**dict(self.table.ibis_schema().items()), "place": "int64"}, name="told")
        statement = sql(self._compared(fresh, fresh["place"]))
        for rows in self._staged_rows():
            self.session.add("told", rows)
            parts.append(self.session.query_sql(statement))
        names = ("hash", "second", "content", "place")
        key, second, content, place = (
            np.concatenate([np.asarray(part[name].to_numpy(), np.int64) for part in parts]) for name in names
        )
        order = np.lexsort((place, second, key))
        starts = np.ones(len(order), bool)
        starts[1:] = (np.diff(key[order]) != 0) | (np.diff(second[order]) != 0)
        first = np.flatnonzero(starts)[np.cumsum(starts) - 1]
        differs = content[order] != content[order][first]
        return place[place != _EXISTING], [int(one) for one in place[order][differs] if one != _EXISTING]

    def _compared(self, rows: ibis.Table, place: IntegerValue) -> ibis.Table:
        told = ibis.struct({name: rows[name] for name in self.table.names if name not in _NOT_TOLD})
        wanted = ibis.table({"hash": "int64"}, name="wanted")
        key = rows[self.table.key[0]]
        made = {
            "hash": key.hash(), "second": (ibis.literal("second ") + key).hash(), "content": told.hash(),
            "place": place.cast("int64"),
        }  # fmt: skip
        # Only what is wanted is hashed whole.
        return rows.mutate(met=key.hash()).semi_join(wanted, ibis._.met == wanted.hash).select(**made)

    def _there(self) -> ibis.Table:
        return ibis.table(self.table.ibis_schema(), name=self.existing)

    def _mine(self, hashes: Numbers, number: int, passes: int) -> Numbers:
        return hashes if passes == 1 else hashes[hashes % passes == number]

    def _staged_hashes(self) -> Iterator[Numbers]:
        for record in self.records:
            batches = list(self.staging.rows(record, self.table.name, columns=[self.table.key[0]]))
            if batches:
                self.session.add("told", pa.Table.from_batches(batches))
                yield self.session.query_sql(_hashing(self.table))["hash"].to_numpy()

    def _staged_rows(self) -> Iterator[pa.Table]:
        for record in self.records:
            batches = list(self.staging.rows(record, self.table.name))
            if batches:
                rows = pa.Table.from_batches(batches)
                yield rows.select(self.table.names).append_column("place", pa.array(places(rows)))


@cache
def _hashing(table: Table) -> str:
    """Hashes of the keys of table ``told``."""
    key = table.key[0]
    return sql(ibis.table({key: table.ibis_schema()[key]}, name="told").select(hash=lambda rows: rows[key].hash()))


@cache
def _meeting(table: Table, existing: str) -> str:
    """Hashes of the keys of a table that stand in ``wanted``, each once."""
    hashed = ibis.table(table.ibis_schema(), name=existing).select(hash=lambda rows: rows[table.key[0]].hash())
    return sql(hashed.semi_join(ibis.table({"hash": "int64"}, name="wanted"), "hash").distinct())


_LINE_BITS = 40


def places(rows: pa.Table) -> Numbers:
    """File and line of rows (``_file``, ``_line``) as one number, which orders them; negative for rows of no file."""
    files, lines = (np.asarray(rows[name].fill_null(-1).to_numpy(), np.int64) for name in ("_file", "_line"))
    numbers: Numbers = (files << _LINE_BITS) | lines
    return numbers


def file_and_line(place: int) -> tuple[int, int]:
    """A place taken apart."""
    return place >> _LINE_BITS, place & ((1 << _LINE_BITS) - 1)
