"""``zhike check``: what is wrong with this installation, and what to do about it."""

import importlib.metadata
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import typer

from zhike.core.actor import Actor
from zhike.core.errors import ZhikeError
from zhike.interfaces.cli import faults
from zhike.interfaces.cli.output import Json, line, print_json
from zhike.interfaces.cli.session import operations

_LEAST_DISK_BYTES = 2 * 1024**3
_LEAST_MEMORY_BYTES = 2 * 1024**3
State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and what to do when it is wrong."""

    what: str
    state: State
    text: str


def add_to(app: typer.Typer) -> None:
    app.command()(check)


def check(
    deep: Annotated[bool, typer.Option("--deep", help="Compare the hash of every file, not only its size.")] = False,
    json: Json = False,
) -> None:
    """Says what is wrong with this installation and what to do; exit code 1 when something is."""
    findings = list(_findings(deep))
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            line(f"{finding.state:5}  {finding.what:{width}}  {finding.text}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _findings(deep: bool) -> Iterator[Finding]:
    unreadable = list(_tried("settings", _settings))
    if unreadable:  # everything else would say the same again
        yield from unreadable
        return
    yield from _tried("workspace", _workspace)
    yield from _tried("keys", _keys)
    yield from _tried("versions", _versions)
    yield from _tried("disk", _disk)
    yield from _tried("memory", _memory)
    yield from _tried("snapshot", lambda: _snapshot(deep))
    yield from _tried("database", _database)


def _tried(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except ZhikeError as fault:
        yield Finding(what, "wrong", " ".join(str(fault).split()))
    except Exception as fault:  # check answers whatever is broken, and goes on to the next
        yield Finding(what, "wrong", faults.told(fault))


def _settings() -> Iterator[Finding]:
    """Raises BadInput with every fault of the environment."""
    from zhike.core.settings import settings

    settings()
    yield from ()


def _workspace() -> Iterator[Finding]:
    from zhike.core.workspace import workspace

    home = workspace().home
    if stat.S_IMODE(home.stat().st_mode) & 0o077:
        yield Finding("workspace", "wrong", f"{home} is open to others: chmod 700 {home}")
    else:
        yield Finding("workspace", "ok", f"{home}, reporting in {workspace().currency or 'no currency yet'}")


def _keys() -> Iterator[Finding]:
    from zhike.core.workspace import workspace

    keys = sorted((workspace().home / "keys").glob("*.key"))
    loose = [path.name for path in keys if stat.S_IMODE(path.stat().st_mode) & 0o077]
    folder = workspace().home / "keys"
    if loose:
        yield Finding("keys", "wrong", f"{', '.join(loose)} can be read by others: chmod 600 {folder}/*.key")
    else:
        yield Finding(
            "keys", "ok", f"{len(keys)} keys, readable by you only; keep a copy of {folder} apart from the data"
        )


def _versions() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    wrong = []
    try:
        wanted = importlib.metadata.requires("zhike") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("versions", "wrong", "zhike itself is not installed: run `make setup`")
        return
    for text in wanted:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} {found} does not fit {requirement.specifier}")
    if wrong:
        yield Finding("versions", "wrong", "; ".join(wrong) + ": run `make setup`")
    else:
        yield Finding("versions", "ok", "every package fits its pin")


def _disk() -> Iterator[Finding]:
    from zhike.core.workspace import workspace

    free = shutil.disk_usage(workspace().home).free
    state: State = "ok" if free >= _LEAST_DISK_BYTES else "wrong"
    advice = "" if state == "ok" else ": make room, or move the workspace with ZHIKE_HOME"
    yield Finding("disk", state, f"{free / 1024**3:.1f} GiB free{advice}")


def _memory() -> Iterator[Finding]:
    import os

    from zhike.core.settings import settings

    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        yield Finding("memory", "note", "this system does not tell")
        return
    allowed = settings().memory_mb * 1024**2
    if total < _LEAST_MEMORY_BYTES or allowed > total * 0.75:
        text = f"{total / 1024**3:.1f} GiB, of which builds may use {allowed / 1024**3:.1f}: lower ZHIKE_MEMORY_MB"
        yield Finding("memory", "wrong", text)
    else:
        yield Finding("memory", "ok", f"{total / 1024**3:.1f} GiB, of which builds may use {allowed / 1024**3:.1f}")


def _snapshot(deep: bool) -> Iterator[Finding]:
    from zhike.core.snapshot import SnapshotStore
    from zhike.core.workspace import workspace

    store = SnapshotStore(workspace())
    current = store.current_id()
    if current is None:
        yield Finding("snapshot", "note", "nothing is loaded yet: zhike load SOURCE DIR")
        return
    manifest = store.current()
    damaged = store.damaged(manifest, deep=deep)
    files = sum(len(files) for files in manifest.tables.values())
    if damaged:
        text = f"{current}: {len(damaged)} of {files} files missing or changed ({damaged[0]} …): restore a backup"
        yield Finding("snapshot", "wrong", text)
    else:
        yield Finding("snapshot", "ok", f"{current}: {files} files, {'hashes' if deep else 'sizes'} as recorded")


def _database() -> Iterator[Finding]:
    from zhike.core import postgres
    from zhike.core.workspace import workspace
    from zhike.interfaces.cli.serving import serving

    running = serving(workspace())
    with operations() as actor:
        known = postgres.status(workspace())
        kind = "external" if known.external else "embedded"
        yield Finding("database", "ok", f"PostgreSQL {known.version}, {kind}, schema up to date")
        yield from _publication(actor)
        yield from _worker(actor, served=running is not None)
        yield _audit(actor)
        yield _reveals(actor)
    where = f"at {running.address}, process {running.pid}" if running else "not running: zhike serve"
    yield Finding("server", "ok" if running else "note", where)


def _publication(actor: Actor) -> Iterator[Finding]:
    from zhike.core.errors import Unavailable
    from zhike.operations.customers import queries

    try:
        state = queries.publication_state(actor)
    except Unavailable:
        yield Finding("publication", "note", "nothing is published yet: zhike publish")
        return
    published = state.published
    if queries.publication_behind(actor):
        yield Finding("publication", "wrong", f"a newer view than {published.snapshot} is not published: zhike publish")
    elif (hindrance := queries.publication_hindrance(actor)) is not None:
        text = f"snapshot {published.snapshot} is published; the newest cannot be: {hindrance.in_(actor.locale)}"
        yield Finding("publication", "note", text)
    else:
        text = f"snapshot {published.snapshot}, {state.customers:,} customers as of {published.as_of}"
        yield Finding("publication", "ok", text)
    yield _decisions(actor)


def _decisions(actor: Actor) -> Finding:
    from zhike.operations.marketing import queries

    state = queries.decisions_state(actor)
    if state == "stands":
        return Finding("decisions", "ok", "made over the published view, by this version")
    reason = {
        "none": "none are made",
        "another view": "made over another view",
        "another version": "made by another version",
    }
    return Finding("decisions", "wrong", f"{reason[state]}: zhike decide --as-of DATE, then zhike publish")


def _audit(actor: Actor) -> Finding:
    from zhike.operations.governance.audit.verify import audit_checked

    last = audit_checked(actor)
    if last is None:
        return Finding("audit", "note", "never verified yet: the worker does every night, or now: zhike audit verify")
    text = f"verified at {last.at:%Y-%m-%d %H:%M} UTC over {last.entries:,} entries"
    if last.faults:
        return Finding("audit", "wrong", f"{text}: {last.faults} faults, the log was changed: zhike audit verify")
    return Finding("audit", "ok", f"{text}, whole")


def _worker(actor: Actor, served: bool) -> Iterator[Finding]:
    from zhike.operations.jobs.queries import queue_state

    state = queue_state(actor)
    if state.failed_today:
        text = f"{state.failed_today} failed in the last day, the last of them {state.last_failed}: zhike jobs list"
        yield Finding("jobs", "wrong", text)
    elif served and not state.alive:
        yield Finding("jobs", "wrong", "no worker has been seen for a minute: zhike stop, then zhike serve")
    else:
        yield Finding("jobs", "ok", "a worker runs" if state.alive else "no worker runs: zhike serve starts one")


def _reveals(actor: Actor) -> Finding:
    """Who was stopped at a limit of revealed identities lately: after many, or by mistake."""
    from datetime import timedelta

    from zhike.core.clock import now
    from zhike.operations.governance.audit.finding import Wanted, audit_list

    wanted = Wanted(action="identity.reveal", outcome="stopped", since=now() - timedelta(days=1))
    names = sorted({entry.actor_name for entry in audit_list(actor, wanted, 1_000)})
    if names:
        text = f"stopped at the limit in the last day: {', '.join(names[:5])}"
        return Finding("reveals", "wrong", f"{text}: zhike audit show --action identity.reveal")
    return Finding("reveals", "ok", "nobody was stopped at the limit in the last day")
