"""Whether a delivered version of a dimension row says anything new.

A version that says what the one before it says is not kept. Yet it was told: when a file of a day between arrives
late and says otherwise, it is a version after all. So the last such row of each version is kept aside, `confirmed`:
the present is right in whatever order files arrive; days between a late file and that row are told by the late file.
"""

import ibis
from ibis.expr.types import Value

from zhike.data.schema import Table

# Where a row comes from: a version that is published, one that was kept aside, one that is delivered now.
PUBLISHED, CONFIRMED, DELIVERED = "published", "confirmed", "delivered"


def confirmed(table: str) -> str:
    """The table of a snapshot that holds, of each version, the last row that said the same again."""
    return f"{table}_confirmed"


def judged(rows: ibis.Table, table: Table) -> ibis.Table:
    """All versions that are not published, with ``verdict`` and ``last``: the last row of those that say the same.

    ``unchanged``: says what the version before it says, as a daily full extract does; nothing new.
    ``contradicts``: says something else of the same day than a version that was there first.
    ``new``: any other.
    """
    key = list(dict.fromkeys([*table.key, "source"]))
    told = [name for name in table.names if name not in (*key, "valid_from", "known_from")]
    versions = _ordered(rows, key)
    compared = rows.mutate(
        repeats=_as_before(ibis.struct({name: rows[name] for name in told}), versions),
        same_day=_as_before(rows.valid_from, versions) & _as_before(rows.known_from, versions),
    )
    verdict = ibis.cases((compared.repeats, "unchanged"), (compared.same_day, "contradicts"), else_="new")
    followed = compared.repeats.lead().over(_ordered(compared, key)).fill_null(False)
    marked = compared.mutate(verdict=verdict, last=~followed)
    return marked.filter(marked["_from"] != PUBLISHED).drop("repeats", "same_day")


def _ordered(rows: ibis.Table, key: list[str]) -> ibis.expr.builders.WindowBuilder:
    """The versions of a key in order of time; what is known stands before what is delivered now."""
    place = [rows["_file"].asc(nulls_first=True), rows["_line"].asc(nulls_first=True)]
    return ibis.window(group_by=key, order_by=[rows.valid_from, rows.known_from, *place])


def _as_before(value: Value, versions: ibis.expr.builders.WindowBuilder) -> Value:
    """Whether a value equals that of the row before; never for the first row of a key."""
    return value.identical_to(value.lag().over(versions)) & (ibis.row_number().over(versions) > 0)
