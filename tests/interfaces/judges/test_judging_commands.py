"""From the made bank's files to grades, in processes of their own and a workspace of their own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from zhike.core.settings import child_environment


class Zhike:
    """The command line on one workspace."""

    def __init__(self, home: Path) -> None:
        self._environment = child_environment(
            ZHIKE_HOME=str(home), ZHIKE_DATABASE_URL="", ZHIKE_FAILPOINT="", COLUMNS="160"
        )

    def __call__(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "zhike.interfaces.cli", *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))


@pytest.mark.slow
def test_claims_grades_and_honesty_of_a_bank(tmp_path: Path) -> None:
    zhike, bank = Zhike(tmp_path / "home"), tmp_path / "bank"
    zhike("sandbox", "make", str(bank), "--customers", "1500", "--months", "13", "--seed", "4")
    for system in ("core", "cards"):
        zhike("load", f"made_{system}", str(bank / system))
    zhike("build", "--as-of", "2026-10-31")
    zhike("decide", "--as-of", "2026-10-31")
    assert all(each["fresh"] for each in zhike.json("sandbox", "claims"))
    assert not any(each["fresh"] for each in zhike.json("sandbox", "claims"))
    told = zhike("sandbox", "grade", str(bank))
    assert "not claimed" in told
    numbers = pq.read_table(bank / "truth" / "numbers")["number"].to_pylist()
    assert not any(number in told for number in numbers), "a grade names nobody"
    grades = {(each["claim"], each["figure"]): each for each in zhike.json("sandbox", "grade", str(bank))}
    assert grades["duplicates", "precision"]["value"] == 1.0
    assert grades["KPI valid_cards", "relative error"]["value"] < 0.02
    assert grades["silent churn", "AUC"]["value"] is None
    identifiers, view = zhike.json("sandbox", "honesty", str(bank))
    assert abs(identifiers["auc"] - 0.5) < 2 * identifiers["chance_error"]
    # So few fall silent in a small bank that luck moves both: a leak would lift the view far above.
    assert 0.75 < view["auc"] < view["oracle"] + view["chance_error"] / 2
    (row, *_) = zhike.json("sandbox", "aggregates", str(bank))
    assert {"name", "figure", "value", "source"} <= set(row)
