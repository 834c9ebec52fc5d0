"""Claims beside the truth: every figure with the ceiling that even a judge who knows the world cannot pass."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhike.core.workspace import Workspace
from zhike.data import claims
from zhike.data.claims import Claim
from zhike.interfaces.judges import metrics, tying
from zhike.interfaces.judges.truths import Truths, parties

NOT_CLAIMED = "not claimed"


@dataclass(frozen=True)
class Figure:
    """One line: of which claim, what is measured, the value (None: not claimed), and what the oracle reaches."""

    claim: str
    figure: str
    value: float | None
    ceiling: float | None
    note: str = ""


@dataclass(frozen=True)
class Bench:
    """All that the graders need. ``capacity``: how many suspects the desk looks at for each day of claims."""

    workspace: Workspace
    truths: Truths
    tokens: pa.Table
    known: dict[str, int]
    capacity: int

    def claimed(self, claim: Claim) -> pa.Table:
        """Claims of a kind with the column ``person`` (-1 for a party that is nobody's)."""
        rows = claims.read(self.workspace, claim)
        person = [self.known.get(party, -1) for party in rows["party_id"].to_pylist()]
        return rows.append_column("person", pa.array(person, pa.int64()))


def grade(workspace: Workspace, truths: Truths, *, capacity: int = 20) -> list[Figure]:
    """All figures of a workspace's claims about a made bank."""
    tokens = truths.tokens(workspace)
    known = parties(tokens, claims.read(workspace, "same_person"))
    bench = Bench(workspace, truths, tokens, known, capacity)
    return [figure for grader in _GRADERS for figure in grader(bench)]


def _duplicates(bench: Bench) -> list[Figure]:
    """The numbers of all systems, paired: those of one party, and those of one person."""
    rows = claims.read(bench.workspace, "same_person")
    names = ("precision", "recall", "F1")
    if not rows.num_rows:
        return [Figure("duplicates", name, None, 1.0) for name in names]
    last = rows.filter(pc.equal(rows["as_of"], pc.max(rows["as_of"])))
    joined = last.join(bench.tokens, "subject", join_type="inner")
    party = joined["party_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    found = metrics.pairwise(party.astype(np.int64), joined["person"].to_numpy())
    note = f"{found.true_pairs:,} true pairs, {found.claimed_pairs:,} claimed"
    values = (found.precision, found.recall, found.f1)
    return [Figure("duplicates", name, value, 1.0, note) for name, value in zip(names, values, strict=True)]


def _churn(bench: Bench) -> list[Figure]:
    """Scores of those who were active, of days whose outcome is known."""
    told = bench.truths.table("churn")
    told = told.filter(pc.is_valid(told["silent"]))
    rows = bench.claimed("silent_churn")
    names = ("AUC", "Brier", "calibration gap", "lead time, days")
    if not rows.num_rows:
        return [Figure("silent churn", *line) for line in zip(names, [None] * 4, _ceiling(told), strict=True)]
    both = told.join(rows.select(["person", "as_of", "score"]), ["person", "as_of"], join_type="inner")
    both = both.sort_by([("as_of", "ascending"), ("person", "ascending")])
    score, happened = both["score"].to_numpy(), both["silent"].to_numpy(zero_copy_only=False)
    note = f"{len(score):,} scores, {int(happened.sum()):,} fell silent"
    values = _churn_values(score, happened, both)
    ceiling = _ceiling(both)
    return [Figure("silent churn", *line, note) for line in zip(names, values, ceiling, strict=True)]


def _ceiling(told: pa.Table) -> list[float | None]:
    if not told.num_rows:
        return [None] * 4
    happened = told["silent"].to_numpy(zero_copy_only=False)
    return _churn_values(told["chance"].to_numpy(), happened, told)


def _churn_values(score: NDArray[np.float64], happened: NDArray[np.bool_], rows: pa.Table) -> list[float | None]:
    if not len(score):
        return [None] * 4
    gap = np.mean([abs(tenth.claimed - tenth.true) for tenth in metrics.calibration(score, happened)])
    return [metrics.auc(score, happened), metrics.brier(score, happened), float(gap), _lead_days(score, happened, rows)]


_SEEN_BY_ALL_DAYS = 92  # three months without use are slipping to anybody's eye


def _lead_days(score: NDArray[np.float64], happened: NDArray[np.bool_], rows: pa.Table) -> float | None:
    """Median days by which a top-tenth score comes before three months of silence are over, of those who fell silent.

    The first day on which the score was in the top tenth of that day's scores; who never was, counts 0.
    """
    day = rows["as_of"].cast(pa.int32()).to_numpy()
    last = rows["last_move"].cast(pa.int32()).to_numpy()
    person = rows["person"].to_numpy()
    leads: dict[int, int] = {}
    for one in np.unique(day):
        today = day == one
        edge = np.quantile(score[today], 0.9)
        flagged = today & happened & (score >= edge) & (score > 0)
        for who, seen in zip(person[flagged].tolist(), (last[flagged] + _SEEN_BY_ALL_DAYS - one).tolist(), strict=True):
            leads[who] = max(leads.get(who, 0), seen)
    fallen = np.unique(person[happened])
    return float(np.median([leads.get(int(who), 0) for who in fallen])) if len(fallen) else None


def _uplift(bench: Bench) -> list[Figure]:
    """For each offer the Qini of the scores on the true uplift, and its share of the oracle's."""
    if not bench.truths.has("uplift"):
        return [Figure("uplift", "Qini", None, None)]
    told = bench.truths.table("uplift")
    rows = bench.claimed("uplift")
    found = []
    for offer in sorted(set(told["offer"].to_pylist())):
        true = told.filter(pc.equal(told["offer"], offer))
        best = metrics.qini(true["uplift"].to_numpy(), true["uplift"].to_numpy())
        own = rows.filter(pc.equal(rows["subject"], offer))
        both = true.join(own.select(["person", "as_of", "score"]), ["person", "as_of"], join_type="inner")
        value = metrics.qini(both["score"].to_numpy(), both["uplift"].to_numpy()) if both.num_rows else None
        found.append(Figure(f"uplift of {offer}", "Qini", value, best))
        if value is not None and best:
            found.append(Figure(f"uplift of {offer}", "Qini ÷ oracle's", value / best, 1.0))
    return found


def _crime(bench: Bench) -> list[Figure]:
    """Suspects a day of claims at the desk's capacity, and the days until the desk saw a case for the first time."""
    found = []
    for claim, name in (("cash_out", "cash-out"), ("fraud", "fraud")):
        rows = bench.claimed("cash_out" if claim == "cash_out" else "fraud")
        if not rows.num_rows or not bench.truths.has("crime_case"):
            found += [
                Figure(name, f"precision at {bench.capacity}", None, 1.0),
                Figure(name, "days to catch", None, 0.0),
            ]
            continue
        told = bench.truths.table("crime_case")
        of_kind = pc.equal(told["kind"], "cash_out")
        told = told.filter(of_kind if claim == "cash_out" else pc.invert(of_kind))
        precision, days = _desk(rows, told, bench.capacity)
        found += [Figure(name, f"precision at {bench.capacity}", precision, 1.0)]
        found += [Figure(name, "days to catch", days, 0.0, f"{told.num_rows:,} cases")]
    return found


def _desk(rows: pa.Table, told: pa.Table, capacity: int) -> tuple[float | None, float | None]:
    """A suspect is right from the first day of their deeds on."""
    start: dict[int, int] = {}
    for person, day in zip(told["person"].to_pylist(), told["since"].cast(pa.int32()).to_pylist(), strict=True):
        start[person] = min(day, start.get(person, day))
    shares, caught = [], dict[int, int]()
    for day in sorted(set(rows["as_of"].to_pylist())):
        number = (day - date(1970, 1, 1)).days
        today = rows.filter(pc.equal(rows["as_of"], day)).sort_by([("score", "descending"), ("party_id", "ascending")])
        person = today["person"].to_numpy()
        right = np.array([start.get(int(who), number + 1) <= number for who in person], bool)
        shares.append(metrics.precision_at(today["score"].to_numpy(), right, capacity))
        for who in person[:capacity][right[:capacity]].tolist():
            caught.setdefault(who, number - start[who])
    known = [share for share in shares if not np.isnan(share)]
    days = float(np.median(list(caught.values()))) if caught else None
    return (float(np.mean(known)) if known else None), days


def _kpis(bench: Bench) -> list[Figure]:
    """Each KPI of the last claimed day: by how much it is off the truth, relatively; and what is unexplained."""
    figures = bench.truths.table("key_figures")
    rows = claims.read(bench.workspace, "kpi").to_pylist()
    day = max((row["as_of"] for row in rows), default=None)
    if day is None:
        return [Figure(f"KPI {name}", "relative error", None, 0.0) for name in sorted(set(figures["kpi"].to_pylist()))]
    claimed = {row["subject"]: row["score"] for row in rows if row["as_of"] == day}
    ties = tying.tie(figures, day, claimed)
    found = []
    for each in ties:
        missing = each.claimed is None and bool(each.told)
        off = None if missing else _relative(each)
        found.append(Figure(f"KPI {each.kpi}", "relative error", off, 0.0, "" if missing else each.note))
        if not missing:
            found.append(Figure(f"KPI {each.kpi}", "unexplained", each.left, 0.0))
    known = {each.kpi for each in ties}
    others = dict(tying.not_told(figures))
    untold = {name: others.get(name, "the truth does not tell it of that day") for name in claimed if name not in known}
    found += [
        Figure(f"KPI {name}", "relative error", None, 0.0, f"claimed {claimed[name]:,.4g}; {why}")
        for name, why in sorted(untold.items())
    ]
    return found


def _relative(each: tying.Tied) -> float | None:
    if each.claimed is None or each.true is None:
        return 0.0 if each.claimed is None and not each.true else None
    if not each.true:
        return 0.0 if not each.claimed else None
    return abs(each.claimed - each.true) / abs(each.true)


_GRADERS: tuple[Callable[[Bench], list[Figure]], ...] = (_duplicates, _churn, _uplift, _crime, _kpis)
