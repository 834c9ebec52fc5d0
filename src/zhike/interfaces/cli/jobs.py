"""``zhike jobs``: what runs, waits, failed; what becomes of a job that failed."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from zhike.core.errors import BadInput
from zhike.interfaces.cli.output import Json, line, print_json
from zhike.interfaces.cli.session import operations

if TYPE_CHECKING:
    from zhike.core.text import Locale
    from zhike.operations.jobs.queries import JobRow

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the job.", min=1)]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes on record.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Shows background jobs, lets failed ones run again or gives them up.", no_args_is_help=True
    )
    group.command(name="list")(show)
    group.command()(retry)
    group.command()(give_up)
    app.add_typer(group, name="jobs")


def show(
    state: Annotated[
        str | None, typer.Option("--state", help="Only waiting, running, failed, quarantined or given_up ones.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="At most so many, newest first.")] = 50,
    json: Json = False,
) -> None:
    """Shows jobs that are not done, newest first."""
    with operations() as actor:
        from zhike.operations.jobs.queries import State, jobs_list

        known = get_args(State)
        if state is not None and state not in known:
            raise BadInput(f"--state {state!r} is none of {', '.join(known)}.")
        rows = jobs_list(actor, states=tuple(one for one in known if state in (None, one)), limit=limit)
        if json:
            print_json([{**asdict(row), "title": row.title.in_(actor.locale) if row.title else None} for row in rows])
            return
        for row in rows:  # one line each, whole however narrow the screen
            line(_told(row, actor.locale))
        if not rows:
            line("No such job.")


def _told(row: "JobRow", locale: "Locale") -> str:
    from zhike.operations.jobs.faults import said

    since = row.since.isoformat(timespec="seconds") if row.since else "-"
    behalf = f" for {row.on_behalf_of}" if row.on_behalf_of else ""
    wrong = [said(row.code).in_(locale), row.fault and f"({row.fault} at {row.place})"] if row.code else []
    return "  ".join(
        filter(None, [str(row.id), since, row.state, f"{row.name}{behalf}", f"{row.attempts} tries", *wrong])
    )


def retry(number: Number, reason: Reason) -> None:
    """Lets a failed or quarantined job run again."""
    with operations() as actor:
        from zhike.operations.jobs import actions

        actions.job_retry(actor, job_id=number, purpose=reason)
    line(f"Job {number} waits to run again.")


def give_up(number: Number, reason: Reason) -> None:
    """Ends a job that waits, failed or is quarantined: it will not run."""
    with operations() as actor:
        from zhike.operations.jobs import actions

        actions.job_give_up(actor, job_id=number, purpose=reason)
    line(f"Job {number} is given up.")
