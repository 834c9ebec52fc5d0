"""Whether a delivered version of a dimension row says anything new."""

import ibis
from ibis.expr.types import Value

from zhike.data.schema import Table


def judged(rows: ibis.Table, table: Table) -> ibis.Table:
    """Delivered rows (those with a ``_line``) of all versions, with ``verdict``.

    ``unchanged``: says what the version before it says, as a daily full extract does; nothing new.
    ``contradicts``: says something else of the same day than a version that was there first.
    ``new``: any other.
    """
    key = list(dict.fromkeys([*table.key, "source"]))
    told = [name for name in table.names if name not in (*key, "valid_from", "known_from")]
    place = [rows["_file"].asc(nulls_first=True), rows["_line"].asc(nulls_first=True)]
    before = ibis.window(group_by=key, order_by=[rows.valid_from, rows.known_from, *place])
    compared = rows.mutate(
        repeats=_as_before(ibis.struct({name: rows[name] for name in told}), before),
        same_day=_as_before(rows.valid_from, before) & _as_before(rows.known_from, before),
    )
    verdict = ibis.cases((compared.repeats, "unchanged"), (compared.same_day, "contradicts"), else_="new")
    return compared.filter(compared["_line"].notnull()).mutate(verdict=verdict).drop("repeats", "same_day")


def _as_before(value: Value, before: ibis.expr.builders.WindowBuilder) -> Value:
    """Whether a value equals that of the row before; never for the first row of a key."""
    return value.identical_to(value.lag().over(before)) & (ibis.row_number().over(before) > 0)
