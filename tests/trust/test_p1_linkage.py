"""P1, record linkage: Splink over clear personal fields on a session of ours writes nothing to any disk.

Identity is resolved by keyed tokens today; Splink is to come. What it must run on stands already: a session
whose `Limits` name no spill folder may use memory alone. DuckDB's own encryption of temporary files is no way out: it
needs an extension that is loaded from the network.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from trust.goals import SEED, goal, share

from zhike.core.engine import DuckSession, Limits, duckdb_session

MARK = "张P1标记"


@contextmanager
def scanning(folder: Path) -> Iterator[dict[str, int]]:
    """Bytes seen in files below a folder while the block runs, and how often the mark stood among them."""
    seen, stopped = {"bytes": 0, "marks": 0}, threading.Event()

    def scan() -> None:
        while not stopped.wait(0.02):
            for path in folder.rglob("*"):
                try:
                    content = path.read_bytes() if path.is_file() else b""
                except OSError:  # gone since
                    continue
                seen["bytes"] = max(seen["bytes"], len(content))
                seen["marks"] += content.count(MARK.encode())

    thread = threading.Thread(target=scan)
    thread.start()
    try:
        yield seen
    finally:
        stopped.set()
        thread.join()


def persons(count: int) -> pa.Table:
    """Every tenth stands twice, the second time with another phone; names, phones and addresses are made up."""
    who = [n if n % 10 else n // 10 for n in range(count)]
    return pa.table(
        {
            "unique_id": list(range(count)),
            "full_name": [f"{MARK}{n % 500:03d}" for n in who],
            "phone": [f"1380000{n % 10_000:04d}" for n in who],
            "address": [f"{MARK}市测试路{n}号" for n in who],
        }
    )


def linked(session: DuckSession, count: int) -> int:
    """How many pairs Splink finds likely."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    api = DuckDBAPI(connection=session.connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.JaroWinklerAtThresholds("full_name"), compare.LevenshteinAtThresholds("address")],
        blocking_rules_to_generate_predictions=[block_on("full_name"), block_on("phone")],
    )
    linker = Linker(api.register(persons(count)), settings, log_level="ERROR")
    return len(linker.inference.predict(threshold_match_probability=0.0).as_pyarrow_table())


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
def test_P1_splink_on_a_session_without_a_spill_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = share(4_000, 40_000)
    monkeypatch.chdir(tmp_path)  # DuckDB's default would be .tmp in the working directory
    with goal("P1", seed=SEED) as figures:
        with scanning(tmp_path) as seen, duckdb_session({}, Limits(memory_mb=2_048)) as session:
            pairs = linked(session, count)
        figures.append(f"Splink over {count:,} marked persons: {pairs:,} pairs, {seen['marks']} clear values on disk")
        assert pairs > count / 20
        assert seen == {"bytes": 0, "marks": 0}


def test_P1_the_scan_finds_what_a_spilling_session_would_leave(tmp_path: Path) -> None:
    """The positive control: the same persons in a session that may spill, with too little memory."""
    spill = tmp_path / "spill"
    spill.mkdir()
    with scanning(tmp_path) as seen, duckdb_session({}, Limits(memory_mb=64, spill=spill)) as session:
        session.query_sql(
            f"CREATE TABLE many AS SELECT '{MARK}' || i AS full_name, md5(i::varchar) AS h FROM range(2000000) AS t (i)"
        )
        session.query_sql("SELECT count(*) FROM (SELECT full_name, h FROM many ORDER BY h, full_name)")
    assert seen["bytes"] > 0
    assert seen["marks"] > 0
