"""Who is the same party, by deterministic keys: customer numbers and numbers of identity documents.

The crosswalk (table ``party_key``) holds keyed tokens of what sources call their customers, never the numbers.
Rows of source ``identity`` hold tokens of document numbers: whoever bears one is one party in all sources.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhike.core import ids
from zhike.core.errors import NotFound
from zhike.core.snapshot import Manifest, SnapshotStore
from zhike.core.workspace import Workspace
from zhike.data.source import sources

IDENTITY = "identity"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOLD_AT = 100_000


@dataclass(frozen=True)
class NewKey:
    """A row for ``party_key``: the token, its party, and which row of the chunk introduced it."""

    namespace: str
    token: str
    party_id: str
    first_known: date
    row: int


class Crosswalk:
    """Tokens -> party ids of one namespace, and of identity documents.

    Holds 44 bytes a key: the first 64 bits of the token (two of a million collide with probability 3·10⁻⁸), sorted.
    """

    def __init__(self, workspace: Workspace, namespace: str, known: pa.Table) -> None:
        self._ids = workspace.secret("ids")
        self._secret = workspace.secret("tokens")
        self._namespace = namespace
        self._tokens = np.empty(0, np.uint64)
        self._parties = np.empty(0, "S36")
        self._fresh: dict[int, str] = {}
        self.learn(known)

    def learn(self, rows: pa.Table) -> None:
        """Takes in rows of ``party_key`` (columns source, key_token, party_id)."""
        for name, token, party in zip(*(rows[c].to_pylist() for c in ("source", "key_token", "party_id")), strict=True):
            if name in (self._namespace, IDENTITY):
                self._fresh[_short(name, token)] = party
        self._fold()

    def find(self, numbers: Sequence[str | None]) -> list[str | None]:
        """Party ids of customer numbers, None for those nobody introduced."""
        self._fold()
        given = list(dict.fromkeys(number for number in numbers if number is not None))
        known = self._known([_short(self._namespace, self._token("customer_number", number)) for number in given])
        found = dict(zip(given, known, strict=True))
        return [None if number is None else found[number] for number in numbers]

    def introduce(
        self, numbers: Sequence[str], first_known: Sequence[date], documents: Sequence[str | None], rows: Sequence[int]
    ) -> tuple[list[str | None], list[NewKey]]:
        """Party ids of customers row by row, and the keys that were not known before. ``rows`` names the rows.

        None for a row whose document is that of another party than the one its customer number stands for.
        """
        self._fold()
        numbered = self._tokens_of("customer_number", numbers)
        papers = self._tokens_of("id_number", [paper.upper() if paper else None for paper in documents])
        new: list[NewKey] = []
        parties: dict[str, str] = {}
        found: list[str | None] = []
        for number, day, document, row in zip(numbers, first_known, documents, rows, strict=True):
            token, party = numbered[number]
            party = parties.get(number, party)
            paper, bearer = papers[document.upper()] if document else (None, None)
            bearer = bearer or (self._fresh.get(_short(IDENTITY, paper)) if paper else None)
            if party and bearer and party != bearer:
                found.append(None)
                continue
            known = party or bearer
            if known is None:
                namespace, key = (IDENTITY, document.upper()) if document else (self._namespace, number)
                known = ids.party_id(self._ids, day, namespace, key)
            parties[number] = known
            found.append(known)
            if party is None:
                new.append(self._add(self._namespace, token, known, day, row))
            if paper and bearer is None:
                new.append(self._add(IDENTITY, paper, known, day, row))
        return found, new

    def _tokens_of(self, field: str, values: Sequence[str | None]) -> dict[str, tuple[str, str | None]]:
        """Distinct values with their token and the party it stands for, if any."""
        given = list(dict.fromkeys(value for value in values if value is not None))
        tokens = [self._token(field, value) for value in given]
        namespace = IDENTITY if field == "id_number" else self._namespace
        known = self._known([_short(namespace, token) for token in tokens])
        return dict(zip(given, zip(tokens, known, strict=True), strict=True))

    def forget(self, keys: Sequence[NewKey]) -> None:
        """Takes back keys that were introduced by rows that are refused after all."""
        for key in keys:
            self._fresh.pop(_short(key.namespace, key.token), None)

    def _token(self, field: str, value: str) -> str:
        return ids.token(self._secret, field, value)

    def _add(self, namespace: str, token: str, party: str, day: date, row: int) -> NewKey:
        self._fresh[_short(namespace, token)] = party
        return NewKey(namespace, token, party, day, row)

    def _known(self, tokens: Sequence[int]) -> list[str | None]:
        wanted = np.array(tokens, np.uint64)
        at = np.searchsorted(self._tokens, wanted)
        inside = at < len(self._tokens)
        hit = np.zeros(len(wanted), bool)
        hit[inside] = self._tokens[at[inside]] == wanted[inside]
        return [
            self._parties[place].decode() if found else self._fresh.get(token)
            for token, place, found in zip(tokens, at, hit, strict=True)
        ]

    def _fold(self) -> None:
        if len(self._fresh) < _FOLD_AT:
            return
        tokens = np.concatenate([self._tokens, np.array(list(self._fresh), np.uint64)])
        parties = np.concatenate([self._parties, np.array([party.encode() for party in self._fresh.values()], "S36")])
        order = np.argsort(tokens, kind="stable")
        self._tokens, self._parties = tokens[order], parties[order]
        self._fresh = {}


def _short(namespace: str, token: str) -> int:
    """Document tokens are told from customer tokens by one bit."""
    return int(token[:16], 16) & ~1 | (namespace == IDENTITY)


def resolve(workspace: Workspace, manifest: Manifest, text: str) -> str:
    """``berka:1``, ``1`` or a UUID -> party id. Raises NotFound that says what to write."""
    wanted = text.strip()
    if _UUID.fullmatch(wanted.lower()):
        rows = _rows(workspace, manifest, "party", "party_id", wanted.lower())
        if rows.num_rows == 0:
            raise NotFound(f"No customer {wanted} in this snapshot.")
        return wanted.lower()
    name, _, number = wanted.rpartition(":")
    token = ids.token(workspace.secret("tokens"), "customer_number", number)
    rows = _rows(workspace, manifest, "party_key", "key_token", token)
    found = {row["source"]: str(row["party_id"]) for row in rows.to_pylist() if row["source"] != IDENTITY}
    if name:
        known = sources.all()
        namespace = known[name].namespace if name in known else name
        found = {key: party for key, party in found.items() if key == namespace}
    if not found:
        raise NotFound(f"No customer {wanted!r}: write the bank's number as SOURCE:NUMBER, or the customer's UUID.")
    if len(set(found.values())) > 1:
        choices = " or ".join(f"{source}:{number}" for source in sorted(found))
        raise NotFound(f"{wanted!r} is a customer of several sources: write {choices}.")
    return next(iter(found.values()))


def _rows(workspace: Workspace, manifest: Manifest, table: str, column: str, value: str) -> pa.Table:
    paths = SnapshotStore(workspace).paths(manifest, table)
    found = [pq.read_table(path, filters=[(column, "=", value)]) for path in paths]
    return pa.concat_tables(found) if found else pa.table({column: pa.array([], pa.string())})
