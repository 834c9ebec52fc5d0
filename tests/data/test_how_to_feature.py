"""docs/how-to/add-a-feature.md works as it is written: one file, and the view has the columns."""

import json
import re
import subprocess
import sys
from pathlib import Path

from zhike.core.settings import child_environment

ROOT = Path(__file__).parents[2]
TRY = """
import json, sys
import zhike.data.features as package
package.__path__.append(sys.argv[1])
from tests.data.random_facts import history
from tests.data.test_features import compiled
from tests.data.random_facts import AS_OF
from tests.data.brute_force import visible_events, visible_versions

rows = history(11)
accounts = {row["account_id"] for row in visible_versions("account", rows["account"], AS_OF)}
links = visible_versions("account_party", rows["account_party"], AS_OF)
owner = {link["account_id"]: link["party_id"] for link in links
         if link["role"] == "main" and link["account_id"] in accounts}
expected = {}
for row in visible_events(rows["transaction"], AS_OF):
    in_app = row["kind"] == "purchase" and row["channel"] == "app"
    if row["account_id"] in owner and in_app and (AS_OF - row["business_date"]).days < 90:
        expected[owner[row["account_id"]]] = expected.get(owner[row["account_id"]], 0) + 1
found = {customer: row["app_purchases_90d"] for customer, row in compiled(rows).items()}
print(json.dumps([found, {customer: expected.get(customer, 0) for customer in found}]))
"""


def test_the_example_stands_in_the_view(tmp_path: Path) -> None:
    page = (ROOT / "docs/how-to/add-a-feature.md").read_text()
    name = re.search(r"features/(\w+\.py)`:", page)
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert name is not None
    assert code is not None
    (tmp_path / name[1]).write_text(code[1])
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(tmp_path)],
        capture_output=True, text=True, env=child_environment(PYTHONPATH=str(ROOT)), check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found, expected = json.loads(done.stdout)
    assert found == expected
    assert sum(found.values()) > 0
