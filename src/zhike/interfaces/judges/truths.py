"""The truth folder of a made bank, read for judging, and the way from its people to the parties of a workspace."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhike.core import ids
from zhike.core.errors import BadInput
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.source import sources


class Truths:
    """Tables of a bank's truth by name. Raises BadInput where the folder holds no whole made bank with its truth."""

    def __init__(self, bank: Path) -> None:
        from zhike import sandbox

        self._folder = bank / "truth"
        if sandbox.found(bank) is None or not (self._folder / "numbers").exists():
            raise BadInput(f"{bank} holds no whole made bank with its truth: make one with `zhike sandbox make DIR`.")

    def has(self, name: str) -> bool:
        return (self._folder / name).is_dir()

    def table(self, name: str) -> pa.Table:
        """All blocks of a table, in their order."""
        paths = sorted((self._folder / name).glob("*.parquet"))
        return pa.concat_tables([pq.read_table(path) for path in paths]).combine_chunks()

    def tokens(self, workspace: Workspace) -> pa.Table:
        """person, subject: each number of a person as the keyed token of this workspace, under its source."""
        secret, told = workspace.secret("tokens"), self.table("numbers")
        systems, numbers = told["system"].to_pylist(), told["number"].to_pylist()
        namespaces = {system: _namespace(system) for system in set(systems)}
        subjects = [
            f"{namespaces[system]}:{ids.token(secret, 'customer_number', number)}"
            for system, number in zip(systems, numbers, strict=True)
        ]
        return pa.table({"person": told["person"], "subject": pa.array(subjects, pa.string())})


def _namespace(system: str) -> str:
    """Under which the source of a system of the made bank keeps customer numbers."""
    source = sources.all().get(f"made_{system}")
    return source.namespace if source else system


def parties(tokens: pa.Table, same_person: pa.Table) -> dict[str, int]:
    """The true person of each party, by the numbers that stand for it; of a party of several the first."""
    person = dict(zip(tokens["subject"].to_pylist(), tokens["person"].to_pylist(), strict=True))
    found: dict[str, int] = {}
    for party, subject in zip(same_person["party_id"].to_pylist(), same_person["subject"].to_pylist(), strict=True):
        if subject in person:
            found.setdefault(party, person[subject])
    return found


def people_of(party_ids: list[str], known: dict[str, int]) -> NDArray[np.int64]:
    """Person numbers of parties, -1 where nobody is meant."""
    return np.array([known.get(party, -1) for party in party_ids], np.int64)


def crosswalk(workspace: Workspace, manifest: Manifest, tokens: pa.Table) -> dict[str, int]:
    """The true person of each party of a snapshot."""
    from zhike.interfaces.judges.claiming import same_person

    return parties(tokens, same_person(SnapshotStore(workspace), manifest))
