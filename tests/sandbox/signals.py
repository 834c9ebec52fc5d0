"""The signs of cash-out of DOMAIN section 4, each a number per account, worked out from the movements alone."""

import numpy as np

from tests.sandbox.lived import Lived
from zhike.sandbox import calendar, deposits, entries
from zhike.sandbox.kinds_of_spending import SPENDING

LARGE = 90_000  # fen
HIGH_RISK = ("5099", "5944", "7399", "6513")
NIGHT = 5 * 3600
_USUAL = {kind.mcc: kind.price * 100 for kind in SPENDING}


class Signals:
    """Columns per account. ``names`` in the order of DOMAIN section 4; suspects of the shared terminal are given."""

    def __init__(self, seen: Lived) -> None:
        own = seen.world.accounts
        self._seen, self.count, self._limit = seen, len(own), own.limit.astype(float)
        bought = (seen.entries.type == entries.PURCHASE) & (seen.entries.response == entries.APPROVED)
        bought &= seen.entries.ago == 0
        rows = np.flatnonzero(bought)
        self.account, self.amount = seen.entries.account[rows], seen.entries.amount[rows].astype(np.int64)
        self.shop, self.second, self.day = seen.entries.merchant[rows], seen.entries.second[rows], seen.day[rows]
        self.case = seen.entries.case[rows]
        self.pos = seen.entries.channel[rows] == entries.POS
        self.in_place = self.pos | (seen.entries.channel[rows] == entries.WALLET)
        self.large = self.amount >= LARGE
        self.mcc = np.array(seen.world.merchants.mcc)[self.shop]
        self.bought = np.maximum(np.bincount(self.account, minlength=self.count), 1)

    def columns(self) -> dict[str, np.ndarray]:
        return {
            "round or repeated": self._share(self._round() | self._repeated()),
            "at the limit": self._any(self._days_at_limit()), "often a day": self._often_a_day(),
            "fixed every month": self._fixed(), "at night": self._share(self.large & self.pos & (self.second < NIGHT)),
            "unlike the trade": self._share(self.amount > 12 * self._usual()),
            "high-risk trade": self._share(self.large & np.isin(self.mcc, HIGH_RISK)),
            "around the statement": self._around_statement(), "pay-in spent at once": self._after_payment(0.8, 9e9),
            "minimum then emptied": self._after_payment(0.0, 0.35), "sleeper at the limit": self._sleeper(),
            "money back": self._money_back(), "no daily life": self._idle(),
        }  # fmt: skip

    def terminal(self) -> np.ndarray:
        """Terminal of each purchase at a point of sale, else -1 (as the card system's files have it)."""
        return np.where(self.pos, self.shop.astype(np.int64) * 3 + self.second % 3, -1)

    def _share(self, which: np.ndarray) -> np.ndarray:
        return np.bincount(self.account[which], minlength=self.count) / self.bought

    def _any(self, pairs: np.ndarray) -> np.ndarray:
        return np.bincount(pairs // 100_000, minlength=self.count).astype(float)

    def _round(self) -> np.ndarray:
        return self.large & (self.amount % 50_000 == 0)

    def _repeated(self) -> np.ndarray:
        key = self.account.astype(np.int64) * 10**12 + self.shop.astype(np.int64) * 10**8 + self.amount % 10**8
        _, place, times = np.unique(key, return_inverse=True, return_counts=True)
        return self.large & (times[place] >= 4)

    def _by_day(self) -> tuple[np.ndarray, np.ndarray]:
        pairs, place = np.unique(self.account.astype(np.int64) * 100_000 + self.day, return_inverse=True)
        return pairs, np.bincount(place, weights=self.amount)

    def _days_at_limit(self) -> np.ndarray:
        """Days on which 80 % of the limit and more was spent."""
        pairs, spent = self._by_day()
        return pairs[spent >= 0.8 * self._limit[pairs // 100_000]]

    def _often_a_day(self) -> np.ndarray:
        big = self.large
        key = (self.account.astype(np.int64) * 20_000 + self.shop)[big] * 30_000 + self.day[big]
        found, times = np.unique(key, return_counts=True)
        return np.bincount((found // 30_000 // 20_000)[times >= 3], minlength=self.count).astype(float)

    def _fixed(self) -> np.ndarray:
        """Most months in which one shop was paid a large sum."""
        big = self.large
        month = self.day[big] // 30
        key = np.unique((self.account.astype(np.int64) * 20_000 + self.shop)[big] * 3_000 + month)
        pair, months = np.unique(key // 3_000, return_counts=True)
        most = np.zeros(self.count)
        np.maximum.at(most, pair // 20_000, months)
        return most

    def _usual(self) -> np.ndarray:
        codes, place = np.unique(self.mcc, return_inverse=True)
        return np.array([_USUAL.get(code, 1e12) for code in codes])[place]

    def _around_statement(self) -> np.ndarray:
        """Share of large sums spent within three days around the statement day."""
        monthday = np.array([calendar.day_of(day).day for day in range(self.day.min(), self.day.max() + 1)])
        away = np.abs(monthday[self.day - self.day.min()] - self._seen.world.accounts.statement_day[self.account])
        near = np.minimum(away, 30 - away) <= 3
        big = np.bincount(self.account[self.large], minlength=self.count)
        return np.bincount(self.account[self.large & near], minlength=self.count) / np.maximum(big, 4)

    def _after_payment(self, least: float, most: float) -> np.ndarray:
        """Payments that are followed by spending as much by the next day: large ones, or small ones."""
        seen = self._seen
        paid = np.isin(seen.entries.type, (entries.PAYMENT, entries.AUTOPAY))
        account, day, amount = seen.entries.account[paid], seen.day[paid], -seen.entries.amount[paid].astype(np.int64)
        pairs, spent = self._by_day()
        following = np.zeros(len(account))
        for later in (0, 1):
            key = account.astype(np.int64) * 100_000 + day + later
            place = np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)
            following += np.where(pairs[place] == key, spent[place], 0)
        if least:
            hit = (following >= least * amount) & (amount >= 0.2 * self._limit[account])
        else:
            hit = (amount <= most * self._limit[account]) & (following >= np.maximum(0.8 * amount, 200_000))
        return np.bincount(account[hit], minlength=self.count).astype(float)

    def _sleeper(self) -> np.ndarray:
        """A day of 60 % of the limit after two months without a purchase, or within two months of the first use."""
        pairs, spent = self._by_day()
        account, day = pairs // 100_000, pairs % 100_000
        first = self._seen.world.accounts.cards.first_use[: self.count].astype(np.int64)
        again = np.concatenate([[False], account[1:] == account[:-1]])
        before = np.where(again, np.concatenate([[0], day[:-1]]), first[account])
        quiet = (day - before > 60) | (day - self._seen.world.accounts.opened[account] < 60)
        hit = quiet & (spent >= 0.6 * self._limit[account])
        return np.bincount(account[hit], minlength=self.count).astype(float)

    def _money_back(self) -> np.ndarray:
        """Times when 95 to 100 % of a day's large sums came in on the own debit card one or two days later."""
        seen = self._seen
        came = seen.deposits.kind == deposits.MONEY_IN
        person = seen.world.deposits.person[seen.deposits.account[came]].astype(np.int64)
        got = np.stack([person * 100_000 + seen.deposits_day[came], seen.deposits.amount[came]])
        got = got[:, np.argsort(got[0], kind="stable")]
        big, place = np.unique(
            self.account[self.large].astype(np.int64) * 100_000 + self.day[self.large], return_inverse=True
        )
        spent = np.bincount(place, weights=self.amount[self.large])
        found = np.zeros(self.count)
        holder = seen.world.accounts.person
        for later in (1, 2):
            key = holder[big // 100_000].astype(np.int64) * 100_000 + big % 100_000 + later
            where = np.minimum(np.searchsorted(got[0], key), got.shape[1] - 1)
            hit = (got[0][where] == key) & (got[1][where] <= spent) & (got[1][where] >= 0.95 * spent)
            found += np.bincount(big[hit] // 100_000, minlength=self.count)
        return found

    def _idle(self) -> np.ndarray:
        """Share of large sums among all purchases, of accounts with a few."""
        share = np.bincount(self.account[self.large], minlength=self.count) / self.bought
        return np.where(self.bought >= 5, share, 0.0)


def area(score: np.ndarray, label: np.ndarray) -> float:
    """Area under the ROC curve: how often a labelled one ranks above another (Mann and Whitney 1947)."""
    order = np.argsort(score, kind="stable")
    _, place, times = np.unique(score[order], return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(times) - (times - 1) / 2
    ranks = np.empty(len(score))
    ranks[order] = mean_rank[place]
    good = int(label.sum())
    return float((ranks[label].sum() - good * (good + 1) / 2) / (good * (len(label) - good)))


def fitted(columns: np.ndarray, label: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Scores of a ridged logistic regression that saw only the ``known`` rows (Newton's method)."""
    mean, spread = columns[known].mean(axis=0), columns[known].std(axis=0) + 1e-9
    scaled = np.column_stack([np.ones(len(columns)), np.clip((columns - mean) / spread, -5, 8)])
    weight = np.zeros(scaled.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-scaled[known] @ weight))
        slope = scaled[known].T @ (label[known] - chance) - weight
        curve = (scaled[known].T * (chance * (1 - chance))) @ scaled[known] + np.eye(len(weight))
        weight += np.linalg.solve(curve, slope)
    return scaled @ weight
