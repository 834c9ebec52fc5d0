"""docs/how-to/add-an-offer-type.md works as it is written: one file, and the offer competes."""

import json
import re
import subprocess
import sys
from pathlib import Path

from zhike.core.settings import child_environment

ROOT = Path(__file__).parents[2]
TRY = """
import json, sys
sys.path.insert(0, sys.argv[2])
import zhike.decide.offers as package
package.__path__.append(sys.argv[1])
from decision_reference import CALM
import decision_reference
from zhike.core.engine import Limits, duckdb_session
from zhike.decide.arbitrate import next_best_action
from zhike.decide.explain import candidates
from zhike.decide.inputs import VIEW, declared_view
import pyarrow as pa

view = declared_view()
with duckdb_session({}, Limits()) as session:
    session.add(VIEW, pa.Table.from_pylist([CALM | {"deposits_cents": 9_000_000}], view.schema().to_pyarrow()))
    row = session.query(next_best_action(view)).to_pylist()[0]
print(json.dumps([each.as_json() for each in candidates(row, "en")]))
"""


def test_the_example_competes(tmp_path: Path) -> None:
    page = (ROOT / "docs/how-to/add-an-offer-type.md").read_text()
    name = re.search(r"offers/(\w+\.py)`:", page)
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert name is not None
    assert code is not None
    (tmp_path / name[1]).write_text(code[1])
    command = [sys.executable, "-c", TRY, str(tmp_path), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, env=child_environment(), check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found[0]["offer"], found[0]["value_cents"]) == ("savings_invitation", 402)
    assert found[0]["reasons"][0]["text"] == "Holds ¥90,000.00 in deposits"
