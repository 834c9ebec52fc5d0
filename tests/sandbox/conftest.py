from pathlib import Path

import pytest

from zhike import sandbox


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 people, two months."""
    bank = tmp_path_factory.mktemp("small") / "bank"
    sandbox.make(bank, customers=300, months=2, seed=7)
    return bank
