"""A bank of 10,000 people and 18 months that was lived once, for the tests that look at what is rare."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from zhike.sandbox.crime_truth import CrimeTruth
from zhike.sandbox.deposits import Movements
from zhike.sandbox.dialogue import LOGIN
from zhike.sandbox.entries import Entries
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.points import Moved
from zhike.sandbox.world import World

PARAMETERS = Parameters(customers=10_000, months=18, seed=11)


@dataclass(frozen=True)
class Lived:
    """All movements of all days, beside the day of each; and the truth about crime."""

    world: World
    entries: Entries
    day: np.ndarray
    reference: np.ndarray
    points: Moved
    points_day: np.ndarray
    deposits: Movements
    deposits_day: np.ndarray
    phone_changes: list[tuple[int, int]]
    log_ins: np.ndarray  # day, person, second
    limit_changes: list[tuple[int, int]]
    truth: dict[str, pa.Table]

    def column(self, table: str, name: str) -> np.ndarray:
        return self.truth[table].column(name).to_numpy(zero_copy_only=False)


@cache
def lived() -> Lived:
    """One block, as fast as the machine goes."""
    world = World(PARAMETERS)
    truth, days, phones, limits, log_ins = CrimeTruth(world), [], [], [], []
    for day in range(PARAMETERS.first_day, PARAMETERS.last_day + 1):
        today = world.step(day)
        truth.see(today)
        days.append((day, today.entries, today.reference, today.points, today.deposits))
        phones += [(day, int(person)) for person in today.phone_changes]
        came = today.interactions.at(today.interactions.kind == LOGIN)
        log_ins.append(np.stack([np.full(len(came), day), came.person, came.second]).astype(np.int32))
        limits += [(day, int(account)) for account in today.limit_changes]
    return Lived(
        world=world, entries=_joined([each[1] for each in days]), day=_days(days, 1),
        reference=np.concatenate([each[2] for each in days]), points=Moved.joined([each[3] for each in days]),
        points_day=_days(days, 3), deposits=_joined([each[4] for each in days]), deposits_day=_days(days, 4),
        phone_changes=phones, log_ins=np.concatenate(log_ins, axis=1), limit_changes=limits, truth=truth.tables(),
    )  # fmt: skip


def _joined(parts):
    names = list(vars(parts[0]))
    return type(parts[0])(**{name: _narrow(np.concatenate([getattr(part, name) for part in parts])) for name in names})


def _days(days, place: int) -> np.ndarray:
    return np.repeat([each[0] for each in days], [len(each[place]) for each in days])


def _narrow(column: np.ndarray) -> np.ndarray:
    """In four bytes where that is enough: the whole is large."""
    return column.astype(np.int32) if len(column) and np.abs(column).max() < 2**31 else column
