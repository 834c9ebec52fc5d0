"""What became of the cards of a cohort within some days of their activation: the rows of the rates of first steps."""

from collections.abc import Callable
from datetime import timedelta

import ibis

from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards
from zhike.data.kpis import Period, Rows

COHORT_DAYS = 90

Joined = Callable[[ibis.Table, Facts], ibis.Table]


def within(days: int, step_on: str, joined: Joined | None = None) -> Rows:
    """Rows of the activated cards, ``part`` 1 where the day ``step_on`` came within ``days`` of activation.

    ``joined`` adds that column to the cards where they do not have it.
    """

    def rows(facts: Facts, period: Period) -> ibis.Table:
        card = cards(facts)
        cohort = card.filter(period.holds(card.activated_on))
        if joined is not None:
            cohort = joined(cohort, facts)
        in_time = cohort[step_on] <= cohort.activated_on + timedelta(days=days)
        return cohort.select(
            "account_id", "party_id", "product_code", part=in_time.fill_null(False).cast("int64"), whole=1
        )

    return rows


def population(days: int) -> Text:
    """Whom the rate counts, in words."""
    return Text(
        f"激活满{days}天的{COHORT_DAYS}天批次", f"Cards activated in the {COHORT_DAYS} days that ended {days} days ago"
    )
