"""The vault: the one place where a person's name, phone, address and numbers are kept.

A field is written only when it changed: its fingerprint, a keyed token over party, field and value, tells without
decrypting. What was known earlier never replaces what was known later, in whatever order files are loaded. Search is
equality on keyed tokens; several parties may share one (a family's phone).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from zhike.core import ids
from zhike.core.errors import NotFound, Unavailable
from zhike.core.text import Text
from zhike.core.workspace import Workspace, workspace
from zhike.data.personal import PersonalField
from zhike.operations.governance import sealing
from zhike.operations.governance.acting import step
from zhike.operations.governance.keyring import open_keyring
from zhike.operations.governance.models import VaultErased, VaultField, VaultKey, VaultToken

# Kept encrypted, one value to a party, shown masked.
KEPT = ("full_name", "phone", "id_number", "address", "email", "customer_number")
# Searched by equality. A party has one name, phone and ID number, and may have many of the others.
SEARCHED_ONE = ("full_name", "phone", "phone_last4", "id_number")
# A card number is never kept, only its tokens: whole, and its last four.
SEARCHED_MANY = ("customer_number", "card_number", "card_last4")
_CHUNK = 5_000
Party = TypeVar("Party", UUID, str)
_MASTERS = 0x7A68_6D6B  # the advisory lock around the current master version


class Vault:
    """Writes and reads the personal fields of a workspace; writing belongs in a long action (a `VaultSink`)."""

    def __init__(self, of: Workspace) -> None:
        self._keyring = open_keyring(of)
        self._tokens = of.secret("tokens")
        self.erased_skipped = 0

    def write(self, fields: Iterable[PersonalField], /) -> int:
        """Upserts fields, 5,000 to a transaction; returns how many were new or changed.

        What is said of erased persons is not kept, and counted in ``erased_skipped``.
        """
        changed = 0
        for chunk in _chunks(fields):
            with step():
                hold_masters()
                changed += self._write(chunk)
        return changed

    def read(self, party: UUID) -> dict[str, str]:
        """All fields of a party in clear, by name; empty when the vault knows nothing of it."""
        data_key = self._data_key(party)
        if data_key is None:
            return {}
        rows = VaultField.objects.filter(party_id=party).values_list("field", "ciphertext")
        return {field: sealing.unseal(data_key, bytes(sealed), field, party) for field, sealed in rows}

    def find(self, field: str, value: str) -> list[UUID]:
        """Parties whose searchable field equals the value, in order of id."""
        token = self._token(field, _normal(field, value))
        found = VaultToken.objects.filter(field=field, token=token).order_by("party_id")
        return list(found.values_list("party_id", flat=True))

    def _write(self, chunk: Sequence[PersonalField]) -> int:
        party_of_row = _canonical(chunk)
        erased = _erased(set(party_of_row.values()))
        if erased:
            living = [one for one in chunk if party_of_row[one.party_id] not in erased]
            self.erased_skipped += len(chunk) - len(living)
            chunk = living
        kept = _newest(chunk, party_of_row)
        marks = {at: self._fingerprint(at, one.value) for at, one in kept.items()}
        known = _known({party for party, _ in kept})
        due = {at: one for at, one in kept.items() if at not in known or known[at][1] <= one.known_from}
        changed = {at: one.value for at, one in due.items() if at not in known or known[at][0] != marks[at]}
        keys = self._data_keys({party for party, _ in changed})
        _upsert_fields(
            [
                (party, field, sealing.seal(keys[party], value, field, party).hex(), marks[party, field],
                 kept[party, field].known_from)
                for (party, field), value in changed.items()
            ]
        )  # fmt: skip
        told_later = [at for at in due.keys() - changed.keys() if known[at][1] < due[at].known_from]
        _confirm([(party, field, due[party, field].known_from) for party, field in told_later])
        numbers = [one for one in chunk if one.field not in KEPT or one.field in SEARCHED_MANY]
        _remove_tokens([at for at in changed if at in known])
        self._write_tokens(
            [
                *((party, field, value) for (party, field), value in changed.items()),
                *((party_of_row[one.party_id], one.field, one.value) for one in numbers),
            ]
        )
        return len(changed)

    def _data_key(self, party: UUID) -> AESGCM | None:
        """The key as it is wrapped now; None where there is none, or it was destroyed."""
        rows = VaultKey.objects.filter(party_id=party).values_list("master_key_id", "wrapped_key")
        row = rows.first()
        while row is not None:
            try:
                return AESGCM(self._unwrapped(row[0], [(party, row[1])])[party])
            except Unavailable:  # rewrapped since it was read, and the version it stood under retired: read it again
                before, row = row, rows.first()
                if row is not None and row[0] == before[0]:
                    raise
        return None

    def _data_keys(self, parties: set[str]) -> dict[str, AESGCM]:
        """The keys of some parties, made where there were none."""
        under: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
        statement = (
            "SELECT master_key_id, party_id::text, wrapped_key FROM governance_vaultkey"
            " WHERE party_id = ANY(%s::uuid[])"
        )
        for key_id, party, wrapped in _rows(statement, _array(parties)):
            under[key_id].append((party, bytes(wrapped)))
        keys: dict[str, bytes] = {}
        for key_id, wrapped_keys in under.items():
            keys.update(self._unwrapped(key_id, wrapped_keys))
        fresh = {party: sealing.new_data_key() for party in sorted(parties - keys.keys())}
        if fresh:
            current = self._keyring.versions().current
            bound = [(key, sealing.data_key_of(party)) for party, key in fresh.items()]
            _insert_keys(current, dict(zip(fresh, self._keyring.wrap(current, bound), strict=True)))
        return {party: AESGCM(key) for party, key in {**keys, **fresh}.items()}

    def _unwrapped(self, key_id: str, wrapped: Sequence[tuple[Party, bytes]]) -> dict[Party, bytes]:
        bound = [(bytes(key), sealing.data_key_of(party)) for party, key in wrapped]
        clear = self._keyring.unwrap(key_id, bound)
        return {party: key for (party, _), key in zip(wrapped, clear, strict=True)}

    def _write_tokens(self, fields: Sequence[tuple[str, str, str]]) -> None:
        _insert_tokens(
            [
                (party, name, ids.token(self._tokens, name, text))
                for party, field, value in fields
                for name, text in _searchable(field, value)
            ]
        )

    def _fingerprint(self, at: tuple[str, str], value: str) -> str:
        party, field = at
        return ids.token(self._tokens, f"{field}\x1f{party}", value)

    def _token(self, field: str, value: str) -> bytes:
        return bytes.fromhex(ids.token(self._tokens, field, value))


def open_vault() -> Vault:
    """The vault of the workspace that the settings name."""
    return Vault(workspace())


def party_of(customer_id: str) -> UUID:
    """The vault's key of a customer; raises NotFound when the text is none."""
    try:
        return UUID(customer_id)
    except ValueError:
        raise NotFound(Text("没有这位客户。", "There is no such customer.")) from None


def _searchable(field: str, value: str) -> Iterator[tuple[str, str]]:
    if field in SEARCHED_ONE or field in SEARCHED_MANY:
        yield field, _normal(field, value)
    if field == "phone":
        yield "phone_last4", _normal(field, value)[-4:]
    if field == "card_number":
        yield "card_last4", value[-4:]


def _normal(field: str, value: str) -> str:
    """What is typed equals what was delivered: no blanks, digits of a phone only, capitals in numbers."""
    bare = "".join(value.split())
    if field.startswith("phone"):
        digits = "".join(filter(str.isdigit, bare))
        return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return bare.upper() if field != "full_name" else bare.casefold()


def _chunks(fields: Iterable[PersonalField]) -> Iterator[Sequence[PersonalField]]:
    stream = iter(fields)
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def _canonical(fields: Iterable[PersonalField]) -> dict[str, str]:
    """The parties of fields as they are told -> as the database writes them."""
    return {told: str(UUID(told)) for told in {one.party_id for one in fields}}


def _newest(fields: Iterable[PersonalField], parties: dict[str, str]) -> dict[tuple[str, str], PersonalField]:
    newest: dict[tuple[str, str], PersonalField] = {}
    for one in fields:
        if one.field in KEPT:
            at = parties[one.party_id], one.field
            if at not in newest or newest[at].known_from <= one.known_from:
                newest[at] = one
    return newest


def _erased(parties: set[str]) -> set[str]:
    if not VaultErased.objects.exists():
        return set()
    statement = "SELECT party_id::text FROM governance_vaulterased WHERE party_id = ANY(%s::uuid[])"
    return {party for (party,) in _rows(statement, _array(parties))}


def _known(parties: set[str]) -> dict[tuple[str, str], tuple[str, date]]:
    """Fingerprint and day of every field of some parties."""
    statement = (
        "SELECT party_id::text, field, encode(fingerprint, 'hex'), known_from FROM governance_vaultfield"
        " WHERE party_id = ANY(%s::uuid[])"
    )
    return {(party, field): (mark, day) for party, field, mark, day in _rows(statement, _array(parties))}


def _rows(statement: str, *parameters: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _array(values: Iterable[object]) -> str:
    """Ids, names of fields or days as one text: the driver's arrays, value by value, cost more than the rest."""
    return "{" + ",".join(map(str, values)) + "}"


def _array_of_bytes(hexadecimal: Iterable[str]) -> str:
    return "{" + ",".join([f'"\\\\x{one}"' for one in hexadecimal]) + "}"


def hold_masters(alone: bool = False) -> None:
    """Until the transaction ends: the current master version stays current, no version is retired, nobody erased.

    Writers hold it side by side; ``alone`` waits for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [_MASTERS])


def _insert_keys(key_id: str, wrapped: dict[str, bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_vaultkey (party_id, wrapped_key, master_key_id)"
            " SELECT party, key, %s FROM unnest(%s::uuid[], %s::bytea[]) AS made (party, key)",
            [key_id, _array(wrapped), _array_of_bytes(key.hex() for key in wrapped.values())],
        )


def _upsert_fields(rows: Sequence[tuple[str, str, str, str, date]]) -> None:
    """Party, field, ciphertext and fingerprint (hexadecimal), day."""
    if rows:
        party, field, ciphertext, fingerprint, day = zip(*rows, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO governance_vaultfield AS kept (party_id, field, ciphertext, fingerprint, known_from)"
                " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::bytea[], %s::date[])"
                " ON CONFLICT (party_id, field) DO UPDATE SET ciphertext = excluded.ciphertext,"
                " fingerprint = excluded.fingerprint, known_from = excluded.known_from, changed_at = now()"
                " WHERE kept.known_from <= excluded.known_from",
                [_array(party), _array(field), _array_of_bytes(ciphertext), _array_of_bytes(fingerprint), _array(day)],
            )


def _confirm(rows: Sequence[tuple[str, str, date]]) -> None:
    """Values told again on a later day."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE governance_vaultfield AS kept SET known_from = told.day"
                " FROM unnest(%s::uuid[], %s::text[], %s::date[]) AS told (party_id, field, day)"
                " WHERE kept.party_id = told.party_id AND kept.field = told.field",
                [_array(column) for column in zip(*rows, strict=True)],
            )


def _remove_tokens(replaced: Iterable[tuple[str, str]]) -> None:
    """The tokens of values that others took the place of; of a field never kept there are none."""
    by_field: dict[str, list[str]] = defaultdict(list)
    for party, field in replaced:
        for name in (field, "phone_last4") if field == "phone" else (field,):
            if name in SEARCHED_ONE:
                by_field[name].append(party)
    with connection.cursor() as cursor:
        for field, parties in by_field.items():
            cursor.execute(
                "DELETE FROM governance_vaulttoken WHERE field = %s AND party_id = ANY(%s::uuid[])",
                [field, _array(parties)],
            )


def _insert_tokens(rows: Sequence[tuple[str, str, str]]) -> None:
    """Party, field, token (hexadecimal)."""
    if rows:
        party, field, token = zip(*rows, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO governance_vaulttoken (party_id, field, token)"
                " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) ON CONFLICT DO NOTHING",
                [_array(party), _array(field), _array_of_bytes(token)],
            )
