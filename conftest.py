"""Promises are told with figures, skips loudly with their count; where every part is required (CI), a skip fails.

Random examples are the same in every run, and no stall of the machine fails one. Fresh ones: `FULL=1 make trust`.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

REQUIRE_ALL = os.environ.get("ZHIKE_TEST_REQUIRE_ALL") == "1"
FRESH = os.environ.get("ZHIKE_TRUST_FULL") == "1"

# Before any test is read: what a test says itself (how many examples) is added to this.
settings.register_profile(
    "zhike", derandomize=not FRESH, deadline=None, database=None, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("zhike")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each promise came to (tests/trust), and each reason for a skip once, with how many tests it took."""
    reports = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, ())]
    goals = {value for one in reports for name, value in getattr(one, "user_properties", ()) if name == "goal"}
    for line in sorted(goals):
        terminalreporter.write_line(line, red=" FAIL " in line, green=" PASS " in line)
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, tests in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT RUN: {tests} tests · {reason}", yellow=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
