"""In which order jobs run. A greater number runs first; who waits long rises (`reaping`), so nobody starves.

Each priority is a queue of its own: the second worker leaves the nightly one alone, so that hours of building never
hold up what is live.
"""

from typing import Literal

Priority = Literal["live", "campaign", "nightly", "housekeeping"]

LIVE: Priority = "live"  # somebody waits for it
CAMPAIGN: Priority = "campaign"  # due today
NIGHTLY: Priority = "nightly"  # may take hours
HOUSEKEEPING: Priority = "housekeeping"  # any time will do

RANKS: dict[Priority, int] = {LIVE: 30, CAMPAIGN: 20, NIGHTLY: 10, HOUSEKEEPING: 0}
QUICK_QUEUES: tuple[str, ...] = (LIVE, CAMPAIGN, HOUSEKEEPING)
RISE_SECONDS = 600  # for each ten minutes of waiting a job rises by one step, up to `live`
RISE = 10
