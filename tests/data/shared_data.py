"""The public data sets beside the project. Where they are missing, tests that need them are skipped, and say so."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def needs(name: str) -> list[pytest.MarkDecorator]:
    """Marks for a module that reads one of the sets."""
    missing = not (SHARED / name).is_dir()
    return [pytest.mark.shared, pytest.mark.skipif(missing, reason=f"SKIPPED: {SHARED / name} is missing")]
