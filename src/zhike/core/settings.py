"""The one reader of the environment."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhike.core.errors import BadInput

_URL_SHAPE = "postgresql://user:password@host:port/name"
Engine = Literal["duckdb", "spark"]


@dataclass(frozen=True)
class Settings:
    """Everything that an installation decides. Sizes in MiB; ``reveals_per_hour`` is the most identity fields that one
    actor may see in clear in any hour, ``revealed_per_day`` the most customers in any 24 hours; ``trusted_proxies``
    stand in front and each append to X-Forwarded-For; ``kms_command`` is a program with its arguments, empty for the
    key file, and has ``kms_seconds`` to answer;
    ``require_mfa`` lets nobody on without a second factor; a session ends after ``session_idle_minutes`` unused;
    ``workers`` are the processes that run jobs."""

    home: Path
    zone: str
    engine: Engine
    spark_master: str
    database_url: str | None
    memory_mb: int
    threads: int
    debug: bool
    allowed_hosts: tuple[str, ...]
    trusted_proxies: int
    require_mfa: bool
    session_idle_minutes: int
    reveals_per_hour: int
    revealed_per_day: int
    kms_command: tuple[str, ...]
    kms_seconds: int
    workers: int
    failpoint: str | None


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from variables ``ZHIKE_…``; raises BadInput that lists every fault together."""
    faults: list[str] = []
    found = Settings(
        home=Path(environment.get("ZHIKE_HOME") or Path.home() / ".zhike").expanduser().absolute(),
        zone=_zone(environment, faults),
        engine="spark" if _choice(environment, "ZHIKE_ENGINE", ("duckdb", "spark"), faults) == "spark" else "duckdb",
        spark_master=environment.get("ZHIKE_SPARK_MASTER") or "local[2]",
        database_url=_database_url(environment, faults),
        memory_mb=_number(environment, "ZHIKE_MEMORY_MB", 2048, 256, faults),
        threads=_number(environment, "ZHIKE_THREADS", os.cpu_count() or 1, 1, faults),
        debug=_choice(environment, "ZHIKE_DEBUG", ("0", "1"), faults) == "1",
        allowed_hosts=tuple(filter(None, environment.get("ZHIKE_ALLOWED_HOSTS", "127.0.0.1,localhost").split(","))),
        trusted_proxies=_number(environment, "ZHIKE_TRUSTED_PROXIES", 0, 0, faults),
        require_mfa=_choice(environment, "ZHIKE_REQUIRE_MFA", ("0", "1"), faults) == "1",
        session_idle_minutes=_number(environment, "ZHIKE_SESSION_IDLE_MINUTES", 30, 1, faults),
        reveals_per_hour=_number(environment, "ZHIKE_REVEALS_PER_HOUR", 60, 1, faults),
        revealed_per_day=_number(environment, "ZHIKE_REVEALED_CUSTOMERS_PER_DAY", 100, 1, faults),
        kms_command=_command(environment, "ZHIKE_KMS_COMMAND", faults),
        kms_seconds=_number(environment, "ZHIKE_KMS_SECONDS", 10, 1, faults),
        workers=_number(environment, "ZHIKE_WORKERS", 2, 1, faults),
        failpoint=environment.get("ZHIKE_FAILPOINT") or None,
    )
    if faults:
        raise BadInput("Settings: " + " ".join(faults))
    return found


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a process that Zhike starts."""
    return {**os.environ, **changes}


def _zone(environment: Mapping[str, str], faults: list[str]) -> str:
    zone = environment.get("ZHIKE_ZONE") or "Asia/Shanghai"
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"ZHIKE_ZONE={zone!r} is no time zone; give an IANA name such as Asia/Shanghai.")
    return zone


def _database_url(environment: Mapping[str, str], faults: list[str]) -> str | None:
    """The faults never quote it: it holds a password."""
    url = environment.get("ZHIKE_DATABASE_URL") or None
    if url is None:
        return None
    if not url.startswith(("postgresql://", "postgres://")):
        faults.append(f"ZHIKE_DATABASE_URL must start with {_URL_SHAPE}.")
        return url
    try:
        parts = urlsplit(url)
        named = bool(parts.path.strip("/")) and parts.port != 0
    except ValueError:
        faults.append(f"ZHIKE_DATABASE_URL cannot be read: write {_URL_SHAPE}, odd characters as %XX.")
        return url
    if not named:
        faults.append(f"ZHIKE_DATABASE_URL names no database: write {_URL_SHAPE}.")
    return url


def _command(environment: Mapping[str, str], name: str, faults: list[str]) -> tuple[str, ...]:
    """A program with its arguments, quoted as in a shell; no shell reads it. The faults never quote it."""
    try:
        return tuple(shlex.split(environment.get(name, "")))
    except ValueError:
        faults.append(f"{name} has a quote without its end: write it as in a shell, such as /opt/kms/wrap --slot 3.")
        return ()


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...], faults: list[str]) -> str:
    value = environment.get(name) or choices[0]
    if value not in choices:
        faults.append(f"{name}={value!r} must be one of {', '.join(choices)}.")
    return value


def _number(environment: Mapping[str, str], name: str, default: int, least: int, faults: list[str]) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) < least:
        faults.append(f"{name}={text!r} must be a whole number of at least {least}.")
        return default
    return int(text)
