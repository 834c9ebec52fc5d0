"""P1: a bank's days over marked people, and nothing of them in clear in anything that is kept or left behind."""

import json
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import personal_scenario
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from trust.goals import SEED, goal

from zhike.core.postgres import place as places
from zhike.core.settings import child_environment
from zhike.core.workspace import Workspace
from zhike.operations.governance import detector
from zhike.sandbox import make

CUSTOMERS = 1_000
_POLL_SECONDS = 0.01


@dataclass
class Days:
    """A scenario that ran: its folders, and what must not be found in them."""

    root: Path
    marks: list[tuple[str, str]]
    spilled: int = 0
    staged: int = 0
    public: int = 0
    known: detector.Known = field(init=False)

    def __post_init__(self) -> None:
        self.known = detector.Known(self.marks)

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def out(self) -> Path:
        return self.root / "out"


class Watcher:
    """Keeps a copy of whatever comes up in folders that are emptied again, while it is there."""

    def __init__(self, kept: Path, *watched: Path) -> None:
        self.kept, self._watched = kept, watched
        self._seen: dict[Path, tuple[int, int]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(_POLL_SECONDS):
            for folder in self._watched:
                for path in folder.rglob("*"):
                    self._keep(folder, path)

    def _keep(self, folder: Path, path: Path) -> None:
        try:
            stat = path.stat()
            state = stat.st_size, stat.st_mtime_ns
            if not path.is_file() or self._seen.get(path) == state or not stat.st_size:
                return
            self._seen[path] = state
            copy = self.kept / folder.name / f"{len(self._seen):05d}-{state[1]}-{path.name}"
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        except OSError:  # gone between two looks
            return


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    root = tmp_path_factory.mktemp("p1")
    make(root / "bank", customers=CUSTOMERS, months=1, seed=SEED % 1_000)
    told, public = personal_scenario.marked(root / "bank"), personal_scenario.published(root / "bank")
    made = Days(root, [(kind, value) for kind, value in told if value not in public])
    made.public = len(told) - len(made.marks)
    (root / "tmp").mkdir()
    (root / "home").mkdir(mode=0o700)
    phone = next(value for kind, value in made.marks if kind == "phone")
    name = next(value for kind, value in made.marks if kind == "full_name")
    environment = child_environment(
        ZHIKE_HOME=str(made.home), TMPDIR=str(root / "tmp"), ZHIKE_TEST_PERSON=f"{name},{phone}", ZHIKE_DATABASE_URL=""
    )
    command = [sys.executable, personal_scenario.__file__, str(root / "bank"), str(made.out)]
    with (
        Watcher(root / "seen", made.home / "spill", made.home / "staging", root / "tmp") as seen,
        (root / "stderr.log").open("wb") as log,
    ):
        ended = subprocess.run(command, env=environment, stdout=log, stderr=log, timeout=1_800, check=False)
    assert ended.returncode == 0, (root / "stderr.log").read_text()[-4000:]
    made.marks.append(("password", (made.out / personal_scenario.PASSWORD_FILE).read_text()))
    made.marks.append(("verification value", personal_scenario.CVV))
    (made.out / personal_scenario.PASSWORD_FILE).unlink()
    made.known = detector.Known(made.marks)
    made.spilled = sum(path.stat().st_size for path in (seen.kept / "spill").glob("*"))
    made.staged = len(list((seen.kept / "staging").glob("*")))
    yield made
    data = places.place(Workspace(made.home)).base
    shutil.rmtree(data, ignore_errors=True)


def _looked_at(days: Days) -> dict[str, Path]:
    """Every place that is looked through, by what it is."""
    return {
        "dump": days.out / "dump",
        "data folder with its log": places.place(Workspace(days.home)).data,
        "workspace, and so a backup of it": days.home,
        "spill, staging and temporary files while they were there": days.root / "seen",
        "temporary folder": days.root / "tmp",
        "answers": days.out / "answers",
    }


def _leaks(days: Days, folder: Path) -> list[str]:
    return [str(leak) for leak in detector.in_folder(folder, days.known, patterns=False)]


def _backed_up(days: Days) -> list[str]:
    """The three parts of a backup (docs/how-to/run-in-production.md) packed, and what is found in the archive."""
    archive = days.root / "backup.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as packed:
        for part in ("keys", "snapshots", "CURRENT", "workspace.json", "audit"):
            if (days.home / part).exists():
                packed.add(days.home / part, part)
        packed.add(days.out / "dump", "dump")
    return [str(leak) for leak in detector.in_file(archive, days.known, patterns=False)]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_P1_nothing_is_left_in_clear(days: Days) -> None:
    with goal("P1") as figures:
        kinds = {kind: sum(kind == one for one, _ in days.marks) for kind in dict(days.marks)}
        figures.append(f"{CUSTOMERS:,} marked customers, {sum(kinds.values()):,} values of {len(kinds)} kinds")
        figures.append(f"{days.public} more that are names of branches or shops too")
        assert days.public < len(days.marks) / 100
        assert kinds["full_name"] > 100
        assert min(kinds[kind] for kind in ("phone", "id_number", "address", "email", "card_number")) >= 500
        started, size, leaks = time.monotonic(), 0, list[str]()
        for what, folder in _looked_at(days).items():
            assert folder.is_dir(), what
            size += _size(folder)
            leaks += [f"{what}: {leak}" for leak in _leaks(days, folder)]
        log = (days.root / "stderr.log").read_bytes()
        leaks += [f"log: {leak}" for leak in detector.in_bytes(log, "stderr.log", days.known)]
        for path in sorted((days.out / "answers").iterdir()):
            texts = detector.in_text(path.read_text(), path.name)
            leaks += [f"answer: {leak}" for leak in texts]
        figures.append(f"{size >> 20:,} MiB looked through in {time.monotonic() - started:.0f} s")
        figures.append(f"DuckDB spilled {days.spilled >> 20:,} MiB, {days.staged} staged files (Splink: no part yet)")
        figures.append(f"{len(leaks)} clear values")
        assert leaks == [], "\n".join(leaks[:20])
        assert days.spilled > 1 << 20, "nothing was spilled: the scenario proves nothing about spill files"
        assert days.staged > 10
        assert _backed_up(days) == []


def test_P1_the_scenario_did_what_it_says(days: Days) -> None:
    """What could have leaked was really there: faults quoting a person, a failed job, quarantined rows, sessions."""
    log = [json.loads(line) for line in (days.root / "stderr.log").read_text().splitlines() if line.startswith("{")]
    assert any("RuntimeError" in str(line.get("exception")) for line in log)
    assert any("ValueError" in str(line.get("exception")) + str(line.get("reason")) for line in log), log[-5:]
    rows = {path.name: path.read_bytes() for path in (days.out / "dump").iterdir()}
    assert b"test.fails" in rows["public.procrastinate_jobs.copy"]
    assert rows["public.django_session.copy"].count(b"\n") >= 1
    assert rows["public.governance_vaultfield.copy"].count(b"\n") > CUSTOMERS * 3
    assert rows["public.governance_auditentry.copy"].count(b"identity.reveal") >= 1
    assert len(list((days.home / "facts").rglob("*.parquet"))) > 10
    statuses = {path.stem.partition("-")[2] for path in (days.out / "answers").glob("*-*.html")}
    assert {"200", "404", "500"} <= statuses


def test_P1_planted_values_are_found(days: Days, tmp_path: Path) -> None:
    """A name in a log, in a Parquet file and in a spilled block, a phone in a job's arguments, a card in WAL bytes."""
    one = dict(days.marks)
    (tmp_path / "zhike.log").write_text(json.dumps({"event": f"loaded {one['full_name']}"}) + "\n")
    facts = pa.table({"memo": ["harmless"] * 9_999 + [one["address"]]})
    pq.write_table(facts, tmp_path / "facts.parquet", compression="zstd")
    (tmp_path / "spill.tmp").write_bytes(bytes(4096) + one["email"].encode("utf-16-le") + bytes(4096))
    (tmp_path / "0000000100000000").write_bytes(bytes(range(256)) * 64 + one["card_number"].encode())
    found = {leak.where: leak.kind for leak in detector.in_folder(tmp_path, days.known, patterns=False)}
    planted = {str(leak) for leak in detector.in_folder(days.out / "planted", days.known, patterns=False)}
    with goal("P1") as figures:
        figures.append(f"{len(found) + len(planted)} of 5 planted values found")
        assert found == {
            "zhike.log": "full_name", "facts.parquet": "address", "spill.tmp": "email",
            "0000000100000000": "card_number",
        }  # fmt: skip
        assert planted == {"phone in public.procrastinate_jobs.copy (utf-8)"}
