"""The clock of a complaint: by which day the bank must have decided and told (DOMAIN section 3, Complaints).

Days are the bank's calendar days: the day of receipt is day 0, and the last of the days is still in time.
"""

from datetime import date, timedelta

from zhike.core.text import Text

# Days from the day the clock began: of receipt, or of the request for review.
DAYS: dict[str, int] = {"plain": 15, "complex": 30, "special": 60, "review": 30, "review_long": 60}
KINDS: dict[str, Text] = {
    "plain": Text("15 日内答复", "Within 15 days"),
    "complex": Text("情况复杂，30 日内", "Complex, within 30 days"),
    "special": Text("特别复杂，经批准再延 30 日", "Specially complex, 30 days more by approval"),
    "review": Text("核查，30 日内", "Review, within 30 days"),
    "review_long": Text("核查延长，60 日内", "Review extended, within 60 days"),
}
# What a clock may be extended to. The special extension needs a second person's approval.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "plain": ("complex",), "complex": ("special",), "special": (), "review": ("review_long",), "review_long": (),
}  # fmt: skip
BY_APPROVAL = ("special",)
SOON_DAYS = 3


def due_on(began_on: date, kind: str) -> date:
    """The last day in time, for a clock of that kind that began on a day."""
    return began_on + timedelta(days=DAYS[kind])


def days_left(due: date, today: date) -> int:
    """Days until the due day: 0 on the day itself, negative when overdue."""
    return (due - today).days
