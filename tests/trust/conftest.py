"""Every test here is marked ``trust``; what each promise came to is told at the end (conftest.py of the project)."""

import pytest
from trust.goals import LINES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/trust/" in str(item.path):
            item.add_marker(pytest.mark.trust)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """The lines travel with the report: the test may have run in another process than the one that tells."""
    if call.when == "call":
        item.user_properties.extend(("goal", line) for line in LINES)
        LINES.clear()
