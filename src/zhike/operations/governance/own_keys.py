"""A data key of its own for a thing that is no person: the text of a complaint, a stored file.

The same envelope as a person's (`sealing`): 256 random bits, wrapped by the master key, bound to its id. Apps keep the
id beside what they sealed and ask here; a rotation of the master key rewraps the rows of one table, whoever owns them.
"""

from collections.abc import Iterable
from uuid import UUID

from zhike.core.errors import NotFound, Unavailable
from zhike.core.ids import new_id
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.operations.governance import sealing
from zhike.operations.governance.keyring import open_keyring
from zhike.operations.governance.models import OwnKey
from zhike.operations.governance.vault import hold_masters


def make() -> tuple[UUID, bytes]:
    """A fresh key: its id and 32 bytes. For use in an action: the row stands when the action does."""
    hold_masters()
    key_id, key, keyring = new_id(), sealing.new_data_key(), open_keyring(workspace())
    master = keyring.versions().current
    [wrapped] = keyring.wrap(master, [(key, sealing.data_key_of(key_id))])
    OwnKey.objects.create(key_id=key_id, wrapped_key=wrapped, master_key_id=master)
    return key_id, key


def get(key_id: UUID) -> bytes:
    """The key; raises NotFound once it is destroyed, Invariant when it was moved or changed."""
    rows = OwnKey.objects.filter(key_id=key_id).values_list("master_key_id", "wrapped_key")
    row = rows.first()
    while row is not None:
        try:
            return open_keyring(workspace()).unwrap(row[0], [(bytes(row[1]), sealing.data_key_of(key_id))])[0]
        except Unavailable:  # rewrapped since it was read, and the version it stood under retired: read it again
            before, row = row, rows.first()
            if row is not None and row[0] == before[0]:
                raise
    raise NotFound(Text("内容已依法销毁，无法再读。", "This was erased: its key is destroyed, nobody can read it."))


def destroy(key_ids: Iterable[UUID]) -> int:
    """Destroys keys, and with them what they opened; returns how many there were."""
    return OwnKey.objects.filter(key_id__in=list(key_ids)).delete()[0]
