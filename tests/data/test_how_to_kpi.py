"""docs/how-to/add-a-kpi.md works as it is written: one file, and the number is there, whole and split."""

import json
import re
import subprocess
import sys
from pathlib import Path

from zhike.core.settings import child_environment

ROOT = Path(__file__).parents[2]
TRY = """
import json, sys
import zhike.data.kpis as package
package.__path__.append(sys.argv[1])
from datetime import timedelta
from tests.data.random_dialogue import with_dialogue
from tests.data.random_facts import AS_OF, history
from tests.data.test_kpis_brute_force import session_of
from zhike.data.kpis import kpis
from zhike.data.measuring import facts_in, pieces, whole
from zhike.data.splits import Beside, splits

rows = with_dialogue(history(11), 11)
for place, row in enumerate(rows["transaction"]):
    row["country"] = (None, "CN", "CN", "JP")[place % 4]
seen = [row for row in rows["transaction"] if row["kind"] == "purchase" and row["country"]
        and row["known_at"] <= AS_OF and AS_OF - timedelta(days=30) < row["business_date"] <= AS_OF]
abroad = sum(row["amount_cents"] for row in seen if row["country"] == "JP")
expected = abroad / sum(row["amount_cents"] for row in seen)
kpi = kpis.get("overseas_share_30d")
with session_of(rows) as session:
    facts = facts_in(session, AS_OF)
    found = kpi.value(whole(session, kpi, facts).sums)
    split = [piece.sums.part for piece in pieces(session, kpi, facts, splits()["channel"], Beside())]
print(json.dumps([found, expected, sum(split), abroad, len(split)]))
"""


def test_the_example_is_measured(tmp_path: Path) -> None:
    page = (ROOT / "docs/how-to/add-a-kpi.md").read_text()
    name = re.search(r"kpis/(\w+\.py)`:", page)
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert name is not None
    assert code is not None
    (tmp_path / name[1]).write_text(code[1])
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(tmp_path)],
        capture_output=True, text=True, env=child_environment(PYTHONPATH=str(ROOT)), check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found, expected, split, abroad, channels = json.loads(done.stdout)
    assert found == expected
    assert 0 < found < 1
    assert split == abroad
    assert channels > 1
