"""Data keys of things: kept through a rotation of the master key, bound to their thing, gone when destroyed."""

from uuid import UUID

import pytest
from owning import owner

from zhike.core.actor import Actor
from zhike.core.errors import Conflict, Invariant, NotFound
from zhike.operations.governance import own_keys, rotation
from zhike.operations.governance.acting import action, transaction_of
from zhike.operations.governance.actors import system_actor

SYSTEM = system_actor()


@action(permission="keep_file", audit="test.key")
def make(actor: Actor) -> tuple[UUID, bytes]:
    return own_keys.make()


@action(permission="erase_person", audit="test.destroy")
def destroy(actor: Actor, *, key_ids: list[UUID]) -> int:
    return own_keys.destroy(key_ids)


def get(key_id: UUID) -> bytes:
    with transaction_of(SYSTEM):
        return own_keys.get(key_id)


def _current() -> rotation.MasterKey:
    return rotation.master_key_list(SYSTEM)[0]


def test_a_rotation_rewraps_the_keys_of_things_too(committed: None) -> None:
    made = dict(make(SYSTEM) for _ in range(5))
    before = _current()
    assert before.data_keys == 5
    with pytest.raises(Conflict):
        rotation.master_key_retire(SYSTEM, key_id=before.key_id)
    done = rotation.master_key_rotate(SYSTEM)
    assert (done.rewrapped, done.refused) == (5, ())
    assert (_current().key_id, _current().data_keys) == (done.key_id, 5)
    rotation.master_key_retire(SYSTEM, key_id=before.key_id)
    assert {key_id: get(key_id) for key_id in made} == made


def test_a_key_moved_to_another_thing_is_refused(committed: None) -> None:
    (one, _), (other, _) = make(SYSTEM), make(SYSTEM)
    with owner() as cursor:
        cursor.execute(
            "UPDATE governance_ownkey SET wrapped_key ="
            " (SELECT wrapped_key FROM governance_ownkey WHERE key_id = %s) WHERE key_id = %s",
            [other, one],
        )
    with pytest.raises(Invariant):
        get(one)


def test_a_destroyed_key_opens_nothing_more(committed: None) -> None:
    (one, _), (other, key) = make(SYSTEM), make(SYSTEM)
    assert destroy(SYSTEM, key_ids=[one]) == 1
    with pytest.raises(NotFound, match="erased"):
        get(one)
    assert get(other) == key
