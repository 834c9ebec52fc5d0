"""What the engine does with a chunk: join, check the rules, map to canonical rows. Compiled once for a kind of file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
from ibis.expr.types import BooleanValue, IntegerValue, Value

from zhike.core import engine
from zhike.data.columns import Moment, RawColumn
from zhike.data.ingest import distinct, instants, texts
from zhike.data.schema import Table
from zhike.data.source import Map, RawFile, Source
from zhike.data.tables import TABLES

# ``_latest`` is the last day of which a row of the file may tell.
ROW = pa.schema([
    ("_row", pa.int64()), ("_file", pa.int32()), ("_line", pa.int64()),
    ("_known", pa.date32()), ("_latest", pa.date32()),
])  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """SQL of one kind of file. ``reasons[i]`` is (code, column) of reason number i, in the order in which they count.

    ``judge``: table ``typed`` and tables ``lookup_<name>`` -> ``_row`` and ``_reason``, where there is a ``prepare``
    all columns, also what it adds, ordered by ``_row``; empty where nothing is to be judged. ``maps``: canonical table
    and SQL over table ``accepted``.
    """

    judge: str
    maps: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]


def typed_name(raw: str, column: RawColumn) -> str:
    return column.name or raw


def fields(file: RawFile) -> list[pa.Field]:
    """Typed columns of a file, as rules, maps and lookups see them."""
    return [made for raw, column in file.readings for made in fields_of(raw, column)]


def fields_of(raw: str, column: RawColumn) -> list[pa.Field]:
    """The typed columns that one raw column becomes."""
    made = instants.OUTPUTS if isinstance(column, Moment) else distinct.outputs(column)
    if isinstance(column, texts.KINDS):
        made = (("", texts.TYPES[type(column)]),)
    return [pa.field(typed_name(raw, column) + suffix, kind) for suffix, kind in made]


def schema(file: RawFile) -> pa.Schema:
    """The table ``typed``."""
    return pa.schema([*ROW, *fields(file)])


@cache
def plan(source: Source, file: RawFile) -> Plan:
    """Compiles a kind of file, once for a process."""
    judged = ibis.table(ibis.Schema.from_pyarrow(schema(file)), name="typed")
    reasons = [(column.refusal, name) for name, column in file.readings]
    reasons += [(code, name) for code in ("missing_value", "out_of_range") for name, _ in file.readings]
    if file.prepare is not None:
        judged = file.prepare(judged, lambda name: lookup(source.file(name)))
    ahead = _ahead(judged, file)
    broken = [(~rule.holds(judged).fill_null(False), len(reasons) + at) for at, rule in enumerate(file.rules)]
    broken += [(late, len(reasons) + len(file.rules) + at) for at, (late, _) in enumerate(ahead)]
    judged = judged.mutate(_reason=_first(broken))
    accepted = ibis.table(judged.drop("_reason").schema(), name="accepted")
    maps = tuple((map_.table, engine.sql(canonical(accepted, map_, source))) for map_ in file.maps)
    reasons += [(rule.code, rule.column) for rule in file.rules] + [("out_of_range", column) for _, column in ahead]
    if file.prepare is not None:
        asked = engine.sql(judged.order_by("_row"))
    else:
        asked = engine.sql(judged.select("_row", "_reason")) if broken else ""
    return Plan(asked, maps, tuple(reasons))


def lookup(file: RawFile) -> ibis.Table:
    """A whole file as `prepare` joins it: typed columns only."""
    return ibis.table(ibis.Schema.from_pyarrow(pa.schema(fields(file))), name=f"lookup_{file.name}")


def canonical(accepted: ibis.Table, map_: Map, source: Source) -> ibis.Table:
    """The rows that a map makes, every column of the table in its type, and ``_row``."""
    table = TABLES[map_.table]
    rows = accepted if map_.where is None else accepted.filter(map_.where(accepted).fill_null(False))
    given = dict(map_.columns(rows))
    strange = given.keys() - set(table.names)
    if strange:
        raise ValueError(f"source {source.name} fills unknown columns of {table.name}: {', '.join(sorted(strange))}")
    filled = {**_defaults(rows, table, given, source), **given}
    if _prefixed(table) and table.key[0] in filled:
        filled[table.key[0]] = ibis.literal(f"{source.name}:") + filled[table.key[0]].cast("string")
    schema = table.ibis_schema()
    return rows.select(
        _row=rows["_row"],
        **{name: filled.get(name, ibis.null(schema[name])).cast(schema[name]) for name in table.names},
    )


def _prefixed(table: Table) -> bool:
    """Keys that are a bank's own reference need the source's name before them; surrogates and tokens do not."""
    key = table.column(table.key[0])
    return len(table.key) == 1 and key.type == "string" and key.name != "party_id"


def _defaults(rows: ibis.Table, table: Table, given: Mapping[str, Value], source: Source) -> dict[str, Value]:
    found: dict[str, Value] = {"source": ibis.literal(source.name)}
    if "currency" in table.names:
        found["currency"] = ibis.literal(source.currency)
    if table.shape == "event":
        if "business_date" not in given:
            raise ValueError(f"source {source.name} fills {table.name} without a business_date")
        found["known_at"] = ibis.coalesce(rows["_known"], given["business_date"])
    else:
        found["known_from"] = rows["_known"]
        found["valid_from"] = given.get("known_from", rows["_known"])
    return found


def _ahead(judged: ibis.Table, file: RawFile) -> list[tuple[BooleanValue, str]]:
    """(condition, raw column): an event, or what is known of something, from a day after the one that tells it.

    Only ``valid_from`` may lie ahead: a limit that rises next month.
    """
    raw_of = {made.name: raw for raw, column in file.readings for made in fields_of(raw, column)}
    found = []
    for map_ in file.maps:
        day = map_.columns(judged).get("business_date" if TABLES[map_.table].shape == "event" else "known_from")
        read = [] if day is None else [op.name for op in day.op().find(ops.Field, filter=ops.Value)]
        # A literal day is the source's own word.
        if day is not None and read:
            late = day > judged["_latest"]
            applies = late if map_.where is None else late & map_.where(judged).fill_null(False)
            found.append((applies.fill_null(False), next((raw_of[name] for name in read if name in raw_of), "")))
    return found


def _first(checks: list[tuple[BooleanValue, int]]) -> IntegerValue:
    """The number of the first condition that holds, else null."""
    numbered = [(condition, ibis.literal(number, "int32")) for condition, number in checks]
    return ibis.cases(*numbered, else_=ibis.null("int32")) if numbered else ibis.null("int32")
