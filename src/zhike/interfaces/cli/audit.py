"""``zhike audit``: who did what, on whom, why; and whether the log is whole."""

from pathlib import Path
from typing import Annotated

import typer

from zhike.interfaces.cli.output import line
from zhike.interfaces.cli.session import operations
from zhike.interfaces.cli.times import time_of

By = Annotated[str | None, typer.Option("--actor", help="Who did it: a user's name.")]
Did = Annotated[str | None, typer.Option("--action", help="What was done, such as identity.reveal.")]
Ended = Annotated[str | None, typer.Option("--outcome", help="done, started, finished, failed or refused.")]
On = Annotated[str | None, typer.Option("--object", help="On what or whom: a customer id, a user's name.")]
Since = Annotated[str | None, typer.Option("--since", help="From this day or time on, in the bank's zone: 2026-06-30.")]
Until = Annotated[str | None, typer.Option("--until", help="Before this day or time.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Reads, verifies and exports the audit log.", no_args_is_help=True)
    group.command()(verify)
    group.command()(show)
    group.command()(export)
    app.add_typer(group, name="audit")


def verify(
    export_file: Annotated[
        Path | None, typer.Option("--export", help="Check this exported file instead of the log itself.")
    ] = None,
) -> None:
    """Recomputes the chain, the seals, their signatures and the anchors; exit code 1 when anything differs.

    The outcome is put on record, as the nightly verification does: `zhike check` and `/metrics` tell it.
    """
    with operations() as actor:
        if export_file is not None:
            from zhike.operations.governance.audit.finding import export_verify

            told = export_verify(actor, export_file)
            line(f"{export_file}: {told.entries:,} entries, sha256 {told.sha256}, signature holds.")
            return
        from zhike.operations.governance.audit.verify import audit_check

        found = audit_check(actor)
    line(f"{found.entries:,} entries under {found.seals:,} seals, {found.anchors:,} anchors.")
    line(f"Public key {found.public_key}")
    line(f"Not sealed yet: {found.unsealed:,} entries, the oldest {found.oldest_unsealed_seconds:.1f} s old.")
    for fault in found.faults:
        line(f"  FAULT  {fault}")
    if found.more_faults:
        line(f"  and {found.more_faults:,} more")
    if found.faults:
        raise typer.Exit(1)
    line("The log is whole.")


def show(
    by: By = None, did: Did = None, ended: Ended = None, on: On = None, since: Since = None, until: Until = None,
    limit: Annotated[int, typer.Option("--limit", help="At most so many, newest first.")] = 50,
) -> None:  # fmt: skip
    """Shows entries, newest first."""
    times = time_of("--since", since), time_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance.audit.finding import Wanted, audit_list

        entries = audit_list(actor, Wanted(by, did, on, *times, outcome=ended), limit)
    for e in entries:  # one line each, whole however narrow the screen: evidence is not cut
        what = f"{e.object_type}={e.object_id}" if e.object_id else "-"
        who = f"{e.actor_kind}:{e.actor_name}" + (f" for {e.on_behalf_of}" if e.on_behalf_of else "")
        line(f"{e.id}  {e.at.isoformat(timespec='seconds')}  {who}  {e.action}  {e.outcome}  {what}  {e.purpose}")
    if not entries:
        line("No such entry.")


def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Written as JSON lines, its signature beside it.")],
    by: By = None, did: Did = None, ended: Ended = None, on: On = None, since: Since = None, until: Until = None,
) -> None:  # fmt: skip
    """Exports entries with a signature; the export is itself on record."""
    times = time_of("--since", since), time_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance.audit.finding import Wanted, audit_export

        done = audit_export(actor, wanted=Wanted(by, did, on, *times, outcome=ended), path=out)
    line(f"{out}: {done.entries:,} entries, sha256 {done.sha256}; signature in {out}.sig")
