"""The bank's key figures as they truly are (formulas of DOMAIN section 2), as parts and wholes that blocks add up.

A share is part ÷ whole; a number of things or an amount has no whole (0). Names are those of the product's KPIs where
it has one.
"""

from collections import deque

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import calendar, dialogue, entries
from zhike.sandbox.accounts import BLOCKED, CLOSED_BY_BANK, CLOSED_BY_CUSTOMER
from zhike.sandbox.calendar import NEVER
from zhike.sandbox.columns import among
from zhike.sandbox.silence import initiated
from zhike.sandbox.world import Today, World

Ints = NDArray[np.int64]
Row = tuple[str, float, float]

_ACTIVE_DAYS, _DORMANT_DAYS = 92, 548  # three months; eighteen
_COHORT_DAYS, _WITHIN_DAYS, _SPEND_DAYS = 90, 30, 30
_BUCKETS = (("m1", 1, 30), ("m2", 30, 60), ("m3", 60, 90), ("m4", 90, 120))
_NON_PERFORMING_DAYS, _HALF_A_YEAR = 90, 180


class KeyFigures:
    """Sees every day of a block and tells the figures of the end of each month, and of the last day."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._card_last = np.full(len(world.accounts.cards.account), -(10**6), np.int64)
        self._spend: deque[int] = deque(maxlen=_SPEND_DAYS)
        self._complaints = self._revolving = self._billed = 0
        self._csat: list[int] = []
        self._nps: list[int] = []
        self._found: list[tuple[int, Row]] = []

    def see(self, today: Today) -> None:
        """Counts a day; what happened before the bank's first day is counted as use, not as spending."""
        own = today.entries.at(initiated(today.entries) & (today.entries.card >= 0))
        np.maximum.at(self._card_last, own.card, today.day - own.ago)
        now = today.entries.at((today.entries.ago == 0) & (today.entries.response == entries.APPROVED))
        self._spend.append(int(now.amount[among(now.type, (entries.PURCHASE, entries.REFUND))].sum()))
        for closed in [] if today.first else today.statements:
            self._revolving += int(closed.revolving.sum())
            self._billed += int(np.maximum(closed.closing, 0).sum())
        self._hear(today)
        if calendar.day_of(today.day + 1).day == 1 or today.day == self._world.parameters.last_day:
            rows = [*self._cards(today.day), *self._accounts(today.day), *self._month()]
            self._found += [(today.day, row) for row in rows]

    def _hear(self, today: Today) -> None:
        self._complaints += int((today.complaints.step == dialogue.RECEIVED).sum())
        self._csat += today.surveys.score[today.surveys.kind == dialogue.CSAT].tolist()
        self._nps += today.surveys.score[today.surveys.kind == dialogue.NPS].tolist()

    def table(self) -> pa.Table:
        """as_of, kpi, part, whole."""
        days, rows = [day for day, _ in self._found], [row for _, row in self._found]
        return pa.table(
            {
                "as_of": pa.array(days, pa.int32()).cast(pa.date32()),
                "kpi": pa.array([name for name, _, _ in rows], pa.string()),
                "part": pa.array([float(part) for _, part, _ in rows]),
                "whole": pa.array([float(whole) for _, _, whole in rows]),
            }
        )

    def _cards(self, day: int) -> list[Row]:
        own, cards = self._world.accounts, self._world.accounts.cards
        issued = (cards.issued <= day) & (own.opened[cards.account] <= day)
        valid = issued & (cards.closed == NEVER) & (own.status[cards.account] <= BLOCKED)
        used = day - self._card_last < _ACTIVE_DAYS
        silent = day - np.maximum(self._card_last, cards.issued) > _DORMANT_DAYS
        settled = self._world.ledger.balance[cards.account] == 0
        end = day - _WITHIN_DAYS
        cohort = issued & (cards.issued > end - _COHORT_DAYS) & (cards.issued <= end)
        in_time = cards.activated.astype(np.int64) - cards.issued <= _WITHIN_DAYS
        bound = cards.bound.astype(np.int64) - cards.activated <= _WITHIN_DAYS
        activated = cohort & (cards.activated <= day)
        return [
            ("valid_cards", valid.sum(), 0), ("active_card_rate", (valid & used).sum(), valid.sum()),
            ("dormant_ratio", (valid & silent & settled).sum(), valid.sum()),
            ("activation_rate_30d", (cohort & in_time).sum(), cohort.sum()),
            ("binding_rate_30d", (activated & bound).sum(), activated.sum()),
        ]  # fmt: skip

    def _accounts(self, day: int) -> list[Row]:
        own, book = self._world.accounts, self._world.ledger
        live = (own.opened <= day) & (own.status <= BLOCKED)
        owed = np.where(live, np.maximum(book.balance, 0), 0)
        late, receivable = book.late_days(day), owed.sum()
        since = day - calendar.day_of(day).day
        left = (own.status_since > since) & (own.status_since <= day)
        buckets: list[Row] = [
            (f"{name}_rate", owed[(late >= low) & (late < high)].sum(), receivable) for name, low, high in _BUCKETS
        ]
        return [
            ("utilisation", owed.sum(), own.effective[live].sum()), *buckets,
            ("instalment_penetration", book.unbilled[live].sum(), receivable),
            ("non_performing_rate", owed[late > _NON_PERFORMING_DAYS].sum(), receivable),
            ("over_six_months_rate", owed[late > _HALF_A_YEAR].sum(), receivable),
            ("open_accounts", live.sum(), 0),
            ("closed_by_customer", (left & (own.status == CLOSED_BY_CUSTOMER)).sum(), live.sum()),
            ("closed_by_bank", (left & (own.status == CLOSED_BY_BANK)).sum(), live.sum()),
        ]  # fmt: skip

    def _month(self) -> list[Row]:
        """What came together since the figures before; starts anew."""
        accounts = int((self._world.accounts.status <= BLOCKED).sum())
        csat, nps = np.array(self._csat), np.array(self._nps)
        found: list[Row] = [
            ("spend_30d", sum(self._spend), 0), ("revolving_share", self._revolving, self._billed),
            ("complaints_per_account", self._complaints, accounts), ("csat_mean", csat.sum(), len(csat)),
            ("nps", float((nps >= 9).sum() - (nps <= 6).sum()), len(nps)),
        ]  # fmt: skip
        self._complaints = self._revolving = self._billed = 0
        self._csat, self._nps = [], []
        return found
