"""Key figures of what customers ask, say and collect: applications, complaints, surveys, plans, points."""

from collections import defaultdict

import numpy as np

from zhike.sandbox import applications, dialogue, instalments, points
from zhike.sandbox.figures.periods import months_before
from zhike.sandbox.world import Today, World

Row = tuple[str, float, float]

_TERM_DAYS, _WINDOW = 15, 90
_FEN_PER_POINT = 0.2  # what a bank's KPI assumes that redeeming a point costs
_LEAST_TOP2, _LEAST_PROMOTER, _MOST_DETRACTOR = 4, 9, 6
_GIVEN = (points.EARN, points.PROMOTION, points.REVERSE)


class Service:
    """Hears what is said and counts what is booked, by day."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._steps: dict[int, dict[int, int]] = {}  # of each complaint the day of each step
        self._scores: dict[int, list[tuple[int, int]]] = {dialogue.CSAT: [], dialogue.NPS: []}
        self._cycles: list[tuple[int, int]] = []
        self._plans: dict[int, tuple[int, int, int]] = {}  # booked, principal, state
        self._points: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    def see(self, today: Today) -> None:
        """Takes in a day."""
        said = today.complaints
        for complaint, step in zip(said.complaint.tolist(), said.step.tolist(), strict=True):
            self._steps.setdefault(complaint, {}).setdefault(step, today.day)
        for kind, scores in self._scores.items():
            scores += [(today.day, score) for score in today.surveys.score[today.surveys.kind == kind].tolist()]
        self._decide(today)
        told = today.plans
        for row in zip(*(getattr(told, name).tolist() for name in ("number", "booked", "principal", "state")),
                       strict=True):  # fmt: skip
            self._plans[row[0]] = row[1:]
        for kind, ago, count in zip(today.points.kind.tolist(), today.points.ago.tolist(),
                                    today.points.points.tolist(), strict=True):  # fmt: skip
            self._points[kind][today.day - ago] += count

    def figures(self, day: int, accounts: int) -> list[Row]:
        """All of them; ``accounts`` is how many are open."""
        return [*self._complaints(day, accounts), *self._heard(day), self._applied(day), self._booked(day),
                *self._collected(day)]  # fmt: skip

    def _decide(self, today: Today) -> None:
        ended = today.filed.at(today.filed.event != applications.RECEIVED)
        received = self._world.applications.received[ended.application]
        self._cycles += list(zip(ended.day.tolist(), (ended.day - received).tolist(), strict=True))

    def _complaints(self, day: int, accounts: int) -> list[Row]:
        known = [steps for steps in self._steps.values() if dialogue.RECEIVED in steps]
        month = sum(day - 30 < steps[dialogue.RECEIVED] <= day for steps in known)
        since = day - _WINDOW
        answers = [(min(steps.get(dialogue.ANSWERED, 10**6), steps.get(dialogue.CLOSED, 10**6)), steps)
                   for steps in known]  # fmt: skip
        first = [at - steps[dialogue.RECEIVED] for at, steps in answers if since < at <= day]
        closed = [steps[dialogue.CLOSED] - steps[dialogue.RECEIVED] for steps in known
                  if since < steps.get(dialogue.CLOSED, 0) <= day]  # fmt: skip
        due = [at - steps[dialogue.RECEIVED] <= _TERM_DAYS for at, steps in answers
               if since - _TERM_DAYS < steps[dialogue.RECEIVED] <= day - _TERM_DAYS]  # fmt: skip
        return [
            ("complaints_per_million_30d", month * 1_000_000, accounts),
            ("complaint_first_response_days_90d", sum(first), len(first)),
            ("complaint_cycle_days_90d", sum(closed), len(closed)),
            ("complaint_on_time_rate_90d", sum(due), len(due)),
        ]

    def _heard(self, day: int) -> list[Row]:
        csat, nps = (
            np.array([score for on, score in self._scores[kind] if day - _WINDOW < on <= day], np.int64)
            for kind in (dialogue.CSAT, dialogue.NPS)
        )
        return [
            ("csat_mean_90d", csat.sum(), len(csat)), ("csat_top2_share_90d", (csat >= _LEAST_TOP2).sum(), len(csat)),
            ("nps_90d", float((nps >= _LEAST_PROMOTER).sum()) - float((nps <= _MOST_DETRACTOR).sum()), len(nps)),
        ]  # fmt: skip

    def _applied(self, day: int) -> Row:
        taken = [days for on, days in self._cycles if day - _WINDOW < on <= day]
        return "application_cycle_days_90d", sum(taken), len(taken)

    def _booked(self, day: int) -> Row:
        """A plan that was paid back early at once was taken back."""
        kept = [plan for plan in self._plans.values() if plan[2] != instalments.PAID_EARLY]
        return "instalment_volume_30d", sum(cents for on, cents, _ in kept if day - 30 < on <= day), 0

    def _collected(self, day: int) -> list[Row]:
        year = months_before(day, 12)
        held = sum(sum(days.values()) for days in self._points.values())
        of_year = {kind: sum(count for on, count in days.items() if year < on <= day)
                   for kind, days in self._points.items()}  # fmt: skip
        earned = sum(of_year.get(kind, 0) for kind in _GIVEN)
        return [
            ("points_liability", held * _FEN_PER_POINT, 0),
            ("breakage_rate_12m", -of_year.get(points.EXPIRE, 0), earned),
            ("redemption_rate_12m", -of_year.get(points.REDEEM, 0), earned),
        ]
