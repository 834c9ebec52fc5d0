"""How consents are read: the ledger's latest word by customer, purpose and channel, weighed against the files'."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from zhike.core.actor import Actor
from zhike.core.errors import Unavailable
from zhike.core.settings import settings
from zhike.operations.contact import ledger
from zhike.operations.contact.ledger import ALL, MEANS, Standing, Statement
from zhike.operations.contact.models import Consent
from zhike.operations.customers import reading as published
from zhike.operations.customers.publishing import SCHEMA

PERSONALISATION = "consent_personalisation"
# purpose, channel, recipient -> the ledger's latest statement
Said = dict[tuple[str, str, str], Statement]
_FIELDS = ("customer_id", "purpose", "channel", "recipient", "given", "effective_at", "id", "expires_at")


def latest(actor: Actor, customer_ids: Sequence[str] | None) -> dict[str, Said]:
    """The latest statement of each customer by purpose, channel and recipient; of everybody for None."""
    rows = Consent.visible_to(actor)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=[each.lower() for each in customer_ids])
    newest = rows.order_by("customer_id", "purpose", "channel", "recipient", "-effective_at", "-id").distinct(
        "customer_id", "purpose", "channel", "recipient"
    )
    found: dict[str, Said] = defaultdict(dict)
    for customer, purpose, channel, recipient, given, at, number, expires in newest.values_list(*_FIELDS):
        said = ledger.of_ledger(given, at, number, expires, settings().zone)
        found[customer][purpose, channel, recipient] = said
    return dict(found)


def heard(actor: Actor) -> list[str]:
    rows = Consent.visible_to(actor).order_by("customer_id").values_list("customer_id", flat=True)
    return list(rows.distinct())


def file_rows(actor: Actor, customer_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The published rows of some customers; nothing before the first publication."""
    try:
        table = published.published().table("customer_view")
    except Unavailable:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT * FROM {} WHERE customer_id = ANY(%s)").format(sql.Identifier(SCHEMA, table)),
            [[each.lower() for each in customer_ids]],
        )
        return {row["customer_id"]: row for row in published.rows_of(cursor)}


def overlays(
    actor: Actor, customer_ids: Sequence[str], rows: Mapping[str, Mapping[str, Any]], at: datetime
) -> dict[str, dict[str, Any]]:
    """What the ledger changes of each row: `queries.consents_now`."""
    return {
        customer: overlay(rows.get(customer, {}), said, at) for customer, said in latest(actor, customer_ids).items()
    }


def overlay(row: Mapping[str, Any], said: Said, at: datetime) -> dict[str, Any]:
    """The columns of one row of the view that read otherwise with the ledger than without it."""
    columns: dict[str, Any] = {}
    by_channel = {channel: each for (purpose, channel, _), each in said.items() if purpose == "marketing"}
    if by_channel:
        held = ledger.marketing(row, by_channel, at, channels_of(row))
        for channel, each in held.items():
            told = row.get(f"consent_{channel}")
            if _in_ledger(each) or (told is not None and told != _column(each)):
                columns[f"consent_{channel}"] = _column(each)
        columns["marketing_consent"] = _altogether(held.values())
    personal = personalisation(row, said, at)
    if _in_ledger(personal):
        columns[PERSONALISATION] = _column(personal)
    return {**columns, "since": max(each.day for each in said.values())} if columns else {}


def channels_of(row: Mapping[str, Any]) -> list[str]:
    """Every channel of marketing that ledger or row knows: files may name more than the ledger does."""
    named = [name.removeprefix("consent_") for name in row if name.startswith("consent_") and name != PERSONALISATION]
    return list(dict.fromkeys([*MEANS, ALL, *(each for each in named if not each.endswith("_on"))]))


def personalisation(row: Mapping[str, Any], said: Said, at: datetime) -> Standing:
    """What holds for choices made by personal data."""
    file = ledger.of_file(row, PERSONALISATION)
    return ledger.standing(None, ledger.later(file, said.get(("personalisation", ALL, ""))), at)


def _in_ledger(held: Standing) -> bool:
    return held.by is not None and not held.by.in_file


def _column(held: Standing) -> int | None:
    return None if held.state == "unknown" else int(held.state == "given")


def _altogether(held: Iterable[Standing]) -> str:
    """The column ``marketing_consent``: given for at least one channel, else withdrawn, else never recorded."""
    columns = {_column(each) for each in held}
    return "given" if 1 in columns else "withdrawn" if 0 in columns else "unknown"
