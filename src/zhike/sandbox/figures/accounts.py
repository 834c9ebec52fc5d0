"""Key figures of credit accounts: what is owed, under which limits, how late, what it earns and what is lost."""

import numpy as np

from zhike.sandbox.accounts import BLOCKED, CHARGED_OFF, CLOSED_BY_BANK, CLOSED_BY_CUSTOMER
from zhike.sandbox.columns import Ints
from zhike.sandbox.figures.book import BUCKETS, Book
from zhike.sandbox.figures.periods import months_before
from zhike.sandbox.world import World

Row = tuple[str, float, float]

# What a bank's KPIs assume: interchange less network fee, and funding a year, in basis points.
_INTERCHANGE_BP, _FUNDING_BP = 42, 200
_YEAR_DAYS, _NON_PERFORMING_DAYS = 365, 90
_ENDS = {"customer": CLOSED_BY_CUSTOMER, "bank": CLOSED_BY_BANK, "charge_off": CHARGED_OFF}


def figures(world: World, book: Book, day: int) -> list[Row]:
    """All of them at the end of a day."""
    own = world.accounts
    owed = book.owed(day)
    receivables = int(owed.sum())
    live = (own.opened <= day) & (own.status <= BLOCKED)
    held = (own.opened <= day) & (own.status != CHARGED_OFF)
    return [
        ("receivables", receivables, 0),
        ("utilisation", owed[live].sum(), own.extra.over(own.limit, day)[live].sum()),
        ("revolving_share", np.minimum(book.revolving, owed).sum(), receivables),
        ("instalment_penetration", world.ledger.unbilled[held].sum(), receivables),
        ("open_accounts", live.sum(), 0),
        ("spend_30d", book.total("spend", day - 29, day), 0),
        *_income(book, day), *_late(book, owed, day), *_losses(book, day), *_closed(world, day),
    ]  # fmt: skip


def _income(book: Book, day: int) -> list[Row]:
    since = day - 29
    interchange = book.total("card_spend", since, day) * _INTERCHANGE_BP / 10_000
    mean = (book.receivables[day] + book.receivables.get(day - 30, 0)) / 2
    interest = book.total("interest", since, day)
    return [
        ("fee_income_30d", book.total("fees", since, day) + interchange, 0),
        ("net_interest_income_30d", interest - mean * _FUNDING_BP * 30 / (10_000 * _YEAR_DAYS), 0),
    ]


def _late(book: Book, owed: Ints, day: int) -> list[Row]:
    now, whole = book.buckets[day], book.receivables[day]
    before = book.buckets.get(months_before(day, 1), np.zeros(BUCKETS + 1, np.int64))
    rows: list[Row] = [("non_performing_rate", owed[book.late > _NON_PERFORMING_DAYS].sum(), whole)]
    for number in range(1, BUCKETS + 1):
        rows += [
            (f"m{number}_rate", now[number], whole),
            (f"m{number}_rate_lagged", now[number], book.receivables.get(day - 30, 0)),
            (f"roll_rate_m{number - 1}_m{number}", now[number], before[number - 1]),
        ]
    return rows


def _losses(book: Book, day: int) -> list[Row]:
    quarter, year = day - 89, months_before(day, 12) + 1
    lost = -book.total("written_off", quarter, day) + book.total("recovered", quarter, day)
    ends = book.receivables[day] + book.receivables.get(day - 90, 0)
    return [
        ("net_loss_rate_90d", lost * 2 * _YEAR_DAYS, ends * 90),
        ("recovery_rate_12m", -book.total("recovered", year, day), -book.total("written_off", year, day)),
    ]


def _closed(world: World, day: int) -> list[Row]:
    """Of the accounts that were open 30 days before, by whom they were ended."""
    own, start = world.accounts, day - 30
    stood = (own.opened <= start) & ((own.status <= BLOCKED) | (own.status_since > start))
    stood &= start >= world.parameters.first_day
    return [
        (f"churn_rate_{by}_30d", (stood & (own.status == status)).sum(), stood.sum()) for by, status in _ENDS.items()
    ]
