"""When a periodic job is due: the newest tick of its cron line, in the bank's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from zhike.core.errors import Invariant
from zhike.core.settings import settings


def require_cron(name: str, cron: str) -> None:
    """Raises Invariant for a line that is none: five fields, or six with seconds last."""
    if not croniter.is_valid(cron):
        raise Invariant(f"Job {name}: {cron!r} is no cron line such as '5 * * * *'.")


def newest_tick(cron: str, instant: datetime) -> datetime:
    """The last tick at or before an instant, UTC."""
    after = instant.astimezone(ZoneInfo(settings().zone)).replace(microsecond=0) + timedelta(seconds=1)
    found: datetime = croniter(cron, after).get_prev(datetime)
    return found.astimezone(UTC)
