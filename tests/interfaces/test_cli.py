"""The command line: shapes of --json, one clear line and exit code 2 on every fault, quick to start."""

import subprocess
import sys
from pathlib import Path

import pytest
from chinese import is_chinese
from command_line import Run
from small_bank import customer_id

from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace


@pytest.fixture
def zhike(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


def test_reads_the_newest_snapshot_without_a_publication(published_bank: None, zhike: Run) -> None:
    snapshot = SnapshotStore(workspace()).current_id()
    found = zhike.json("customer", customer_id(0))
    assert list(found)[:3] == ["customer_id", "as_of", "features"]
    assert (found["as_of"], found["snapshot"]) == ("2026-06-30", snapshot)
    assert found["features"]["transactions_30d"] == 15
    assert found["next_best_action"].keys() >= {"offer", "value_cents", "reasons"}
    assert all(reason.keys() == {"code", "params", "text"} for reason in found["next_best_action"]["reasons"])
    assert {each["outcome"] for each in found["candidates"]} <= {"won", "lost", "refused"}
    assert zhike.json("customer", "small:C0000") == zhike.json("customer", "C0000") == found
    count = zhike.json("segment", "count", "cards_held = 1")
    assert count == {"expression": "cards_held = 1", "count": 30, "as_of": "2026-06-30", "snapshot": snapshot}
    kpis = zhike.json("kpi")
    assert all(kpi.keys() == {"name", "value", "unit", "as_of"} for kpi in kpis)
    assert {"name": "valid_cards", "value": 30, "unit": "count", "as_of": "2026-06-30"} in kpis
    by_branch = zhike.json("kpi", "valid_cards", "--by", "branch")
    assert [(row["label"], row["value"], row["title"]["zh"]) for row in by_branch] == [
        ("10", 10, "北京分行"), ("11", 10, "海淀支行"), ("20", 10, "上海分行")
    ]  # fmt: skip
    assert [row["value"] for row in zhike.json("kpi", "valid_cards", "--as-of", "2025-05-31")] == [None]
    assert sum(row["value"] for row in zhike.json("kpi", "spend_30d", "--by", "tier")) == 20 * 15 * 10_000
    assert [row["label"] for row in zhike.json("kpi", "valid_cards", "--by", "month")][-1] == "2026-06"
    assert zhike.json("kpi", "--reconcile")["untied"] == []  # no account has two statements
    page = zhike.json("segment", "list", "cards_held = 1", "--limit", "3")
    assert [row["customer_id"] for row in page["rows"]] == [customer_id(n) for n in range(3)]
    assert page["after"] == customer_id(2)


def test_an_id_in_capitals_is_the_same_id(published_bank: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ids of the small bank hold digits only, so what is looked for tells."""
    from zhike.core.errors import NotFound
    from zhike.operations.customers import queries, reading
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.marketing import queries as marketing

    wanted, asked = "01970000-abcd-7000-8000-00000000beef", list[str]()
    monkeypatch.setattr(reading, "row", lambda _source, _table, who: asked.append(who))
    monkeypatch.setattr(reading, "select", lambda _published, _table, who: asked.append(who))
    for get in (queries.customer_get, marketing.decision_get):
        with pytest.raises(NotFound):
            get(system_actor(), wanted.upper())
    assert queries.customer_search(system_actor(), f" {wanted.upper()} ") == []
    assert asked == [wanted] * 3


def test_the_rows_of_a_source_without_a_declaration(published_bank: None, zhike: Run) -> None:
    assert zhike.json("quarantine", "--source", "small") == []


def test_tables_say_which_snapshot(published_bank: None, zhike: Run) -> None:
    snapshot = str(SnapshotStore(workspace()).current_id())
    for command in (
        ("customer", customer_id(0)), ("segment", "count", "cards_held = 1"), ("segment", "list", "cards_held = 1"),
        ("kpi",),
    ):  # fmt: skip
        code, out, _ = zhike(*command)
        assert code == 0
        assert snapshot in out
        assert "2026-06-30" in out


def test_reasons_come_in_both_languages(published_bank: None, zhike: Run) -> None:
    found = {locale: zhike("--locale", locale, "customer", customer_id(0))[1] for locale in ("zh", "en")}
    assert "预计价值" in found["zh"]
    assert "Worth" in found["en"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["segment", "count", "no_such_column = 1"], "no_such_column"),
        (["segment", "count", "cards_held in (select 1)"], "position"),
        (["segment", "list", "cards_held = 1", "--limit", "0"], "between 1 and 1000"),
        (["customer", "nobody:7"], "SOURCE:NUMBER"),
        (["customer", "01970000-0000-7000-8000-999999999999"], "No customer"),
        (["build", "--as-of", "2026-02-30"], "YYYY-MM-DD"),
        (["build"], "--as-of"),
        (["build", "--as-of", "9999-12-31"], "after today"),
        (["decide", "--as-of", "9999-12-31"], "after today"),
        (["decide", "--as-of", "2026-05-01"], "zhike build --as-of 2026-05-01"),
        (["load", "no_such_source", "/tmp"], "Unknown source"),
        (["load", "made_cards", "/no/such/folder"], "no such folder"),
        (["load", "made_cards", ""], "DIR is empty"),
        (["quarantine", "--source", "no_such_source"], "There are: "),
        (["segment", "list", "cards_held = 1", "--after", "zzz"], "no customer id"),
        (["registry", "no_such_registry"], "There are:"),
        (["user", "reset", "nobody"], "no user nobody"),
        (["user", "add", "lin", "--role", "boss"], "administrator"),
        (["no_such_command"], "zhike --help"),
        (["--locale", "fr", "kpi"], "zh, en"),
        (["kpi", "valid_cards", "--by", "sign"], "There is no split by 'sign'"),
        (["kpi", "receivables", "--by", "channel"], "receivables cannot be split by channel"),
        (["kpi", "spend"], "Unknown kpi 'spend'"),
        (["sandbox", "make", "/proc/nowhere"], "/proc/nowhere"),
        (["serve", "--host", "no such host"], "127.0.0.1"),
    ],
)
def test_a_fault_is_one_line(published_bank: None, zhike: Run, arguments: list[str], said: str) -> None:
    assert said in zhike.fault(*arguments)


def test_a_fault_speaks_the_chosen_language(published_bank: None, zhike: Run) -> None:
    code, _, said = zhike("--locale", "zh", "segment", "count", "no_such_column = 1")
    assert code == 2
    assert said.startswith("错误：条件表达式第 1 个字符：没有列 'no_such_column'。")
    assert is_chinese(said.removeprefix("错误："))


def test_a_fault_of_zhike_itself_is_one_line_too(
    published_bank: None, zhike: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhike.operations.customers import queries

    def broken(*_: object, **__: object) -> None:
        raise ValueError("138 1234 5678")

    monkeypatch.setattr(queries, "kpi_list", broken)
    told = zhike.fault("kpi")
    assert "ValueError at test_cli.py" in told
    assert "138 1234" not in told


def test_registry_names_file_and_line(zhike: Run) -> None:
    entries = {entry["name"]: entry for entry in zhike.json("registry", "kpis")}
    assert entries["valid_cards"]["where"].startswith("zhike/data/kpis/valid_cards.py:")
    assert entries["valid_cards"]["title"].keys() == {"zh", "en"}


def test_help_starts_quickly() -> None:
    """It reads none of the parts that take their time, whatever they cost on this machine."""
    command = [sys.executable, "-X", "importtime", "-m", "zhike.interfaces.cli", "--help"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert "segment" in done.stdout
    read = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in read
    assert not read & {"django", "duckdb", "ibis", "numpy", "psycopg", "pyarrow", "sqlglot", "zhike.data.tables"}


def test_its_reference_is_up_to_date() -> None:
    from zhike.interfaces.cli.reference import reference

    page = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
    assert page.read_text() == reference(), "write it again: python -m zhike.interfaces.cli.reference"
