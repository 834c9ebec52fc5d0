"""Somebody who logs in as a person does, by forms, with codes of an authenticator app; and somebody who has."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.test import Client

from zhike.operations.governance.actions import user_create
from zhike.operations.governance.actors import system_actor
from zhike.operations.governance.models import User


def signed_in(name: str, role: str = "", **place: Any) -> Client:
    """The session of a member of staff, made unless there is one. For tests of what comes after: nothing is hashed."""
    given = {"role": role or name, "password": make_password(None)}
    client = Client(**place)
    client.force_login(User.objects.get_or_create(username=name, defaults=given)[0])
    return client


def made(name: str, role: str = "analyst") -> str:
    """A new user; their password."""
    return user_create(system_actor(), user=name, role_name=role)


def log_in(name: str, password: str, **place: str) -> tuple[Client, Any]:
    client = Client(**place)
    return client, client.post("/login/", {"login": name, "password": password})


def inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def code(secret: str, periods_later: int = 0) -> str:
    """What the app shows now, or will in so many half minutes."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods_later))


def set_up(client: Client, password: str) -> tuple[str, list[str]]:
    """Sets a second factor up by the pages; its secret and the recovery codes."""
    confirm = client.get("/account/factor/set-up/")
    assert confirm["Location"].startswith("/account/confirm/")
    assert client.post(confirm["Location"], {"password": password})["Location"] == "/account/factor/set-up/"
    page = client.get("/account/factor/set-up/").content.decode()
    (secret,) = re.findall(r'secret">([A-Z2-7]{32})<', page)
    answer = client.post("/account/factor/set-up/", {"code": code(secret)})
    assert answer["Location"] == "/account/codes/", answer.content.decode()
    return secret, re.findall(r"<li>(\d{8})</li>", client.get("/account/codes/").content.decode())
