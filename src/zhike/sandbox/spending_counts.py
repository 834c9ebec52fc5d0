"""Counts of a day's purchases for the aggregates: how many, how much, where, through what, on which kind of day."""

from datetime import date

import numpy as np

from zhike.sandbox import calendar, entries
from zhike.sandbox.entries import APPROVED, NO_FUNDS, Entries
from zhike.sandbox.world import Today, World

# Merchant classes that retail statistics count as goods, and those they add for the whole of retail (no cars here).
_GOODS = ("5411", "5499", "5311", "5651", "5912", "5732", "5712", "5944")
_RETAIL = (*_GOODS, "5541", "5812", "5814")
# Days on which nothing is celebrated: from (month, day) to (month, day).
_ORDINARY = (((3, 10), (4, 28)), ((5, 8), (6, 7)), ((9, 1), (9, 25)), ((10, 10), (10, 31)), ((11, 15), (12, 20)))
_SPECIAL = {
    "double_11_season": ((11, 1), (11, 11)),
    "double_11_day": ((11, 11), (11, 11)),
    "618_day": ((6, 18), (6, 18)),
}


class SpendingCounts:
    """Knows which shops sell goods."""

    def __init__(self, world: World) -> None:
        mcc = np.array(world.merchants.mcc)
        self._goods, self._retail = np.isin(mcc, _GOODS), np.isin(mcc, _RETAIL)
        self._kept: dict[str, list[float]] = {}

    def of(self, today: Today) -> dict[str, tuple[float, float]]:
        """Parts and wholes of the day."""
        now = today.entries.at((today.entries.ago == 0) & (today.entries.merchant >= 0))
        tried = now.at(now.type == entries.PURCHASE)
        bought = tried.at(tried.response == APPROVED)
        online, home = bought.channel == entries.ONLINE, bought.country < 0
        goods, retail = self._goods[bought.merchant] & home, self._retail[bought.merchant] & home
        cash = now.amount[(now.type == entries.CASH) & (now.response == APPROVED)].sum()
        return {
            "online_share": (online.sum(), len(bought)),
            "online_goods_share": (bought.amount[online & goods].sum(), bought.amount[retail].sum()),
            "wallet_share": ((bought.wallet >= 0).sum(), len(bought)),
            "abroad_share": ((~home).sum(), len(bought)),
            "declined_share": ((tried.response != APPROVED).sum(), len(tried)),
            "declined_for_funds": ((tried.response == NO_FUNDS).sum(), (tried.response != APPROVED).sum()),
            "cash_advance_share": (cash, cash + bought.amount.sum()),
            **_seasons(calendar.day_of(today.day), bought, int((online & goods).sum())),
        }  # fmt: skip


def _seasons(day: date, bought: Entries, goods: int) -> dict[str, tuple[float, float]]:
    """The days of a season and the ordinary days beside them; a figure is mean ÷ mean (see `aggregates.rows`)."""
    at = (day.month, day.day)
    found: dict[str, tuple[float, float]] = {}
    if any(first <= at <= last for first, last in _ORDINARY):
        found["ordinary_goods_online"], found["ordinary_purchases"] = (goods, 1), (len(bought), 1)
    for name, (first, last) in _SPECIAL.items():
        if first <= at <= last:
            found[name] = (goods, 1)
    feast = calendar.spring_festival(day.year)
    if feast is not None and 0 <= (day - feast).days <= 6:
        found["spring_festival_week"] = (len(bought), 1)
    return found
