"""What is known of customers this minute, as columns to lay over their rows of the view.

The ledger of consents, the register of complaints and the record of contacts answer; each is asked once for all
customers wanted. Of contacts those count too that are only planned: their place in the caps is taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhike.core.actor import Actor
from zhike.data.features.marketing_contacts import WINDOWS_DAYS
from zhike.decide.live import RECORDED
from zhike.operations.contact import queries as contact
from zhike.operations.contact.shapes import ContactCounts
from zhike.operations.service import queries as service

Columns = dict[str, Any]
# A column of the ledger's answer -> the base column that it is laid over.
_BASE = {"consent_personalisation": "personalisation_all"}


def of_rows(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> dict[str, Columns]:
    """By customer the columns known now; what of them differs from a row says `zhike.decide.live.laid_over`."""
    customer_ids = [str(row["customer_id"]) for row in rows]
    return _columns(
        customer_ids,
        contact.consents_of_rows(actor, rows),
        contact.contacts_now(actor, customer_ids),
        service.complaints_open_now(actor, customer_ids),
    )


def of_run(actor: Actor, rows: Iterable[Mapping[str, Any]]) -> dict[str, Columns]:
    """The same for rows of a view that is not published yet."""
    kept = list(rows)
    return _columns(
        [str(row["customer_id"]) for row in kept],
        contact.consents_over(actor, kept),
        contact.contacts_for_run(actor),
        service.complaints_open_for_run(actor),
    )


def heard(actor: Actor) -> list[str]:
    """Every customer of whom ledger, register or record hold anything that a decision may read, in order."""
    known = {*contact.consents_heard(actor), *contact.contacts_for_run(actor), *service.complaints_open_for_run(actor)}
    return sorted(known)


def _columns(
    customer_ids: Iterable[str],
    consents: Mapping[str, Mapping[str, Any]],
    contacts: Mapping[str, ContactCounts],
    complaints: Mapping[str, int],
) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    for customer in customer_ids:
        counts = contacts.get(customer, ContactCounts()).marketing_by_days
        columns = {_BASE.get(name, name): value for name, value in consents.get(customer, {}).items()}
        found[customer] = {
            **{name: columns[name] for name in RECORDED if name in columns},
            "complaints_open_recorded": complaints.get(customer, 0),
            **{f"marketing_contacts_recorded_{days}d": counts.get(days, 0) for days in WINDOWS_DAYS},
        }
    return found
