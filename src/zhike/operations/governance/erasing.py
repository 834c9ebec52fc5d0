"""Erasing a person: the key that their fields stand under is destroyed, with the fields and what finds them.

Backups and the log of the database hold the fields still, and nobody can read them: their key is gone there too once
those age out, or at once where the master version that wrapped it was retired. Facts stay: they never held a person.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from zhike.core.actor import Actor
from zhike.core.errors import NotFound
from zhike.core.text import Text
from zhike.operations.governance.acting import action, note, query
from zhike.operations.governance.approved import require_approved
from zhike.operations.governance.models import Home, User, VaultErased, VaultField, VaultKey, VaultToken
from zhike.operations.governance.purpose import require_purpose
from zhike.operations.governance.sessions import end_all
from zhike.operations.governance.vault import hold_masters, party_of
from zhike.operations.governance.visibility import require_visible


@dataclass(frozen=True)
class Erased:
    """What was destroyed. ``before``: the person had been erased already."""

    fields: int
    tokens: int
    before: bool


@dataclass(frozen=True)
class Also:
    """What an app keeps of a person. ``allow`` raises where it stands against an erasure; ``erase`` destroys it."""

    allow: Callable[[Actor, str], None]
    erase: Callable[[Actor, str], None]


_ALSO: dict[str, Also] = {}


def register(app: str, also: Also) -> None:
    """Called once, from the app's ``ready``."""
    _ALSO[app] = also


@contextmanager
def hidden_too() -> Iterator[None]:
    """Reaches those rows of the person as well that are hidden from the actor because they are about the actor.

    For `Also.erase` alone: it destroys them and tells the actor nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('zhike.actor'), current_setting('zhike.on_behalf_of')")
        told = cursor.fetchone()
        cursor.execute(_ACTS, ["job:erasure", ""])
    yield
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, told)


_ACTS = "SELECT set_config('zhike.actor', %s, true), set_config('zhike.on_behalf_of', %s, true)"


@action(permission="erase_person", audit="person.erase", about="customer")
def person_erase(actor: Actor, *, customer_id: str, purpose: str) -> Erased:
    """Makes a person unreadable and unfindable for good; a later file that tells of them is not kept.

    Whether the law allows it yet (open accounts, duties to keep) is decided before, by more than one person: this
    cannot be undone.
    """
    require_approved(actor, "person_erasure")
    require_purpose(purpose)
    party = party_of(customer_id)
    require_visible(actor, str(party))
    for each in _ALSO.values():
        each.allow(actor, str(party))
    hold_masters(alone=True)  # no load is in the middle of writing this person
    VaultKey.objects.filter(party_id=party).delete()
    fields, _ = VaultField.objects.filter(party_id=party).delete()
    tokens, _ = VaultToken.objects.filter(party_id=party).delete()
    before = VaultErased.objects.filter(party_id=party).exists()
    if not before:
        VaultErased.objects.create(party_id=party)
    note(fields=fields, tokens=tokens, before=before)
    _close_login(actor, str(party))
    for each in _ALSO.values():
        each.erase(actor, str(party))
    return Erased(fields, tokens, before)


def _close_login(actor: Actor, party: str) -> None:
    """A cardholder's log-in ends, and its name, which may be theirs, with it."""
    user = User.objects.filter(party_id=party).first()
    if user is None:
        return
    note(login_closed=True, sessions=end_all(user.username, by=actor.name))
    user.username, user.name, user.is_active = f"erased-{user.pk}", "", False
    user.set_unusable_password()
    user.save(update_fields=["username", "name", "is_active", "password"])


@dataclass(frozen=True)
class ErasureEffect:
    """What an erasure would destroy, and how many branches keep an account of the person."""

    fields: int
    tokens: int
    branches: int
    before: bool


@query(permission="erase_person")
def erasure_effect(actor: Actor, customer_id: str) -> ErasureEffect:
    """Raises NotFound for whom nothing is known of: neither identity nor branch."""
    party = party_of(customer_id)
    require_visible(actor, str(party))
    found = ErasureEffect(
        VaultField.objects.filter(party_id=party).count(),
        VaultToken.objects.filter(party_id=party).count(),
        Home.objects.filter(customer_id=str(party)).count(),
        VaultErased.objects.filter(party_id=party).exists(),
    )
    if not (found.fields or found.branches or found.before):
        raise NotFound(Text("没有这位客户。", "There is no such customer."))
    for each in _ALSO.values():
        each.allow(actor, str(party))
    return found


@query(permission="view_customer")
def is_erased(actor: Actor, customer_id: str) -> bool:
    """Whether the person behind a customer was erased."""
    party = party_of(customer_id)
    require_visible(actor, str(party))
    return VaultErased.objects.filter(party_id=party).exists()
