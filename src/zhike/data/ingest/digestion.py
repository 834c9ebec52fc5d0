"""Takes the files of a load through their chunks, kind after kind, behind what is staged already."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhike.core.engine import DuckSession
from zhike.core.failpoint import failpoint
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.data.columns import CardNumber, Surrogate
from zhike.data.identity import Crosswalk
from zhike.data.ingest import typed
from zhike.data.ingest.chunk import Ids, Kind
from zhike.data.ingest.delivery import Delivered
from zhike.data.ingest.distinct import Keys
from zhike.data.ingest.outcome import PLACE, outcome
from zhike.data.ingest.reading import Mark, RawChunk, chunks
from zhike.data.ingest.report import Progress
from zhike.data.ingest.staging import Record, Staging
from zhike.data.source import RawFile, Source
from zhike.data.tables import TABLES


class Digestion:
    """Stages all chunks of the fresh files of a load. ``files`` are all that were delivered, for lookups."""

    def __init__(
        self, source: Source, files: list[Delivered], fresh: list[Delivered], staging: Staging, session: DuckSession
    ) -> None:
        self.source, self.files, self.fresh = source, files, fresh
        self.staging, self.session = staging, session
        self._kinds: dict[str, Kind] = {}
        self._looked_up: set[str] = set()

    def run(
        self, finished: Sequence[Record], store: SnapshotStore, manifest: Manifest, progress: Progress
    ) -> list[Record]:
        """The records of all chunks, those finished before included."""
        self._keys = Keys(store.workspace.secret("ids"), self.source.namespace)
        self._crosswalk = Crosswalk(store.workspace, self.source.namespace, _columns(store, manifest, "party_key"))
        records = list(finished)
        for record in finished:
            self._crosswalk.learn(pa.Table.from_batches(self.staging.rows(record, "party_key"), _PARTY_KEY))
        total = sum(one.layout.end for one in self.fresh)
        before = 0
        for file in self.source.files:
            mine = [one for one in self.fresh if one.kind is file]
            done = [record for record in records if record.kind == file.name]
            start = done[-1].after if done else Mark()
            if mine and start.file < len(mine):
                ids = self._ids(file, store, manifest, records)
                self._look_up(file)
                for chunk in chunks(mine, start):
                    records.append(self._staged(file, chunk, len(records), ids))
                    failpoint("load.chunk_staged")
                    progress(file.name, before + _done(mine, chunk.after), total)
            before += sum(one.layout.end for one in mine)
            self._kinds.pop(file.name, None)  # and what its readers remember
        return records

    def _staged(self, file: RawFile, chunk: RawChunk, number: int, ids: dict[str, Ids]) -> Record:
        kind = self._kind(file)
        rows, reasons = kind.read(chunk, self._known(chunk), self._crosswalk, ids)
        made = outcome(kind, chunk, rows, reasons, self._crosswalk, self.files)
        return self.staging.write(number, file.name, chunk.after, made)

    def _kind(self, file: RawFile) -> Kind:
        if file.name not in self._kinds:
            self._kinds[file.name] = Kind(self.source, file, self.session, self._keys)
        return self._kinds[file.name]

    def _known(self, chunk: RawChunk) -> pa.Array:
        """The date in the path of each row's file."""
        return pa.array([one.known for one in self.files], pa.date32()).take(pa.array(chunk.files))

    def _look_up(self, file: RawFile) -> None:
        """Gives the session whole files that ``prepare`` joins, also those loaded before."""
        for name in file.reads:
            if name in self._looked_up:
                continue
            kind = self._kind(self.source.file(name))
            mine = [one for one in self.files if one.kind is kind.file]
            parts = [kind.plain(chunk, self._known(chunk))[0] for chunk in chunks(mine, Mark())]
            whole = pa.concat_tables(parts) if parts else typed.schema(kind.file).empty_table()
            self.session.add(f"lookup_{name}", whole.combine_chunks())
            self._looked_up.add(name)

    def _ids(
        self, file: RawFile, store: SnapshotStore, manifest: Manifest, records: Sequence[Record]
    ) -> dict[str, Ids]:
        """The surrogates in every table that a column of the file asks for: published ones and staged ones."""
        asked = {c.known_in for _, c in file.readings if isinstance(c, Surrogate | CardNumber) and c.known_in}
        found = {}
        for table in sorted(asked):
            key = TABLES[table].key[0]
            parts = [np.asarray(_columns(store, manifest, table, [key])[key], np.int64)]
            for record in records:
                parts += [np.asarray(batch[key], np.int64) for batch in self.staging.rows(record, table, columns=[key])]
            found[table] = np.unique(np.concatenate(parts))
        return found


_PARTY_KEY = pa.schema([*TABLES["party_key"].arrow_schema(), *PLACE])


def _columns(store: SnapshotStore, manifest: Manifest, table: str, columns: list[str] | None = None) -> pa.Table:
    schema = TABLES[table].arrow_schema()
    names = columns or schema.names
    parts = [pq.read_table(path, columns=names, partitioning=None) for path in store.paths(manifest, table)]
    return pa.concat_tables([schema.empty_table().select(names), *parts])


def _done(files: Sequence[Delivered], mark: Mark) -> int:
    whole = sum(one.layout.end for one in files[: mark.file])
    return whole + max(mark.offset, 0)
