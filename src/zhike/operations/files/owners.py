"""Whose a file is: an app registers how the things it owns are seen, and files follow them.

A rule takes the actor, the owner's id, and whether something is to be kept with it. It gives the customer that the
owner is about (None for none), raises NotFound where the actor does not see the owner, Forbidden where not its files.
"""

from collections.abc import Callable

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.core.text import Text
from zhike.operations.governance.vault import party_of
from zhike.operations.governance.visibility import require_visible

Rule = Callable[[Actor, str, bool], str | None]
_RULES: dict[str, Rule] = {}


def register(owner_type: str, rule: Rule) -> None:
    """Called once, from the app's ``ready``."""
    _RULES[owner_type] = rule


def require(actor: Actor, owner_type: str, owner_id: str, keeping: bool = False) -> str | None:
    """The customer of the owner; raises as the owner's rule does."""
    if owner_type not in _RULES:
        raise BadInput(Text(f"文件不能归属于 {owner_type[:32]!r}。", f"No file is kept with a {owner_type[:32]!r}."))
    return _RULES[owner_type](actor, owner_id, keeping)


def _of_customer(actor: Actor, owner_id: str, _keeping: bool) -> str:
    party = str(party_of(owner_id))
    require_visible(actor, party)
    return party


register("customer", _of_customer)
