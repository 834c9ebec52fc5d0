"""The master key's versions: a new one made under load, what stands under an old one rewrapped, an old one given up.

The fields of persons stay as they are: only the small data keys are unwrapped and wrapped anew, 1,000 to a
transaction. Killed anywhere and started again it goes on: rows that name another version than the current one are
what is left to do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count

from zhike.core.actor import Actor
from zhike.core.errors import Conflict, Invariant, NotFound
from zhike.core.failpoint import failpoint
from zhike.core.workspace import workspace
from zhike.operations.governance import sealing
from zhike.operations.governance.acting import action, note, query, step
from zhike.operations.governance.keyring import Keyring, open_keyring
from zhike.operations.governance.models import OwnKey, VaultKey
from zhike.operations.governance.vault import hold_masters
from zhike.operations.governance.visibility import require_bank

_CHUNK = 1_000
# Where data keys stand: table and the column of what a key is bound to, a person or a thing.
_KEPT = ((VaultKey, "party_id"), (OwnKey, "key_id"))
Kept = tuple[type[VaultKey] | type[OwnKey], str]
Row = tuple[UUID, str, bytes]  # whose it is, id of the master version, wrapped data key


@dataclass(frozen=True)
class MasterKey:
    """A version: whether it wraps from now on, whether it is held here, and how many data keys stand under it."""

    key_id: str
    current: bool
    held: bool
    data_keys: int


@dataclass(frozen=True)
class Rotated:
    """What a rotation came to. ``resumed``: an earlier one had not ended, and no further version was made.

    ``refused`` names the persons and things whose data key could not be unwrapped: it was moved or changed in the
    database.
    """

    key_id: str
    resumed: bool
    rewrapped: int
    refused: tuple[str, ...]


def _silent(_what: str, _done: int = 0, _of: int = 0, /) -> None:
    """Progress that nobody looks at."""


@query(permission="rotate_master_key")
def master_key_list(actor: Actor) -> list[MasterKey]:
    """Every version that is held or that a data key stands under, the current one first."""
    require_bank(actor)
    under = dict[str, int]()
    for table, _ in _KEPT:
        for key_id, keys in table.objects.values_list("master_key_id").annotate(Count("pk")).order_by("master_key_id"):
            under[key_id] = under.get(key_id, 0) + keys
    versions = open_keyring(workspace()).versions()
    found = sorted({versions.current, *versions.all, *under}, key=lambda key_id: (key_id != versions.current, key_id))
    return [
        MasterKey(key_id, key_id == versions.current, key_id in versions.all, under.get(key_id, 0)) for key_id in found
    ]


@action(permission="rotate_master_key", audit="master_key.rotate", long=True)
def master_key_rotate(actor: Actor, *, progress: Callable[[str, int, int], None] = _silent) -> Rotated:
    """Makes a new version of the master key and rewraps every data key with it, while others read and write."""
    require_bank(actor)
    keyring = open_keyring(workspace())
    with step():
        hold_masters(alone=True)  # no writer wraps under the old version after this
        current = keyring.versions().current
        resumed = _count_but(current) > 0
        if not resumed:
            current = keyring.renew()
        total = _count_but(current)
    note(key_id=current, resumed=resumed)
    failpoint("keys.renewed")
    rewrapped, refused = 0, list[str]()
    for done, faulty in _rewrap_all(keyring, current):
        rewrapped, refused = rewrapped + done, refused + faulty
        failpoint("keys.rewrapped")
        progress("data keys", rewrapped, total)
    rewrapped -= len(refused)
    note(rewrapped=rewrapped, refused=len(refused))
    return Rotated(current, resumed, rewrapped, tuple(refused))


@action(permission="rotate_master_key", audit="master_key.retire", about="key")
def master_key_retire(actor: Actor, *, key_id: str) -> None:
    """Gives up a version under which no data key stands; raises Conflict while one does, or while it is the current."""
    require_bank(actor)
    hold_masters(alone=True)
    keyring = open_keyring(workspace())
    if key_id not in keyring.versions().all:
        raise NotFound(f"There is no master key {key_id[:80]!r}: zhike keys list shows what there is.")
    standing = sum(table.objects.filter(master_key_id=key_id).count() for table, _ in _KEPT)
    if standing:
        raise Conflict(
            f"{standing:,} data keys stand under master key {key_id}: run zhike keys rotate to its end first."
        )
    keyring.retire(key_id)


def _count_but(current: str) -> int:
    """How many data keys stand under another version."""
    return sum(table.objects.exclude(master_key_id=current).count() for table, _ in _KEPT)


def _rewrap_all(keyring: Keyring, current: str) -> Iterator[tuple[int, list[str]]]:
    """Table after table, chunk after chunk, each a transaction: rows seen, and whose key was refused."""
    for kept in _KEPT:
        last = UUID(int=0)
        while True:
            with step():
                rows = _waiting(kept, current, last)
                refused = _rewrap(keyring, kept, current, rows) if rows else []
            if not rows:
                break
            last = rows[-1][0]
            yield len(rows), refused


def _waiting(kept: Kept, current: str, last: UUID) -> list[Row]:
    """The next rows under another version, locked: whoever erases one waits, and is waited for."""
    table, column = kept
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column}, master_key_id, wrapped_key FROM {table._meta.db_table}"
            f" WHERE {column} > %s AND master_key_id <> %s ORDER BY {column} LIMIT %s FOR UPDATE",
            [last, current, _CHUNK],
        )
        return [(party, key_id, bytes(wrapped)) for party, key_id, wrapped in cursor.fetchall()]


def _rewrap(keyring: Keyring, kept: Kept, current: str, rows: Sequence[Row]) -> list[str]:
    """Rewraps rows; returns those whose key is refused, which stay as they are."""
    table, column = kept
    under: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        under[row[1]].append(row)
    clear: dict[UUID, bytes] = {}
    for key_id, some in under.items():
        clear.update(_unwrapped(keyring, key_id, some))
    bound = [(key, sealing.data_key_of(party)) for party, key in clear.items()]
    wrapped = keyring.wrap(current, bound)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table._meta.db_table} AS kept SET wrapped_key = made.key, master_key_id = %s"
            f" FROM unnest(%s::uuid[], %s::bytea[]) AS made (whose, key) WHERE kept.{column} = made.whose",
            [current, list(clear), wrapped],
        )
    return [str(party) for party, _, _ in rows if party not in clear]


def _unwrapped(keyring: Keyring, key_id: str, rows: Sequence[Row]) -> dict[UUID, bytes]:
    try:
        clear = keyring.unwrap(key_id, [(wrapped, sealing.data_key_of(party)) for party, _, wrapped in rows])
    except Invariant:
        if len(rows) == 1:
            return {}
        return {party: key for row in rows for party, key in _unwrapped(keyring, key_id, [row]).items()}
    return {party: key for (party, _, _), key in zip(rows, clear, strict=True)}
