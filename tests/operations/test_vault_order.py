"""Of a field with one value the vault keeps what was known last, not what was loaded last."""

from datetime import date
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.data.personal import PersonalField
from zhike.operations.governance.acting import action
from zhike.operations.governance.vault import open_vault

LOADER = Actor("job", "load", frozenset({"load_data"}), scope=WHOLE_BANK)
LI = str(uuid4())


@action(permission="load_data", audit="data.load", long=True)
def keep(actor: Actor, *, fields: list[PersonalField]) -> int:
    return open_vault().write(fields)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_value_known_last_stays_in_whatever_order_it_comes(db: None, order: tuple[int, ...]) -> None:
    """13900000000 on the 5th and again on the 7th, another number on the 6th."""
    told = [(5, "13900000000"), (6, "13811111111"), (7, "13900000000")]
    for at in order:
        day, phone = told[at]
        keep(LOADER, fields=[PersonalField(LI, "phone", phone, date(2026, 1, day))])
    assert open_vault().read(UUID(LI)) == {"phone": "13900000000"}
    assert open_vault().find("phone", "13900000000") == [UUID(LI)]
    assert open_vault().find("phone", "13811111111") == []


def test_of_one_write_the_value_known_last_stays(db: None) -> None:
    fields = [PersonalField(LI, "phone", phone, date(2026, 1, day)) for day, phone in ((6, "13811111111"), (5, "1"))]
    keep(LOADER, fields=fields)
    assert open_vault().read(UUID(LI)) == {"phone": "13811111111"}
