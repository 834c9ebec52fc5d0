"""``zhike quarantine``: the reason of a refused row in words, in the language asked for."""

from dataclasses import replace

import pyarrow as pa
import pytest
from command_line import Run

from zhike.core.snapshot import SnapshotStore
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data import quarantine
from zhike.data.source import Rule, sources


@pytest.fixture
def zhike(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


@pytest.fixture
def refused(bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three refused rows: by a reason that all share, by a source's own rule, by a source that is no more."""
    core = sources.get("made_core")
    own = Rule("too_young", "born", lambda raw: raw.born.notnull(), Text("开户时未成年", "a minor when it was opened"))
    files = (replace(core.files[0], rules=(*core.files[0].rules, own)), *core.files[1:])
    monkeypatch.setitem(sources._entries, "made_core", replace(core, files=files))
    rows = [("made_core", 1, "not_a_date"), ("made_core", 2, "too_young"), ("old", 3, "odd")]
    told = {"kind": core.files[0].name, "file": "a.txt", "column": "born", "raw": "99999999|x"}
    table = pa.Table.from_pylist(
        [{"source": source, "line": line, "code": code, **told} for source, line, code in rows], quarantine.SCHEMA
    )
    store = SnapshotStore(workspace())
    file = store.add(quarantine.TABLE, "", table)
    store.publish(store.current().with_table(quarantine.TABLE, [file], table.schema), "load")


def test_the_reason_is_told_in_words(refused: None, zhike: Run) -> None:
    rows = zhike.json("quarantine")
    assert rows[0] == {
        "source": "made_core", "file": "a.txt", "line": 1, "code": "not_a_date", "reason": "not a date",
        "column": "born", "raw": "99999999|x",
    }  # fmt: skip
    assert [row["reason"] for row in rows] == ["not a date", "a minor when it was opened", "odd"]
    chinese = zhike("--locale", "zh", "quarantine", "--source", "made_core")[1]
    assert "made_core a.txt:1 not_a_date born: 不是有效日期 | 99999999|x" in chinese
    assert "开户时未成年" in chinese
