"""Finding a person by each field that the vault can search, when several people answer to it."""

import pytest
from interfaces.logging_in import signed_in
from small_bank import customer_id

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.data.personal import PersonalField
from zhike.interfaces.console.texts import SHARED
from zhike.operations.governance import vault
from zhike.operations.governance.acting import action

_SHARED_BY_TWO = {
    "full_name": "王芳", "phone": "13900004321", "id_number": "110101199001011234", "card_number": "6225880112348765",
    "customer_number": "X9",
}  # fmt: skip
_TYPED = {**_SHARED_BY_TWO, "phone_last4": "4321", "card_last4": "8765"}


@action(permission="load_data", audit="data.load", long=True)
def keep(actor: Actor, *, fields: list[PersonalField]) -> int:
    return vault.open_vault().write(fields)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_people_are_listed_by_every_searchable_field(published_bank: None, language: str) -> None:
    two = (customer_id(10), customer_id(11))
    fields = [PersonalField(who, field, value) for who in two for field, value in _SHARED_BY_TWO.items()]
    keep(Actor("job", "load", frozenset({"load_data"}), scope=WHOLE_BANK), fields=fields)
    client = signed_in("lin", "service_agent")
    client.cookies["zhike-language"] = language
    assert set(_TYPED) == {*vault.SEARCHED_ONE, *vault.SEARCHED_MANY}
    for field, typed in _TYPED.items():
        answer = client.post("/search/", {"text": typed})
        body = answer.content.decode()
        assert answer.status_code == 200, field
        assert all(who in body for who in two), field
        title = SHARED[f"field.{field}"]
        assert (title.en if language == "en" else title.zh) in body, field


def test_every_field_that_a_search_or_a_page_names_has_a_title() -> None:
    named = {*vault.KEPT, *vault.SEARCHED_ONE, *vault.SEARCHED_MANY, "customer_id"}
    assert {f"field.{field}" for field in named} <= SHARED.keys()
