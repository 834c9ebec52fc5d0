"""``zhike demo``: a made bank from raw files to the console, in one command. What stands already is not done again."""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from zhike.core.actor import Actor
from zhike.core.errors import BadInput
from zhike.interfaces.cli.output import line, progress
from zhike.interfaces.cli.service import Host, Port
from zhike.interfaces.cli.session import locale, operations

SEED = 1
CUSTOMERS, MONTHS = 10_000, 18
USER = "admin"
# Who introduces customers, accounts and cards stands before who speaks of them.
SOURCES = (
    ("made_core", "core"), ("made_cards", "cards"), ("made_crm", "crm"), ("made_pos", "pos"), ("made_atm", "atm"),
    ("made_digital", "digital"), ("made_callcentre", "callcentre"),
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    customers: Annotated[int | None, typer.Option("--customers", min=10, help=f"{CUSTOMERS:,} unless given.")] = None,
    months: Annotated[int | None, typer.Option("--months", min=1, max=120, help=f"{MONTHS} unless given.")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the console when all is made.")] = True,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Makes a bank, loads its files, builds, decides, publishes, and serves the console with a fresh log-in."""
    from zhike.core.workspace import workspace
    from zhike.interfaces.cli.service import run_server
    from zhike.interfaces.cli.serving import free_port, serving

    folder = workspace().home / "demo"
    running = serving(workspace())
    if running is not None:
        _require_same(folder, customers, months)
        line(f"Zhike serves this workspace already: {running.address}")
        return
    if serve:
        free_port(host, port)  # an address that cannot be is told before the work, not after it
    bank = _bank(folder, customers, months)
    with operations() as actor:
        _prepare(actor, bank)
        login = _login(actor)
    if not serve:
        line(login)
        line("Everything is made. Serve it with: zhike serve")
        return
    free = free_port(host, port)
    if free != port:
        line(f"Port {port} is taken: using {free}.")
    run_server(host, free, lambda address: line(f"Open {address} · {login}"))


@dataclass(frozen=True)
class _Bank:
    """The made bank's folder and its last day."""

    folder: Path
    last_day: date


def _bank(folder: Path, customers: int | None, months: int | None) -> _Bank:
    """The bank that stands, or a new one; raises BadInput when another than the one that stands is asked for."""
    from zhike import sandbox

    made = sandbox.found(folder)
    if made is None:
        started = time.monotonic()
        folder.mkdir(mode=0o700, exist_ok=True)
        with progress("Making a bank") as say:
            made = sandbox.make(
                folder, customers=customers or CUSTOMERS, months=months or MONTHS, seed=SEED, end=_end(), progress=say
            )
        _told(f"Made a bank: {made.customers:,} customers, {made.files:,} files, {made.rows:,} rows", started)
    folder.chmod(0o700)  # made people have names and numbers too, and the folder of an older version stood open
    _require_same(folder, customers, months)
    return _Bank(folder, made.last_day)


def _require_same(folder: Path, customers: int | None, months: int | None) -> None:
    """Raises BadInput when another bank than the one that stands, or that is served, is asked for."""
    from zhike import sandbox

    made = sandbox.found(folder)
    if made is None:
        if customers or months:
            raise BadInput("This workspace is served and holds no made bank: set ZHIKE_HOME to another folder.")
        return
    if (customers or made.customers, months or made.months) != (made.customers, made.months):
        raise BadInput(
            f"This workspace holds a made bank of {made.customers} customers over {made.months} months already: "
            "leave --customers and --months out, or set ZHIKE_HOME to another folder."
        )


def _end() -> date:
    """The bank's last day: the usual one, or today where that has not come yet: no view is of a day to come."""
    from zhike.core.clock import business_date, now
    from zhike.core.settings import settings
    from zhike.sandbox.parameters import DEFAULT_END

    return min(DEFAULT_END, business_date(now(), settings().zone))


def _prepare(actor: Actor, bank: _Bank) -> None:
    """Load, build, decide, publish: each says itself whether it stood already."""
    from zhike.operations.customers import actions as customers
    from zhike.operations.marketing import actions as marketing

    for source, folder in SOURCES:
        started = time.monotonic()
        with progress(f"Loading {source}") as say:
            loaded = customers.data_load(actor, source=source, folder=bank.folder / folder, progress=say)
        rows = sum(file.rows_in for file in loaded.files)
        refused = sum(file.quarantined for file in loaded.files)
        _told(f"Loaded {source}: {rows:,} rows, {refused:,} of them quarantined", started)
    started = time.monotonic()
    with progress("Building the customer view") as say:
        built = customers.view_build(actor, as_of=bank.last_day, progress=say)
    _told(f"Built the view of {built.customers:,} customers as of {built.as_of}", started)
    started = time.monotonic()
    with progress("Deciding") as say:
        marketing.decisions_make(actor, as_of=bank.last_day, progress=say)
    _told("Decided the next best action of each", started)
    started = time.monotonic()
    with progress("Publishing") as say:
        published = customers.view_publish(actor, progress=say).published
    _told(f"Published snapshot {published.snapshot}", started)


def _login(actor: Actor) -> str:
    """Makes the administrator once; the password is shown that once."""
    from zhike.operations.governance import actions, queries

    if USER in queries.user_list(actor):
        return f"log in as {USER} (forgotten the password? zhike user reset {USER})"
    password = actions.user_create(actor, user=USER, role_name="administrator", locale=locale())
    return f"log in as {USER} with the password {password} (shown this once)"


def _told(what: str, started: float) -> None:
    line(f"{what} · {time.monotonic() - started:.1f} s")
