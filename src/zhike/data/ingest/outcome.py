"""The second half of a chunk's road: accepted rows -> canonical rows, personal fields; refused ones -> quarantine."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhike.core.errors import Invariant
from zhike.data import lookalikes, quarantine
from zhike.data.columns import CardNumber, Identity, Party, Personal
from zhike.data.identity import IDENTITY, Crosswalk, NewKey
from zhike.data.ingest import typed
from zhike.data.ingest.chunk import Ids, Kind, Reasons, flat
from zhike.data.ingest.delivery import Delivered
from zhike.data.ingest.reading import RawChunk
from zhike.data.source import RawFile
from zhike.data.tables import TABLES

PLACE = [pa.field("_file", pa.int32()), pa.field("_line", pa.int64())]
PERSONAL = pa.schema([
    ("party_id", pa.string()), ("field", pa.string()), ("value", pa.string()), ("known_from", pa.date32()), *PLACE,
])  # fmt: skip


@dataclass
class Outcome:
    """What became of a chunk. ``tables``: canonical columns with ``_file`` and ``_line``, the quarantine among them.

    ``personal``: party, vault field and value in clear, with the place of the row.
    ``rows_in``, ``totals`` (sum of the controlled column, minor units) and ``unsummed`` (rows without a readable value
    in that column, and the line of the first) by index of the delivered file.
    """

    tables: dict[str, pa.Table]
    personal: pa.Table
    rows_in: dict[int, int]
    totals: dict[int, int]
    unsummed: dict[int, tuple[int, int]]


def outcome(
    kind: Kind, chunk: RawChunk, rows: pa.Table, reasons: Reasons, crosswalk: Crosswalk, files: list[Delivered]
) -> Outcome:
    """Maps what is accepted. A row whose canonical rows lack a required value is refused whole."""
    accepted, parties, new = _introduced(kind, chunk, rows, reasons, crosswalk)
    tables = _mapped(kind, accepted)
    lacking = _lacking(tables)
    if lacking:
        for row, column in lacking.items():
            reasons[row] = ("missing_value", column)
        gone = [key for key in new if key.row in lacking]
        crosswalk.forget(gone)
        new = [key for key in new if key.row not in lacking]
        keep = pa.array([reason is None for reason in reasons])
        tables = {name: table.filter(keep.take(table["_row"].combine_chunks())) for name, table in tables.items()}
    place = rows.select(["_file", "_line"])
    located = {name: _located(table, place) for name, table in tables.items() if table.num_rows}
    if new:
        located["party_key"] = _located(_keys(new, rows, kind.source.namespace), place)
    refused = _quarantined(kind, chunk, rows, reasons, files)
    if refused.num_rows:
        located[quarantine.TABLE] = refused
    personal = _personal(kind, chunk, rows, reasons, parties)
    return Outcome(located, personal, _rows_in(chunk), _totals(kind.file, rows), _unsummed(kind.file, chunk, rows))


def _introduced(
    kind: Kind, chunk: RawChunk, rows: pa.Table, reasons: Reasons, crosswalk: Crosswalk
) -> tuple[pa.Table, list[str | None], list[NewKey]]:
    """Accepted rows with party ids, the party of every row of the chunk, and keys not known before."""
    fine = np.array([reason is None for reason in reasons], bool)
    accepted = rows.filter(pa.array(fine))
    parties: list[str | None] = [None] * len(reasons)
    for name, column in kind.file.readings:
        if not isinstance(column, Party):
            continue
        at = typed.typed_name(name, column)
        places = np.flatnonzero(fine)
        found, new = accepted[at].to_pylist(), list[NewKey]()
        if column.first_known is not None:
            documents = _documents(kind.file, chunk, places)
            since = accepted[column.first_known].to_pylist()
            found, new = crosswalk.introduce(found, since, documents, places.tolist())
            accepted = accepted.set_column(accepted.column_names.index(at), at, pa.array(found, pa.string()))
            accepted = _without_conflicts(kind.file, accepted, places, found, reasons)
        for place, party in zip(places, found, strict=True):
            parties[place] = party
        return accepted, parties, new
    return accepted, parties, []


def _without_conflicts(
    file: RawFile, accepted: pa.Table, places: Ids, parties: list[str | None], reasons: Reasons
) -> pa.Table:
    """Refuses known customer numbers that come with another party's document."""
    fine = np.array([party is not None for party in parties], bool)
    if fine.all():
        return accepted
    document = next(name for name, column in file.readings if isinstance(column, Identity))
    for place in places[~fine]:
        reasons[place] = ("identity_conflict", document)
    return accepted.filter(pa.array(fine))


def _documents(file: RawFile, chunk: RawChunk, places: Ids) -> list[str | None]:
    for name, column in file.readings:
        if isinstance(column, Identity):
            cells = chunk.rows[name].take(pa.array(places)).to_pylist()
            return [text.strip() if text.strip() and text.strip() not in column.missing else None for text in cells]
    return [None] * len(places)


def _mapped(kind: Kind, accepted: pa.Table) -> dict[str, pa.Table]:
    kind.session.add("accepted", accepted)
    made: dict[str, list[pa.Table]] = {}
    for table, statement in kind.plan.maps:
        schema = pa.schema([pa.field("_row", pa.int64()), *TABLES[table].arrow_schema()])
        made.setdefault(table, []).append(_without_numbers(table, kind.session.query_sql(statement).cast(schema)))
    return {table: pa.concat_tables(parts).combine_chunks() for table, parts in made.items()}


def _without_numbers(table: str, rows: pa.Table) -> pa.Table:
    """Free texts with what looks like a phone, a document, a card or an address for mail in them masked."""
    for column in TABLES[table].columns:
        if column.free_text:
            cells = flat(rows[column.name])
            worth = pc.fill_null(pc.match_substring_regex(cells, lookalikes.WORTH_A_LOOK), False)
            if pc.any(worth).as_py():
                texts = [None if text is None else lookalikes.masked(text) for text in cells.filter(worth).to_pylist()]
                cells = pc.replace_with_mask(cells, worth, pa.array(texts, pa.string()))
                rows = rows.set_column(rows.column_names.index(column.name), column.name, cells)
    return rows


def _lacking(tables: dict[str, pa.Table]) -> dict[int, str]:
    """Rows for which a map gives a required column no value -> that column. A code that is none is a wrong map."""
    lacking: dict[int, str] = {}
    for name, table in tables.items():
        for column in TABLES[name].columns:
            cells = flat(table[column.name])
            if column.required and cells.null_count:
                for row in table["_row"].filter(cells.is_null()).to_pylist():
                    lacking.setdefault(row, column.name)
            if column.codes:
                strange = set(cells.unique().to_pylist()) - {None, *column.codes}
                if strange:
                    raise Invariant(f"A map gives {name}.{column.name} the unknown code {strange.pop()!r}: correct it.")
    return lacking


def _located(table: pa.Table, place: pa.Table) -> pa.Table:
    where = place.take(table["_row"])
    bare = table.drop_columns("_row")
    return bare.append_column(PLACE[0], where["_file"]).append_column(PLACE[1], where["_line"])


def _keys(new: list[NewKey], rows: pa.Table, namespace: str) -> pa.Table:
    known = rows["_known"].take(pa.array([key.row for key in new])).to_pylist()
    records = [
        {
            "_row": key.row, "key_token": key.token, "party_id": key.party_id, "valid_from": key.first_known,
            "valid_to": None, "known_from": day or key.first_known,
            "source": IDENTITY if key.namespace == IDENTITY else namespace,
        }
        for key, day in zip(new, known, strict=True)
    ]  # fmt: skip
    return pa.Table.from_pylist(records, pa.schema([pa.field("_row", pa.int64()), *TABLES["party_key"].arrow_schema()]))


def _quarantined(kind: Kind, chunk: RawChunk, rows: pa.Table, reasons: Reasons, files: list[Delivered]) -> pa.Table:
    places = np.flatnonzero([reason is not None for reason in reasons])
    unreadable = _unreadable(kind.file, rows.take(pa.array(places)))
    records = [
        (chunk.files[at], chunk.lines[at], *reasons[at], quarantine.masked_row(row, kind.file, unreadable[number]))
        for number, (at, row) in enumerate(zip(places, chunk.rows.take(pa.array(places)).to_pylist(), strict=True))
    ]
    records += [
        (index, line.line, line.code, None, quarantine.masked_line(line.text, kind.file))
        for index, line in chunk.refused
    ]
    table = [
        {
            "source": kind.source.name, "kind": kind.file.name, "file": files[int(index)].name, "line": int(line),
            "code": code, "column": column, "raw": raw, "_file": int(index), "_line": int(line),
        }
        for index, line, code, column, raw in records
    ]  # fmt: skip
    return pa.Table.from_pylist(table, pa.schema([*quarantine.SCHEMA, *PLACE]))


def _unreadable(file: RawFile, rows: pa.Table) -> list[set[str]]:
    """Of each row the raw columns that were not read as any of their kinds; those beside an instant are not read."""
    found: list[set[str]] = [set() for _ in range(rows.num_rows)]
    for name, column in file.readings:
        if name in file.telling:
            (first, *_) = typed.fields_of(name, column)
            for at in np.flatnonzero(rows[first.name].is_null().to_numpy()):
                found[at].add(name)
    return found


def _personal(kind: Kind, chunk: RawChunk, rows: pa.Table, reasons: Reasons, parties: list[str | None]) -> pa.Table:
    """Personal fields of accepted rows that name a party, in the order of the rows."""
    taken = [at for at, party in enumerate(parties) if party is not None and reasons[at] is None]
    since = next((c.first_known for _, c in kind.file.readings if isinstance(c, Party) and c.first_known), "_known")
    known = pc.coalesce(rows["_known"], rows[since], pa.scalar(date.min, pa.date32()))
    place = pa.table({"known": known, "_file": rows["_file"], "_line": rows["_line"]})
    parts = [pa.Table.from_pylist([], PERSONAL)]
    for name, column in kind.file.readings:
        field = _vault_field(column)
        if field is None or not taken:
            continue
        values = pc.utf8_trim_whitespace(flat(chunk.rows[name]).take(pa.array(taken)))
        party = pa.array([parties[at] for at in taken], pa.string())
        where = place.take(pa.array(taken))
        made = pa.table([party, pa.array([field] * len(taken)), values, *where.columns], schema=PERSONAL)
        parts.append(made.filter(pc.invert(pc.is_in(values, pa.array(["", *column.missing])))))
    return pa.concat_tables(parts)


def _vault_field(column: object) -> str | None:
    match column:
        case Personal(field=field):
            return field
        case Identity():
            return "id_number"
        case CardNumber(to_vault=True):
            return "card_number"
        case Party(first_known=str()):
            return "customer_number"
        case _:
            return None


def _rows_in(chunk: RawChunk) -> dict[int, int]:
    counted = Counter(chunk.files.tolist())
    counted.update(index for index, _ in chunk.refused)
    return dict(counted)


def _totals(file: RawFile, rows: pa.Table) -> dict[int, int]:
    if file.control is None or not file.control.total:
        return {}
    amounts = rows[typed.typed_name(*file.controlled)]
    sums = pa.table({"file": rows["_file"], "amount": amounts}).group_by("file").aggregate([("amount", "sum")])
    return dict(zip(sums["file"].to_pylist(), (total or 0 for total in sums["amount_sum"].to_pylist()), strict=True))


def _unsummed(file: RawFile, chunk: RawChunk, rows: pa.Table) -> dict[int, tuple[int, int]]:
    if file.control is None or not file.control.total:
        return {}
    lost = rows.filter(pc.is_null(rows[typed.typed_name(*file.controlled)]))
    places = list(zip(lost["_file"].to_pylist(), lost["_line"].to_pylist(), strict=True))
    places += [(index, line.line) for index, line in chunk.refused]
    counted = Counter(index for index, _ in places)
    return {index: (count, min(line for at, line in places if at == index)) for index, count in counted.items()}
