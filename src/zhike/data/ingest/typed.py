"""What the engine does with a chunk: read numbers and texts, join, check rules. Compiled once for a kind of file."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Value

from zhike.core import engine
from zhike.core.money import exponent
from zhike.data.columns import Ignored, Moment, Money, Number, Personal, RawColumn, Whole, Words
from zhike.data.ingest import distinct, instants
from zhike.data.schema import Table
from zhike.data.source import Map, RawFile, Source
from zhike.data.tables import TABLES

ROW = pa.schema([("_row", pa.int64()), ("_file", pa.int32()), ("_line", pa.int64()), ("_known", pa.date32())])
# No typed column, and the raw one does not even reach the engine.
UNREAD = (Ignored, Personal)
ENGINE_READS = (Words, Whole, Number, Money)


@dataclass(frozen=True)
class Plan:
    """SQL of one kind of file. ``reasons[i]`` is (code, column) of reason number i, in the order in which they count.

    ``typed``: table ``raw`` (and ``lookup_<name>``) -> typed columns, prepared ones and ``_reason``, ordered by
    ``_row``. ``plain``: the same without preparation and rules, for files that others read as lookups.
    ``maps``: canonical table and SQL over table ``accepted``.
    """

    typed: str
    plain: str
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
    if isinstance(column, ENGINE_READS):
        made = (("", _ENGINE_TYPES[type(column)]),)
    return [pa.field(typed_name(raw, column) + suffix, kind) for suffix, kind in made]


def input_schema(file: RawFile) -> pa.Schema:
    """The table ``raw``: typed columns, and texts (``raw name``) where the engine reads the column."""
    raw_of = {typed_name(raw, column): raw for raw, column in file.readings if isinstance(column, ENGINE_READS)}
    return pa.schema([*ROW, *(pa.field(f.name, pa.string() if f.name in raw_of else f.type) for f in fields(file))])


def plan(source: Source, file: RawFile) -> Plan:
    """Compiles a kind of file."""
    raw = ibis.table(ibis.Schema.from_pyarrow(input_schema(file)), name="raw")
    reasons = [(column.refusal, name) for name, column in file.readings]
    reasons += [(code, name) for code in ("missing_value", "out_of_range") for name, _ in file.readings]
    offset = len(reasons)
    reasons += [(rule.code, rule.column) for rule in file.rules]
    values = _values(raw, source, file)
    checks = _column_checks(raw, values, file)
    state = ibis.cases(*checks, else_=ibis.null("int32")) if checks else ibis.null("int32")
    prepared = raw.select(**values, _reason=state)
    if file.prepare is not None:
        prepared = file.prepare(prepared, lambda name: lookup(source.file(name)))
    broken = [
        (~rule.holds(prepared).fill_null(False), ibis.literal(offset + at, "int32")) for at, rule in enumerate(file.rules)
    ]
    if broken:
        prepared = prepared.mutate(_reason=prepared._reason.fill_null(ibis.cases(*broken, else_=ibis.null("int32"))))
    if file.prepare is not None:
        prepared = prepared.order_by("_row")
    accepted = ibis.table(prepared.drop("_reason").schema(), name="accepted")
    maps = tuple((map_.table, engine.sql(canonical(accepted, map_, source))) for map_ in file.maps)
    return Plan(engine.sql(prepared), engine.sql(raw.select(**{f.name: values[f.name] for f in fields(file)})), maps, tuple(reasons))


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
        found["known_at"] = ibis.coalesce(rows["_known"], given["business_date"]) if "business_date" in given else None
    else:
        found["known_from"] = rows["_known"]
        found["valid_from"] = given.get("known_from", rows["_known"])
    return found


def _values(raw: ibis.Table, source: Source, file: RawFile) -> dict[str, Value]:
    """Typed columns as expressions over the texts."""
    read = {typed_name(name, column): column for name, column in file.readings if isinstance(column, ENGINE_READS)}
    return {
        name: _typed(_text(raw[name], read[name]), read[name], source) if name in read else raw[name]
        for name in raw.columns
    }


def _column_checks(
    raw: ibis.Table, values: Mapping[str, Value], file: RawFile
) -> list[tuple[BooleanValue, IntegerValue]]:
    """(condition, reason number): unreadable, missing, out of range."""
    checks = []
    for at, (raw_name, column) in enumerate(file.readings):
        if not isinstance(column, ENGINE_READS):
            continue
        name = typed_name(raw_name, column)
        value, text = values[name], _text(raw[name], column)
        kinds = [(value.isnull() & text.notnull())] if not isinstance(column, Words) else [ibis.literal(False)]
        kinds.append(ibis.literal(False) if column.optional else text.isnull())
        least, most = getattr(column, "least", None), getattr(column, "most", None)
        outside = [value < least] if least is not None else []
        outside += [value > most] if most is not None else []
        kinds.append(ibis.or_(*outside) if outside else ibis.literal(False))
        for kind, condition in enumerate(kinds):
            if not isinstance(condition.op(), ibis.expr.operations.Literal):
                checks.append((condition, ibis.literal(kind * len(file.readings) + at, "int32")))
    return checks


def _text(cell: StringValue, column: RawColumn | None) -> StringValue:
    """Stripped, null where it stands for nothing."""
    text = cell.strip()
    missing = ("", *(column.missing if column else ()))
    return text.nullif("") if missing == ("",) else ibis.cases((text.isin(missing), ibis.null("string")), else_=text)


def _typed(text: StringValue, column: RawColumn, source: Source) -> Value:
    match column:
        case Whole() | Money(implied=True):
            return _when(text, r"^[+-]?[0-9]{1,18}$").try_cast("int64")
        case Money(scientific=True):
            amount = _when(text, r"^[+-]?[0-9]{1,15}(\.[0-9]{0,9})?([eE][+-]?[0-9]{1,2})?$").try_cast("decimal(30,9)")
            cents = amount * 10 ** exponent(source.currency)
            return ibis.cases((cents == cents.try_cast("int64"), cents.try_cast("int64")), else_=ibis.null("int64"))
        case Money():
            digits = exponent(source.currency)
            pattern = rf"^[+-]?[0-9]{{1,15}}(\.[0-9]{{0,{digits}}}0*)?$"
            return (_when(text, pattern).try_cast(f"decimal(18,{digits})") * 10**digits).cast("int64")
        case Number():
            return _when(text, r"^[+-]?[0-9]{1,15}(\.[0-9]{0,15})?$").try_cast("float64")
        case _:
            return text


def _when(text: StringValue, pattern: str) -> StringValue:
    return ibis.cases((text.re_search(pattern), text), else_=ibis.null("string"))


_ENGINE_TYPES = {Words: pa.string(), Whole: pa.int64(), Number: pa.float64(), Money: pa.int64()}
