"""What is asked of an action, checked before anything is written: keys, references, instants, numbers, customers."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from zhike.core import ids
from zhike.core.actor import Actor
from zhike.core.clock import now
from zhike.core.errors import BadInput, Conflict, NotFound
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.operations.customers import reading
from zhike.operations.governance.visibility import require_visible

_KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")  # digits in a row are chance there
_REFERENCE = re.compile(r"[A-Za-z0-9._:/#-]{0,64}")
# A phone number, an ID number or a card number: none of them is a reference.
_PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx]|\d{13,19})(?!\d)")
_SKEW = timedelta(minutes=2)
_FARTHEST = timedelta(days=366)
_ALONE = 0x7A68_636F  # the advisory lock of whoever decides about contact with one customer, or one number
NO_CUSTOMER = Text("没有这位客户。", "There is no such customer.")


def customer(actor: Actor, customer_id: str) -> str:
    """The id as it is stored; raises NotFound for who is no published customer or not the actor's, never told apart."""
    try:
        found = str(UUID(customer_id))
    except ValueError:
        raise NotFound(NO_CUSTOMER) from None
    require_visible(actor, found)
    if reading.row(reading.source("published"), "customer_view", found) is None:
        raise NotFound(NO_CUSTOMER)
    return found


def alone(name: str) -> None:
    """Until the transaction ends nobody else decides about contact with this customer, or by this number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ALONE, name])


def key(text: str) -> str:
    """An idempotency key; raises BadInput."""
    if not _KEY.fullmatch(text) or (_PERSONAL.search(text) and not _UUID.fullmatch(text)):
        raise BadInput(
            Text(
                "幂等键须为 8 到 64 个英文字母、数字或 . _ : - ，且不含号码。",
                "An idempotency key is 8 to 64 letters a to z, digits or . _ : - and holds no number of a person.",
            )
        )
    return text


def reference(text: str, what: Text) -> str:
    """A reference to something kept elsewhere (a recording, a file, a campaign); raises BadInput."""
    bare = text.strip()
    if not _REFERENCE.fullmatch(bare) or _PERSONAL.search(bare):
        raise BadInput(
            Text(
                f"{what.zh}须为编号：最多 64 个英文字母、数字或 . _ : / # - ，不得是电话、证件或卡号。",
                f"The {what.en} is a reference: at most 64 letters a to z, digits or . _ : / # - and no phone, ID or "
                "card number.",
            )
        )
    return bare


def one_of(value: str, known: Collection[str], what: Text) -> str:
    """The value; raises BadInput that lists what there is."""
    if value not in known:
        raise BadInput(
            Text(
                f"没有这种{what.zh}：{value[:40]!r}。可选：{'、'.join(known)}。",
                f"{value[:40]!r} is no {what.en}. There are: {', '.join(known)}.",
            )
        )
    return value


def instant(at: datetime | None, what: Text) -> datetime:
    """The instant, now for None; raises BadInput without a zone, or later than the clocks of two machines differ."""
    if at is None:
        return now()
    if zoned(at, what) > now() + _SKEW:
        raise BadInput(Text(f"{what.zh}在将来。", f"The {what.en} is in the future."))
    return at.astimezone(UTC)


def coming(at: datetime, what: Text) -> datetime:
    """The instant; raises BadInput without a zone, when it is over, or beyond a year: nobody plans so far ahead."""
    if not now() - _SKEW <= zoned(at, what) <= now() + _FARTHEST:
        raise BadInput(
            Text(
                f"{what.zh}须在今后一年之内。",
                f"The {what.en} is to come, within a year: nothing is planned otherwise.",
            )
        )
    return at.astimezone(UTC)


def zoned(at: datetime, what: Text) -> datetime:
    """The instant in UTC; raises BadInput where it names no zone."""
    if at.tzinfo is None:
        raise BadInput(
            Text(f"{what.zh}缺少时区。", f"The {what.en} has no time zone: write 2026-06-30T09:00:00+08:00.")
        )
    return at.astimezone(UTC)


def number_token(number: str) -> str:
    """The keyed token of a phone number, equal to the vault's; the number itself is kept nowhere. Empty for none."""
    digits = "".join(filter(str.isdigit, number))
    if not digits:
        return ""
    if len(digits) > 20:
        raise BadInput(Text("号码过长。", "The number is too long: at most 20 digits."))
    bare = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return ids.token(workspace().secret("tokens"), "phone", bare)


def fingerprint(body: Mapping[str, Any]) -> str:
    """What was asked, as one text: the same under the same key is answered again, anything else is refused."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def another(actor: Actor) -> Conflict:
    """What to raise when a key was used before for something else, or by somebody else."""
    return Conflict(
        Text("该幂等键已用于另一请求：请换一个。", "This idempotency key was used for another request: take a new one.")
    )
