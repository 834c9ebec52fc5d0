"""docs/how-to/add-a-source.md works as it is written: one file, and its sample loads as the page says."""

import json
import re
import subprocess
import sys
from pathlib import Path

from zhike.core.settings import child_environment

ROOT = Path(__file__).parents[2]
TRY = """
import json, sys
from pathlib import Path
import zhike.data.sources as package
package.__path__.append(sys.argv[1])
from delivering import facts, reasons, taken, workspace_at
from zhike.data.source import sources

workspace = workspace_at(Path(sys.argv[2]) / "home")
report = taken(Path(sys.argv[2]) / "in", workspace, source="harbour")
moves = [[row["transaction_id"], row["amount_cents"], row["purpose"]] for row in facts(workspace, "transaction")]
print(json.dumps([report.to_json()["files"], reasons(workspace), moves, sources.where("harbour")]))
"""


def test_the_example_loads_its_sample(tmp_path: Path) -> None:
    page = (ROOT / "docs/how-to/add-a-source.md").read_text()
    code = re.search(r"sources/(\w+\.py)`:\n\n```python\n(.*?)```", page, re.DOTALL)
    assert code is not None
    (tmp_path / code[1]).write_text(code[2])
    samples = re.findall(r"`(20260105/[\w.]+)`[^\n]*:\n\n```\w+\n(.*?)```", page, re.DOTALL)
    assert len(samples) == 3
    for name, content in samples:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("gb18030" if "movements" in name else "utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(tmp_path), str(tmp_path)],
        capture_output=True, text=True, env=child_environment(PYTHONPATH=str(Path(__file__).parent)), check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    files, reasons, moves, where = json.loads(done.stdout)
    assert [(file["rows_in"], file["accepted"]) for file in files] == [(1, 1), (4, 2)]
    assert reasons == [
        ["20260105/movements.csv", 4, "not_a_date", "day"],
        ["20260105/movements.csv", 5, "unknown_account", "account"],
    ]
    assert moves == [["harbour:m1", 10000, None], ["harbour:m2", 3050, "茶馆"]]
    assert "harbour.py" in where
