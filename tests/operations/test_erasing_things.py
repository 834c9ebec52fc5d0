"""An erased person leaves neither the texts of complaints nor files nor a log-in; what is held by law stays."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from small_bank import customer_id

from zhike.core.actor import WHOLE_BANK, Actor
from zhike.core.errors import Conflict, Forbidden, NotFound
from zhike.operations.files import actions as files
from zhike.operations.files import blobs
from zhike.operations.files.models import StoredFile
from zhike.operations.governance import erasing
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actions import cardholder_create
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.approved import applying
from zhike.operations.governance.models import AuditEntry, OpenSession, OwnKey, User
from zhike.operations.governance.roles import ROLES
from zhike.operations.service import actions
from zhike.operations.service.erasing import complaints_erase
from zhike.operations.service.models import Complaint

pytestmark = pytest.mark.django_db
SYSTEM = system_actor()
ZHANG, LI = customer_id(0), customer_id(1)


def staff(name: str) -> Actor:
    role = ROLES["consumer_protection_officer"]
    return Actor("staff", name, role.permissions, locale="en", scope=WHOLE_BANK)


OFFICER = staff("officer")


@pytest.fixture(scope="module", autouse=True)
def _published(published_bank: None) -> None:
    return


@pytest.fixture(autouse=True)
def _people(db: None) -> Iterator[None]:
    for name in ("officer", "qian", "sun"):
        User.objects.create(username=name, password="!", role="consumer_protection_officer")
    yield
    for digest in list(blobs.standing()):
        blobs.remove(digest)


def take(customer: str = ZHANG, about: str | None = None, closed: bool = True) -> str:
    given = {"channel": "phone", "cause": "conduct", "text": "柜员态度恶劣", "about": about}
    number = actions.complaint_take(staff("qian"), customer_id=customer, **given)
    if closed:
        actions.complaint_close(staff("qian"), complaint_id=number, withdrawn=True)
    return number


def keep(owner_type: str, owner_id: str, content: bytes = b"shared") -> UUID:
    return files.file_keep(staff("qian"), content=[content], name="a.txt", owner_type=owner_type, owner_id=owner_id)


def erase(actor: Actor = OFFICER, customer: str = ZHANG) -> erasing.Erased:
    with applying("person_erasure"):
        return erasing.person_erase(actor, customer_id=customer, purpose="request 7")


def left(*complaints: str) -> list[bool]:
    with transaction_of(SYSTEM):
        keys = [Complaint.objects.get(complaint_id=each).key_id for each in complaints]
        return [OwnKey.objects.filter(key_id=key).exists() for key in keys]


def test_the_texts_of_complaints_go_also_those_about_who_erases() -> None:
    plain, about, other = take(), take(about="officer"), take(LI)
    erase()
    assert left(plain, about, other) == [False, False, True]
    with transaction_of(OFFICER):
        assert not Complaint.objects.filter(complaint_id=about).exists(), "hidden from them as before"
    entry = AuditEntry.objects.get(action="complaint.erase")
    assert (entry.actor_name, entry.object_id) == ("officer", ZHANG)
    assert entry.detail == {"complaints": 2, "keys_destroyed": 2}


def test_files_go_but_those_held_by_law_and_what_others_keep_too() -> None:
    alone, shared = keep("customer", ZHANG, b"one"), keep("customer", ZHANG)
    others, held = keep("customer", LI), keep("customer", ZHANG, b"two")
    hidden = keep("complaint", take(about="officer"), b"three")
    files.file_hold(OFFICER, file_id=held, held=True, purpose="court")
    erase()
    with transaction_of(SYSTEM):
        assert set(StoredFile.objects.values_list("file_id", flat=True)) == {others, held}
    for gone in (alone, shared, hidden):
        with pytest.raises(NotFound):
            files.file_open(SYSTEM, file_id=gone)
    assert b"".join(files.file_open(SYSTEM, file_id=others)[1]) == b"shared"
    entry = AuditEntry.objects.get(action="file.erase")
    assert entry.detail == {"files": 3, "keys_destroyed": 2, "held": 1}


def test_an_open_complaint_stands_against_it_before_anything_is_asked() -> None:
    take(closed=False)
    with pytest.raises(Conflict, match="open"):
        erasing.erasure_effect(OFFICER, ZHANG)
    with pytest.raises(Conflict, match="open"):
        erase()
    assert erase(customer=LI).fields == 3


def test_the_log_in_of_a_cardholder_is_closed_and_its_name_gone() -> None:
    cardholder_create(SYSTEM, user="zhang.xiaoming", customer_id=ZHANG)
    user = User.objects.get(party_id=ZHANG)
    OpenSession.objects.create(user=user)
    erase()
    user.refresh_from_db()
    assert (user.username, user.is_active, user.has_usable_password()) == (f"erased-{user.pk}", False, False)
    assert not OpenSession.objects.filter(user=user, ended_at__isnull=True).exists()


@pytest.mark.parametrize("part", [complaints_erase, files.files_erase])
def test_no_part_of_it_is_done_alone(part) -> None:
    with pytest.raises(Forbidden, match="second person"):
        part(OFFICER, customer_id=ZHANG)
