"""What tests of approvals share: users by role, a kind of request made for tests, and the owner's hand on the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from owning import owner

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.operations.approvals import actions
from zhike.operations.approvals.effect import Count, Effect
from zhike.operations.approvals.kind import Approved, Kind, kinds
from zhike.operations.approvals.payload import asked
from zhike.operations.approvals.signing import Signed, request_sign
from zhike.operations.governance.models import User
from zhike.operations.governance.queries import actor_of


def user(name: str, role: str = "administrator") -> Actor:
    """A new user, as who they are towards actions."""
    User.objects.create(username=name, password="!", role=role)  # nobody logs in here: hashing takes its time
    return acting(name)


def acting(name: str) -> Actor:
    return actor_of(User.objects.get(username=name), locale="en")


@dataclass(frozen=True)
class Sending:
    """A made-up thing to ask for."""

    text: str = asked(Text("文字", "Text"), most=40)
    people: int = asked(Text("人数", "People"), least=1, most=1_000_000)


@dataclass
class Bench:
    """What the made-up kind reaches, what it did, and what it raises when it is to fail."""

    growth: int = 0
    done: list[tuple[str, Approved]] = field(default_factory=list)
    fault: Exception | None = None


@contextmanager
def made_kind(**declared: Any) -> Iterator[Bench]:
    """A kind ``sending`` for the time of a test: it counts what it is told to, and remembers what it did."""
    bench = Bench()

    def effect(actor: Actor, wanted: Sending) -> Effect:
        count = Count("people", Text("触达", "Reached"), wanted.people + bench.growth)
        return Effect((count,), (Text("将触达 {people} 人。", "Reaches {people} people."),))

    def apply(actor: Actor, wanted: Sending, approved: Approved) -> None:
        bench.done.append((wanted.text, approved))
        if bench.fault is not None:
            raise bench.fault

    known = {"ask": "make_request", "sign": "sign_request", **declared}
    kinds.all()
    title, meaning = Text("发送", "Sending"), Text("测试用", "For tests")
    kinds.register(Kind("sending", title, meaning, Sending, effect=effect, apply=apply, **known))
    try:
        yield bench
    finally:
        kinds._entries.pop("sending")
        kinds._places.pop("sending")


def asked_for(maker: Actor, people: int = 100, text: str = "spring") -> int:
    """An open request of the made-up kind."""
    number = actions.request_make(maker, kind="sending", given={"text": text, "people": people}, reason="for a test")
    actions.request_open(maker, request_id=number)
    return number


def sign(checker: Actor, number: int, version: int = 1, **more: Any) -> Signed:
    return request_sign(checker, request_id=number, version=version, **more)


def let_expire(number: int) -> None:
    """Sets a request's day of expiry into the past, as nobody but a superuser without triggers can."""
    with owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE approvals_request SET expires_at = now() - interval '1 second' WHERE id = %s", [number])
