"""The vault: encrypted per field, bound to its person and field, written on change, found by equality."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.core.errors import BadInput, Forbidden, Invariant, NotFound, TooMany
from zhike.core.settings import settings
from zhike.data.personal import PersonalField
from zhike.operations.governance import actions, queries
from zhike.operations.governance.acting import action
from zhike.operations.governance.masking import card_number, mask
from zhike.operations.governance.models import AuditEntry, VaultField, VaultKey, VaultToken
from zhike.operations.governance.vault import open_vault

LOADER = Actor("job", "load", frozenset({"load_data"}), scope=WHOLE_BANK)
AGENT = Actor("staff", "lin", frozenset({"view_customer", "reveal_identity", "search_customer"}), scope=WHOLE_BANK)
ZHANG, LI = str(uuid4()), str(uuid4())
PEOPLE = [
    PersonalField(ZHANG, "full_name", "张小明"),
    PersonalField(ZHANG, "phone", "13812345678"),
    PersonalField(ZHANG, "id_number", "11010119900101123X"),
    PersonalField(ZHANG, "address", "北京市朝阳区建国路 1 号"),
    PersonalField(ZHANG, "card_number", "6225880112341234"),
    PersonalField(ZHANG, "card_number", "6225880112349999"),
    PersonalField(LI, "full_name", "李雷"),
    PersonalField(LI, "phone", "13812345678"),
]


@action(permission="load_data", audit="data.load", long=True)
def keep(actor: Actor, *, fields: list[PersonalField]) -> int:
    return open_vault().write(fields)


@pytest.fixture
def vault(db: None, seeing_all: None) -> Iterator[None]:
    assert keep(LOADER, fields=PEOPLE) == 6
    return


def stored() -> dict[tuple[str, str], bytes]:
    rows = VaultField.objects.values_list("party_id", "field", "ciphertext")
    return {(str(party), field): bytes(sealed) for party, field, sealed in rows}


def test_nothing_stands_in_clear(vault: None) -> None:
    with connection.cursor() as cursor:
        for table in (VaultKey, VaultField, VaultToken):
            cursor.execute(f"SELECT {table._meta.db_table}::text FROM {table._meta.db_table}")
            text = "".join(row[0] for row in cursor.fetchall())
            for value in {one.value for one in PEOPLE}:
                assert value not in text
                assert value.encode().hex() not in text


def test_only_what_changed_is_written_again(vault: None) -> None:
    before = stored()
    moved = [PersonalField(one.party_id, one.field, one.value) for one in PEOPLE if one.field != "phone"]
    assert keep(LOADER, fields=PEOPLE) == 0
    assert keep(LOADER, fields=[*moved, PersonalField(LI, "phone", "13900000000")]) == 1
    changed = {at for at, sealed in stored().items() if before[at] != sealed}
    assert changed == {(LI, "phone")}


def test_a_new_phone_is_found_and_the_old_one_is_not(vault: None) -> None:
    keep(LOADER, fields=[PersonalField(LI, "phone", "13900000000")])
    assert open_vault().find("phone", "139 0000 0000") == [UUID(LI)]
    assert open_vault().find("phone", "13812345678") == [UUID(ZHANG)]
    assert open_vault().find("phone_last4", "0000") == [UUID(LI)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "张 小明"),
        ("phone", "+86 138-1234-5678"),
        ("phone_last4", "5678"),
        ("id_number", "11010119900101123x"),
        ("card_number", "6225 8801 1234 1234"),
        ("card_last4", "1234"),
        ("card_last4", "9999"),
    ],
)
def test_search_is_equality_on_tokens(vault: None, field: str, value: str) -> None:
    assert UUID(ZHANG) in open_vault().find(field, value)


def test_a_part_finds_nothing(vault: None) -> None:
    assert open_vault().find("full_name", "张小") == []
    assert open_vault().find("phone", "1381234567") == []


def test_a_card_number_is_not_kept(vault: None) -> None:
    assert "card_number" not in open_vault().read(UUID(ZHANG))


@pytest.mark.parametrize(
    "move",
    [
        (
            "UPDATE governance_vaultfield SET ciphertext = (SELECT ciphertext FROM governance_vaultfield"
            " WHERE party_id = %(zhang)s AND field = 'full_name') WHERE party_id = %(zhang)s AND field = 'phone'"
        ),
        (
            "UPDATE governance_vaultfield SET ciphertext = (SELECT ciphertext FROM governance_vaultfield"
            " WHERE party_id = %(li)s AND field = 'phone') WHERE party_id = %(zhang)s AND field = 'phone'"
        ),
        (
            "UPDATE governance_vaultfield SET ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1)"
            " WHERE party_id = %(zhang)s AND field = 'phone'"
        ),
        (
            "UPDATE governance_vaultkey SET wrapped_key = (SELECT wrapped_key FROM governance_vaultkey"
            " WHERE party_id = %(li)s) WHERE party_id = %(zhang)s"
        ),
    ],
    ids=["another field", "another person", "one bit", "another person's key"],
)
def test_a_moved_or_changed_ciphertext_is_refused(vault: None, move: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(move, {"zhang": ZHANG, "li": LI})
    with pytest.raises(Invariant, match="The vault refuses"):
        open_vault().read(UUID(ZHANG))


def test_without_the_key_the_person_is_unreadable(vault: None) -> None:
    VaultKey.objects.filter(party_id=ZHANG).delete()
    assert open_vault().read(UUID(ZHANG)) == {}


def test_an_identity_is_masked_and_a_reveal_is_on_record(vault: None) -> None:
    masked = queries.identity_masked(AGENT, ZHANG).fields
    assert masked == {
        "full_name": "张**", "phone": "138****5678", "id_number": "1****************X", "address": "北京市**",
    }  # fmt: skip
    clear = actions.identity_reveal(AGENT, customer_id=ZHANG, field="phone", purpose="called back about a lost card")
    assert clear == "13812345678"
    entry = AuditEntry.objects.get(action="identity.reveal")
    assert (entry.object_id, entry.purpose) == (ZHANG, "called back about a lost card")
    assert entry.detail == {"field": "phone"}
    assert clear not in str(entry.__dict__)


def test_reveals_are_limited_per_actor_and_hour(vault: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "settings", lambda: replace(settings(), reveals_per_hour=2))

    def reveal(actor: Actor) -> str:
        return actions.identity_reveal(actor, customer_id=ZHANG, field="phone", purpose="asked")

    assert [reveal(AGENT) for _ in range(2)] == ["13812345678"] * 2
    with pytest.raises(TooMany) as refused:
        reveal(AGENT)
    assert refused.value.status == 429
    assert "At most 2 identity fields" in refused.value.in_("en")
    assert "最多查看 2 项" in refused.value.in_("zh")
    assert reveal(replace(AGENT, name="wu"))
    AuditEntry.objects.create(
        at=Now() - timedelta(minutes=61), actor_kind="staff", actor_name="ma", action=actions.REVEAL, outcome="done"
    )
    assert [reveal(replace(AGENT, name="ma")) for _ in range(2)]


@pytest.mark.parametrize(
    ("actor", "field", "purpose", "fault"),
    [
        (AGENT, "phone", " ", BadInput),
        (AGENT, "shoe_size", "asked", BadInput),
        (AGENT, "email", "asked", NotFound),
        (Actor("staff", "wu", frozenset({"view_customer"}), scope=WHOLE_BANK), "phone", "asked", Forbidden),
    ],
)
def test_a_reveal_needs_right_field_and_purpose(
    vault: None, actor: Actor, field: str, purpose: str, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        actions.identity_reveal(actor, customer_id=ZHANG, field=field, purpose=purpose)


@pytest.mark.parametrize(
    ("field", "clear", "masked"),
    [
        ("full_name", "欧阳娜娜", "欧**"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "12345", "****45"),
        ("id_number", "110101199001011234", "1****************4"),
        ("address", "内蒙古自治区呼和浩特市新城区 5 号", "内蒙古自治区呼和浩特市**"),
        ("address", "12 High Street", "**"),
        ("card_number", "6225880112341234", "622588******1234"),
        ("customer_number", "C0001234", "****1234"),
        ("email", "ming@example.com", "m**@example.com"),
        ("anything_else", "secret", "**"),
    ],
)
def test_one_masking_policy(field: str, clear: str, masked: str) -> None:
    assert mask(field, clear) == masked


def test_a_card_is_shown_by_bin_and_last_four() -> None:
    assert card_number("622588", "1234") == "622588******1234"
