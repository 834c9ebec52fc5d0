"""The figures of KPIs: of the whole bank, of its pieces by any split, month by month, as of any day as known then."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import ibis

from zhike.core.clock import months_before
from zhike.core.engine import Session
from zhike.data.asof import Facts
from zhike.data.keeping import KeptFacts
from zhike.data.kpis import KEYS, Kpi, Period, Sums, stacked
from zhike.data.splits import Beside, Split, labelled, splits
from zhike.data.tables import TABLES

MONTHS = 12
_AT_ONCE = 16  # KPIs in one query: many enough to place their rows once, few enough to compile fast


@dataclass(frozen=True)
class Measured:
    """One figure: its label (a branch, a month; None: the whole bank, or what nothing places), and of which days."""

    label: str | None
    as_of: date
    period: Period
    sums: Sums


def facts_in(session: Session, as_of: date) -> KeptFacts:
    """The facts of a day in a session, for many KPIs."""
    return KeptFacts(lambda name: TABLES[name].unbound(), as_of, session=session)


def whole(session: Session, kpi: Kpi, facts: Facts, period: Period | None = None) -> Measured:
    """The figure of the bank."""
    period = period or kpi.period(facts.as_of)
    row = session.query(kpi.sums(facts, period)).to_pylist()[0]
    return Measured(None, facts.as_of, period, Sums(**row))


def pieces(session: Session, kpi: Kpi, facts: Facts, by: Split, beside: Beside) -> list[Measured]:
    """A figure for each label, in order; last what nothing places. Raises BadInput where the KPI cannot be split so."""
    period = kpi.period(facts.as_of)
    rows = labelled(kpi, by, facts, kpi.rows(facts, period), beside)
    found = session.query(kpi.sums_by(rows, facts)).to_pylist()
    return [
        Measured(row.pop("label"), facts.as_of, period, Sums(**row))
        for row in sorted(found, key=lambda row: (row["label"] is None, row["label"] or ""))
    ]


def months(session: Session, kpi: Kpi, facts: Facts, count: int = MONTHS) -> Iterator[Measured]:
    """A figure for each of the last calendar months, oldest first, each as known when it was complete.

    A flow is of the month (the month under way: until the as-of day); a cohort that is not complete yet is left out. A
    stock, and a rolling flow, is of the month's last day.
    """
    as_of = facts.as_of
    for back in reversed(range(count)):
        first = months_before(as_of, back).replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if kpi.kind == "stock" or kpi.rolling:
            day = min(last, as_of)
            period = kpi.period(day)
        else:
            end = min(last, as_of - timedelta(days=kpi.period_ends_days_before))
            if end < first:
                continue
            day, period = end + timedelta(days=kpi.period_ends_days_before), Period(first, end)
        found = whole(session, kpi, replace(facts, as_of=day), period)
        yield Measured(f"{first:%Y-%m}", day, period, found.sums)


def by_branch(session: Session, chosen: Iterable[Kpi], facts: Facts) -> dict[str, dict[str | None, Sums]]:
    """Of many KPIs at once the sums by branch; they add up to those of the bank, whatever nothing places among them.

    A KPI without any row has its one entry under None.
    """
    found: dict[str, dict[str | None, Sums]] = {}
    every = list(chosen)
    known = _known(session, every, facts)
    for group in (every[place : place + _AT_ONCE] for place in range(0, len(every), _AT_ONCE)):
        for kpi in group:
            found[kpi.name] = {None: Sums(None, None, known[kpi.name])}
        for row in session.query(_placed(group, facts)).to_pylist():
            sums = Sums(row["part"], row["whole"], known[row["kpi"]])
            found[row["kpi"]][row["label"]] = sums
    return found


def added(pieces: Mapping[str | None, Sums]) -> Sums:
    """What the pieces add up to."""
    first, *others = pieces.values()
    for other in others:
        first = first + other
    return first


def _placed(group: Sequence[Kpi], facts: Facts) -> ibis.Table:
    """kpi, label, part, whole of a group: the rows of all of them are placed by one pair of joins."""
    told = [_named(kpi, kpi.rows(facts, kpi.period(facts.as_of))) for kpi in group]
    rows = stacked(*told)
    placed = labelled(group[0], splits()["branch"], facts, rows, Beside())
    return placed.group_by("kpi", "label").aggregate(part=placed.part.sum(), whole=placed.whole.sum())


def _named(kpi: Kpi, rows: ibis.Table) -> ibis.Table:
    keys = [key for key in KEYS if key in rows.columns]
    divided = {"whole": rows.whole} if kpi.quotient else {}
    return rows.select(*keys, part=rows.part, kpi=ibis.literal(kpi.name), **divided)


def _known(session: Session, chosen: Sequence[Kpi], facts: Facts) -> dict[str, bool]:
    """Of which KPIs the sources tell."""
    asked = [kpi for kpi in chosen if kpi.known is not None]
    tables = [
        kpi.known(facts).name("known").as_table().mutate(kpi=ibis.literal(kpi.name)) for kpi in asked if kpi.known
    ]
    rows = session.query(ibis.union(*tables)).to_pylist() if tables else []
    return dict.fromkeys((kpi.name for kpi in chosen), True) | {row["kpi"]: bool(row["known"]) for row in rows}
