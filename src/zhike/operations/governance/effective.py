"""What holds from a day to a day: ``valid_from`` is the first, ``valid_to`` the first on which it holds no more."""

from datetime import date

from django.db.models import F, Q

from zhike.core.errors import BadInput
from zhike.core.text import Text

ENDS_AFTER_IT_BEGINS = Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))


def not_over(day: date) -> Q:
    """Holds on the day, or begins later."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=day)


def on(day: date) -> Q:
    """Holds on the day."""
    return not_over(day) & Q(valid_from__lte=day)


def require_order(valid_from: date, valid_to: date | None) -> None:
    """Raises BadInput where the end does not come after the beginning."""
    if valid_to is not None and valid_to <= valid_from:
        raise BadInput(
            Text(f"结束日 {valid_to} 须晚于开始日 {valid_from}。", f"The end {valid_to} must come after {valid_from}.")
        )
