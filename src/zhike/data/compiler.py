"""From feature declarations to one Ibis expression: the customer view.

One pass per table and reach: rows that belong to an account are aggregated by account, the accounts of a customer are
then put together once for all passes. Distinct days are counted as bits, other exact distinct counts go by the last day
each value was seen, so that every window of one column shares one pass. All tables are seen through `Facts`: as they
were, as they were known.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from zhike.data.asof import Facts
from zhike.data.days import days_counted, word_and_bit
from zhike.data.derive import with_derived
from zhike.data.feature import AnyFeature, Derived, Feature, Trait
from zhike.data.joined import JOINED
from zhike.data.newest import newest_per_account

ID = "customer_id"
# Short windows are kept apart from long ones: reading a few columns again costs less than carrying every measure
# through a year of rows of which it takes a quarter.
_RECENT_DAYS = 92


def compile_view(facts: Facts, declared: Iterable[AnyFeature]) -> ibis.Table:
    """One row per party visible at ``facts.as_of``; columns: customer_id, then every feature by name."""
    features = sorted(declared, key=lambda feature: feature.name)
    traits = [feature for feature in features if isinstance(feature, Trait)]
    measured = [feature for feature in features if isinstance(feature, Feature)]
    joined = _side_by_side(_parties(facts, traits), _passes(Road(facts), measured), ID)
    filled = {feature.name: _filled(joined, feature) for feature in measured}
    view = joined.select(ID, *(trait.name for trait in traits), **filled)
    derived = [feature for feature in features if isinstance(feature, Derived)]
    view = with_derived(view, derived, ibis.literal(facts.as_of))
    return view.select(ID, *(feature.name for feature in features))


def _side_by_side(left: ibis.Table, others: Iterable[ibis.Table], key: str) -> ibis.Table:
    """All rows of ``left`` with the columns of the others, as one chain of joins: one flat SELECT in SQL."""
    for place, other in enumerate(others):
        left = left.left_join(other, key, rname="{name}_" + str(place))
    return left


def _parties(facts: Facts, traits: Sequence[Trait]) -> ibis.Table:
    parties = facts("party")
    columns = {trait.name: parties[trait.column].cast(trait.type) for trait in traits}
    return parties.select(parties.party_id.name(ID), **columns)


def _pass(feature: Feature) -> tuple[str, str]:
    """Features of one pass read the same rows: one table, recent, whole or newest, or one distinct column."""
    if feature.measure.how == "distinct":
        condition = f"{feature.where.__module__}.{feature.where.__qualname__}" if feature.where else ""
        return feature.table, f"distinct {feature.measure.column} {condition}"
    if feature.newest_per_account:
        return feature.table, "newest"
    return feature.table, "recent" if 0 < _reach(feature) <= _RECENT_DAYS else "whole"


def _passes(road: "Road", measured: list[Feature]) -> Iterator[ibis.Table]:
    """Tables by customer that hold every measured feature once."""
    by_account: list[Feature] = []
    parts: list[ibis.Table] = []
    for _, group in groupby(sorted(measured, key=_pass), key=_pass):
        features = list(group)
        rows = _within(road, features, road.rows(features[0].table))
        _require_compilable(features, rows)
        if features[0].measure.how == "distinct":
            yield _distinct(road, features, rows)
        elif "party_id" in rows.columns:
            by_party = rows.group_by(rows.party_id.name(ID))
            yield by_party.aggregate(**{each.name: _measure(rows, each, road.facts) for each in features})
        else:
            parts.append(_by_account(road, features, rows))
            by_account += features
    accounts = _side_by_side(road.holders(), parts, "account_id")
    yield accounts.group_by(ID).aggregate(**{each.name: _merge(accounts, each) for each in by_account})


def _require_compilable(features: list[Feature], rows: ibis.Table) -> None:
    """Refuses what a declaration asks for and its table cannot give, rather than leave it out."""
    if "account_id" in rows.columns and "party_id" not in rows.columns:
        return
    for feature in features:
        if feature.accounts or feature.newest_per_account or feature.measure.how == "distinct":
            raise ValueError(
                f"{feature.name}: rows of {feature.table} belong to a party, not to an account: accounts, "
                "newest_per_account and distinct counts cannot be computed on them"
            )


def _filled(view: ibis.Table, feature: Feature) -> ir.Value:
    value = view[feature.name].cast(feature.type)
    return value if feature.empty is None else value.fill_null(feature.empty)


@dataclass(frozen=True)
class Road:
    """How a row reaches its customer: by its own party, or by the main holder of its account."""

    facts: Facts

    def rows(self, table: str) -> ibis.Table:
        return JOINED[table](self.facts) if table in JOINED else self.facts(table)

    def holders(self) -> ibis.Table:
        """account_id, customer_id, account_kind, account_status of every account with a main holder."""
        parties, accounts = self.facts("account_party"), self.facts("account")
        main = parties.filter(parties.role == "main")
        joined = main.join(accounts, main.account_id == accounts.account_id)
        return joined.select(
            main.account_id, main.party_id.name(ID), accounts.kind.name("account_kind"),
            accounts.status.name("account_status"),
        )  # fmt: skip


def _by_account(road: Road, features: list[Feature], rows: ibis.Table) -> ibis.Table:
    kept = newest_per_account(features[0].table, rows) if features[0].newest_per_account else rows
    return kept.group_by("account_id").aggregate(**{each.name: _measure(kept, each, road.facts) for each in features})


def _within(road: Road, features: list[Feature], rows: ibis.Table) -> ibis.Table:
    """Drops the days that no window of the pass reaches."""
    if any(feature.window_days is None for feature in features):
        return rows
    reach = max(_reach(feature) for feature in features)
    return rows.filter(rows.business_date > road.facts.as_of - timedelta(days=reach))


def _reach(feature: Feature) -> int:
    """Days back to the first day of the window; 0 without a window."""
    return feature.window_days + feature.offset_days if feature.window_days else 0


def _chosen(rows: ibis.Table, feature: Feature, facts: Facts) -> ir.BooleanValue | None:
    """The feature's filter and window as one predicate; None when it takes every row."""
    tests = [feature.where(rows)] if feature.where else []
    if feature.window_days is not None:
        last = facts.as_of - timedelta(days=feature.offset_days)
        tests.append(rows.business_date > last - timedelta(days=feature.window_days))
        if feature.offset_days:
            tests.append(rows.business_date <= last)
    return ibis.and_(*tests) if tests else None


def _measure(rows: ibis.Table, feature: Feature, facts: Facts) -> ir.Value:
    """The value of one account, or of one customer where rows carry the party."""
    chosen, measure = _chosen(rows, feature, facts), feature.measure
    if measure.how == "count":
        return rows.count(where=chosen)
    if measure.how == "last":
        return rows.business_date.max(where=chosen)
    values = measure.column(rows) if callable(measure.column) else rows[str(measure.column)]
    if measure.how == "first":
        return values.min(where=chosen)
    how = measure.account_how or measure.how
    return values.max(where=chosen) if how == "max" else _sum(values, chosen)


def _merge(held: ibis.Table, feature: Feature) -> ir.Value:
    """Combines the values of a customer's accounts."""
    accounts = feature.accounts(held) if feature.accounts else None
    values = held[feature.name]
    if feature.measure.how in ("max", "last"):
        return values.max(where=accounts)
    if feature.measure.how == "first":
        return values.min(where=accounts)
    return _sum(values, accounts)


def _sum(values: ir.Value, where: ir.BooleanValue | None) -> ir.IntegerValue:
    """A sum as int64 at once: DuckDB gives 128 bits, which would double every later join and sort."""
    return _exact_sum(values, where=where).cast("int64")


@ibis.udf.agg.builtin(name="sum", signature=((dt.int64,), dt.Decimal(38, 0)))  # type: ignore[untyped-decorator]
def _exact_sum(values: int) -> Decimal:
    """The engine's sum, declared as wide as it is, so that the cast to int64 is written.

    Ibis reads the signature and calls the engine: the body never runs.
    """
    raise NotImplementedError


def _distinct(road: Road, features: list[Feature], rows: ibis.Table) -> ibis.Table:
    """Exact counts of distinct values: of days by their bits, of others by the day each was last seen."""
    if len({feature.where for feature in features}) > 1 or any(feature.offset_days for feature in features):
        names = ", ".join(feature.name for feature in features)
        raise ValueError(f"{names}: distinct counts of one column share one filter and end at the as-of day")
    column = str(features[0].measure.column)
    chosen = features[0].where(rows) if features[0].where else ibis.literal(True)
    if features[0].counts_days:
        return _days(road, features, rows.filter(chosen))
    kept = rows.filter(chosen, rows[column].notnull())
    held = kept.join(road.holders(), "account_id")
    by_value = held.group_by(ID, value=held[column]).aggregate(last_seen=held.business_date.max())
    counts = {f.name: by_value.count(where=_seen_within(by_value, f, road.facts)) for f in features}
    return by_value.group_by(ID).aggregate(**counts)


def _days(road: Road, features: list[Feature], rows: ibis.Table) -> ibis.Table:
    """Distinct days: the masks of an account first, then those of the accounts of a customer."""
    word, bit = word_and_bit(rows.business_date, road.facts.as_of)
    of_account = rows.group_by("account_id", word=word).aggregate(days=bit.bit_or())
    held = of_account.join(road.holders(), "account_id")
    words = held.group_by(ID, "word").aggregate(days=held["days"].bit_or())
    return words.group_by(ID).aggregate(**{each.name: days_counted(words, each.window_days or 0) for each in features})


def _seen_within(by_value: ibis.Table, feature: Feature, facts: Facts) -> ir.BooleanValue | None:
    if feature.window_days is None:
        return None
    return by_value.last_seen > facts.as_of - timedelta(days=feature.window_days)
