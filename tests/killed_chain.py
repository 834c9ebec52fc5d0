"""The whole chain in a process of its own: ``killed_chain.py BANK (base|whole)``; prints what stands at start and end.

``base`` loads core banking, builds, decides and publishes; ``whole`` adds the card system and does it all again.
"""

import hashlib
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from zhike.core.actor import Actor
from zhike.interfaces.cli.session import operations

AS_OF = date(2026, 10, 31)
CHAIN = (sys.executable, __file__)
SELECTED = "transactions_90d >= 1"


def last_line(printed: str) -> dict[str, Any]:
    """The state that a run of this file printed."""
    state: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return state


def served(actor: Actor) -> dict[str, Any] | None:
    """What a reader of the publication sees: its snapshot, a count and the list of the same condition."""
    from zhike.core.errors import ZhikeError
    from zhike.operations.customers import queries

    try:
        counted = queries.segment_count(actor, SELECTED)
    except ZhikeError:
        return None
    listed = queries.segment_list(actor, SELECTED, 1_000, None)
    ids = [str(row["customer_id"]) for row in listed]
    return {"snapshot": counted.snapshot, "count": counted.count, "listed": len(ids), "ids": _hash(sorted(ids))}


def vault() -> str:
    """Everything the vault can find: equal when the same people were kept once."""
    from zhike.operations.governance.acting import transaction_of
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.governance.models import VaultField, VaultToken

    with transaction_of(system_actor()):
        tokens = sorted(map(str, VaultToken.objects.values_list("field", "token", "party_id")))
        return _hash([*tokens, VaultField.objects.count()])


def chain(actor: Actor, bank: Path, sources: list[str]) -> None:
    from zhike.operations.customers import actions
    from zhike.operations.marketing import actions as marketing

    for source in sources:
        actions.data_load(actor, source=source, folder=bank)
    actions.view_build(actor, as_of=AS_OF)
    marketing.decisions_make(actor, as_of=AS_OF)
    actions.view_publish(actor)


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def main() -> None:
    bank, extent = Path(sys.argv[1]), sys.argv[2]
    with operations() as actor:
        before = served(actor)
        chain(actor, bank, ["made_core"] if extent == "base" else ["made_core", "made_cards"])
        print(json.dumps({"before": before, "after": served(actor), "vault": vault()}))


if __name__ == "__main__":
    main()
