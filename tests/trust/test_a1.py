"""A1: every door × every role × own, below, other branch's and missing customers: 0 leaks and 0 changes."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import small_bank
from django.test import Client
from owning import owner
from small_bank import branch_of, customer_id
from trust.goals import goal

from zhike.interfaces.console.registry import pages
from zhike.interfaces.doors import OTHERS, Door, doors
from zhike.operations.files import actions as files
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.api_keys import key_make
from zhike.operations.governance.belonging import membership_begin, today
from zhike.operations.governance.models import User
from zhike.operations.governance.roles import BANK_WIDE, CARDHOLDER, CARDHOLDER_PERMISSIONS, ROLES, role
from zhike.operations.service import actions as complaints

PASSWORD = "a password of some length"
OWN, BELOW, OTHERS_CUSTOMER, MISSING = customer_id(0), customer_id(1), customer_id(2), customer_id(999)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CUSTOMER = re.compile(r"01970000-0000-7000-8000-[0-9]{12}")
# What changes because somebody is there, whatever they are allowed.
PASSING = ("governance_audit", "django_session", "governance_opensession", "governance_apikey", "procrastinate_")
KEY_MAY = frozenset(("view_customer", "view_decision", "count_segment"))
KEYS: dict[str, str] = {}
# Ids of what belongs to a customer: the name in the address -> customer -> id.
THINGS: dict[str, dict[str, str]] = {"complaint_id": {}, "file_id": {}}
OF_TEN = {customer_id(n) for n in range(small_bank.CUSTOMERS) if branch_of(n) in (10, 11)}


@pytest.fixture(scope="module", autouse=True)
def _published(published_bank: None) -> Iterator[None]:
    """The published bank, a user of every role in branch 10, one disabled, one just demoted."""
    for name in ROLES:
        _user(name, name)
    _user("disabled", "administrator")
    _user("demoted", "administrator")
    User.objects.create_user("cardholder", PASSWORD, role=CARDHOLDER, party_id=OWN)
    KEYS["key"] = key_make(
        system_actor(), owner="branch_manager", title="A1", permissions=KEY_MAY, last_day=_tomorrow()
    )
    _things()
    return


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def _tomorrow() -> date:
    """So that the key holds also where midnight passes while every door is tried."""
    return today() + timedelta(days=1)


def _user(name: str, role_name: str) -> None:
    User.objects.create_user(name, PASSWORD, role=role_name)
    membership_begin(system_actor(), user=name, branch_id=10, valid_from=date(2025, 6, 1))


def rows() -> dict[str, str]:
    """A hash over the rows of every table, as the owner of the database sees them."""
    with owner() as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'published')"
        )
        tables = sorted(name for (name,) in cursor.fetchall() if not any(each in name for each in PASSING))
        found = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '\n' ORDER BY t::text), '') FROM {table} AS t")
            found[table] = hashlib.sha256(str(cursor.fetchone()).encode()).hexdigest()
    return found


def _things() -> None:
    """A complaint of each customer, and a file of it: what an address may name instead of the customer."""
    for customer in (OWN, BELOW, OTHERS_CUSTOMER):
        complaint = complaints.complaint_take(
            system_actor(), customer_id=customer, channel="phone", cause="fees", text="重复收取年费"
        )
        kept = files.file_keep(
            system_actor(), content=[b"a note"], name="note.txt", owner_type="customer", owner_id=customer
        )
        THINGS["complaint_id"][customer], THINGS["file_id"][customer] = complaint, str(kept)


def _addresses(route: str) -> Iterator[tuple[str, str]]:
    """(address, target) of a route: for one about a customer, or a thing of theirs, with each kind of customer."""
    for name, of in THINGS.items():
        if f"{name}>" in route:
            for customer in (OWN, BELOW, OTHERS_CUSTOMER, MISSING):
                yield "/" + re.sub(rf"<(?:\w+:)?{name}>", of.get(customer, "0"), route), customer
            return
    path = re.sub(r"<(?:\w+:)?(?!customer_id)\w+>", "0", route)
    if "customer_id" not in path:
        # Of what is no customer there is none here: every number is a missing one.
        yield f"/{path}?expression=cards_held%20%3D%201", MISSING if path != route else ""
        return
    for customer in (OWN, BELOW, OTHERS_CUSTOMER, MISSING):
        yield "/" + re.sub(r"<(?:\w+:)?customer_id>", customer, path), customer


def _role(who: str) -> str:
    """As what they come in: one was just made an auditor."""
    return "auditor" if who == "demoted" else who


def _rights(who: str, api: bool) -> frozenset[str]:
    """What the visitor may do there: a cardholder has no page but those of their own log-in."""
    if who == "key":
        return KEY_MAY
    if who == "cardholder":
        return CARDHOLDER_PERMISSIONS if api else frozenset(("manage_own_account",))
    return role(_role(who)).permissions


def _expected(route: str, door: Door, method: str, who: str, target: str) -> set[int]:
    api = route.startswith("api/")
    if who in ("anonymous", "disabled") or (who == "key" and not api):
        return (
            {401} if api and method in door.methods else {302, 204} if method in door.methods else {401, 405, 404, 302}
        )
    if method not in door.methods:
        return {405, 404}
    if door.needs(method) not in _rights(who, api):
        return {403}
    unseen = {MISSING, OTHERS_CUSTOMER} | ({BELOW} if who == "cardholder" else set())
    if target in unseen and _role(who) not in BANK_WIDE:
        return {404}
    if target == MISSING:
        return {404, 400}  # to whom everybody is visible: what is wrong with the form may be said first
    return {200, 204, 302, 400, 409, 422}


def _walk(client: Client, who: str) -> tuple[int, list[str]]:
    requests, wrong = 0, []
    for route, door in doors().items():
        if door is None or door.who == "anybody":
            continue
        for address, target in _addresses(route):
            for method in METHODS:
                answer = client.generic(method, address, data="", content_type="application/x-www-form-urlencoded")
                requests += 1
                if answer.status_code not in _expected(route, door, method, who, target):
                    wrong.append(f"{who} {method} {address}: {answer.status_code}")
                told = (
                    set(_CUSTOMER.findall(answer.content.decode(errors="replace"))) if not answer.streaming else set()
                )
                theirs = {OWN} if who == "cardholder" else OF_TEN
                if _role(who) not in BANK_WIDE and answer.status_code == 200 and told - theirs:
                    wrong.append(f"{who} {method} {address}: tells of {sorted(told - theirs)[:3]}")
    return requests, wrong


def test_A1_every_door_says_who_may_come_in() -> None:
    assert [route for route, door in doors().items() if door is None] == []
    known = doors().keys()
    assert sorted(OTHERS.keys() - known) == [], "a row for an address that is none"
    assert all(page.path in known for page in pages)


def test_A1_every_door_and_every_role() -> None:
    with goal("A1", seed=0) as figures:
        requests, wrong = 0, []
        for who in ("anonymous", "disabled", "demoted", "cardholder", "key", *ROLES):
            client = Client(headers={"Authorization": f"Bearer {KEYS[who]}"} if who in KEYS else None)
            if who not in ("anonymous", "key"):
                client.force_login(User.objects.get(username=who))
            if who == "disabled":
                User.objects.filter(username=who).update(is_active=False)
            if who == "demoted":
                User.objects.filter(username=who).update(role="auditor")
            before = rows()
            count, faults = _walk(client, who)
            after = rows()
            changed = sorted(table for table in after if after[table] != before[table])
            requests, wrong = requests + count, wrong + faults + [f"{who} changed {table}" for table in changed]
        figures.append(f"{len(doors())} doors, {len(ROLES) + 5} kinds of visitor, {requests:,} requests")
        figures.append(f"{len(wrong)} leaks or changes")
        assert wrong == [], "\n".join(wrong)
