"""Who is the same party, and how a person names one."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pytest
from delivering import MemoryVault, deliver, facts, reasons, taken, workspace_at

from zhike.core.errors import NotFound
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.identity import Crosswalk, resolve
from zhike.data.tables import TABLES

EMPTY = TABLES["party_key"].arrow_schema().empty_table()
DAY = date(2020, 5, 17)


@pytest.fixture
def loaded(tmp_path: Path) -> tuple[Workspace, Manifest]:
    workspace = workspace_at(tmp_path / "home")
    taken(deliver(tmp_path / "in"), workspace)
    return workspace, SnapshotStore(workspace).current()


def test_a_document_joins_customers_of_two_sources(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    cards = Crosswalk(workspace, "cards", EMPTY)
    (one, same), new = cards.introduce(["1", "2"], [DAY, date(2024, 1, 1)], ["id7", "ID7"], [0, 1])
    assert one == same
    assert [(key.namespace, key.row) for key in new] == [("cards", 0), ("identity", 0), ("cards", 1)]

    known = pa.table({
        "source": [key.namespace for key in new], "key_token": [key.token for key in new],
        "party_id": [key.party_id for key in new],
    })  # fmt: skip
    core = Crosswalk(workspace, "core", known)
    (elsewhere, other), _ = core.introduce(["1", "9"], [date(2026, 1, 1), DAY], ["ID7", None], [0, 1])
    assert elsewhere == one, "the first source that met the person gave the id"
    assert other != one
    assert core.find(["1", "2", None]) == [one, None, None], "customer 2 is a number of another source"


def test_a_known_number_with_another_persons_document_is_a_conflict(tmp_path: Path) -> None:
    """In one chunk, in one load and in a later one; a document that nobody bears is a renewed one."""
    people = "number,name,paper,born,since,note,score\n1,A,ID1,,2020-01-01,,\n2,B,ID2,,2021-05-06,,\n"
    workspace, vault = workspace_at(tmp_path / "home"), MemoryVault()
    taken(deliver(tmp_path / "a", people__csv=f"{people}2,X,ID1,,2021-05-06,,\n".encode()), workspace, vault)
    assert reasons(workspace) == [("20260105/people.csv", 4, "identity_conflict", "paper")]

    later = "number,name,paper,born,since,note,score\n1,X,ID2,,2020-01-01,,\n2,B,ID3,,2021-05-06,,\n"
    folder = deliver(tmp_path / "b", "20260106", people__csv=later.encode(), swipes__dat=None)
    report = taken(folder, workspace, vault)
    assert (report.files[0].accepted, report.files[0].quarantined) == (1, 1)
    assert ("20260106/people.csv", 2, "identity_conflict", "paper") in reasons(workspace)
    assert "X" not in vault.kept.values()


def test_ids_tell_when_a_party_was_first_known_and_nothing_else(tmp_path: Path) -> None:
    crosswalk = Crosswalk(workspace_at(tmp_path), "cards", EMPTY)
    (party,), _ = crosswalk.introduce(["12345678"], [DAY], [None], [0])
    assert UUID(party).version == 7
    assert datetime.fromtimestamp((UUID(party).int >> 80) / 1000, UTC).date() == DAY
    assert "12345678" not in party


def test_refused_rows_take_their_keys_back(tmp_path: Path) -> None:
    crosswalk = Crosswalk(workspace_at(tmp_path), "cards", EMPTY)
    _, new = crosswalk.introduce(["1", "2"], [DAY, DAY], [None, None], [0, 1])
    crosswalk.forget(new[:1])
    assert [party is None for party in crosswalk.find(["1", "2"])] == [True, False]


def test_many_keys_stay_found(tmp_path: Path) -> None:
    """Past the size at which fresh keys are folded into the sorted ones."""
    crosswalk = Crosswalk(workspace_at(tmp_path), "cards", EMPTY)
    numbers = [str(number) for number in range(120_000)]
    parties, _ = crosswalk.introduce(numbers, [DAY] * len(numbers), [None] * len(numbers), range(len(numbers)))
    assert crosswalk.find([*numbers, "x"]) == [*parties, None]
    assert len(set(parties)) == len(parties)


@pytest.mark.parametrize("text", ["small:1", "1", " small:1 "])
def test_resolve(loaded: tuple[Workspace, Manifest], text: str) -> None:
    workspace, manifest = loaded
    party = resolve(workspace, manifest, text)
    assert party in {row["party_id"] for row in facts(workspace, "party")}
    assert resolve(workspace, manifest, party.upper()) == party


@pytest.mark.parametrize(
    "text",
    ["3", "berka:1", "small:", "", "018f0000-0000-7000-8000-000000000000", "small:1' or '1'='1", "\0", "x" * 9999],
)
def test_who_is_not_there_is_not_found(loaded: tuple[Workspace, Manifest], text: str) -> None:
    with pytest.raises(NotFound) as fault:
        resolve(*loaded, text)
    assert "\n" not in str(fault.value)
