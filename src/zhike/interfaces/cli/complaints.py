"""``zhike complaint``: the register of complaints."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import operations

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The complaint, such as C2026-000123.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Takes complaints in, lists and shows them.", no_args_is_help=True)
    group.command(name="list")(list_)
    group.command()(show)
    group.command()(take)
    app.add_typer(group, name="complaint")


def list_(
    which: Annotated[str, typer.Option("--which", help="open, due_soon, overdue, regulator or all.")] = "open",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="At most so many, by due day.")] = 50,
    json: Json = False,
) -> None:
    """Lists complaints by the day they are due, without their texts."""
    with operations() as actor:
        from zhike.core.errors import BadInput
        from zhike.operations.service import queries

        known = {name: name for name in queries.FILTERS}
        if which not in known:
            raise BadInput(f"--which {which!r} must be one of {', '.join(known)}.")
        found = queries.complaint_list(actor, known[which], limit)
    if json:
        print_json({"complaints": [asdict(row) for row in found.rows], "counts": found.counts})
        return
    rows = [
        (row.complaint_id, row.due_on, row.days_left, row.state, row.cause, row.handler or "", row.customer_id or "")
        for row in found.rows
    ]
    title = "Complaints: " + ", ".join(f"{name} {count}" for name, count in found.counts.items())
    print_table(title, ("number", "due", "days left", "state", "cause", "handler", "customer"), rows)


def show(number: Number, json: Json = False) -> None:
    """Shows one complaint and its steps; its texts are read in the console, for a purpose."""
    with operations() as actor:
        from zhike.operations.service import queries

        found = queries.complaint_get(actor, number)
    if json:
        print_json({**asdict(found.row), "steps": [asdict(step) for step in found.steps]})
        return
    row = found.row
    line(f"{row.complaint_id}: {row.state}, due {row.due_on}, {row.cause} by {row.channel}, {row.severity}")
    line(f"Customer {row.customer_id or 'not known'}, handler {row.handler or 'none yet'}, taken by {row.taken_by}")
    rows = [(step.at.isoformat(timespec="seconds"), step.step, step.actor, step.due_on) for step in found.steps]
    print_table("Steps", ("at", "step", "by", "due"), rows)


def take(
    text_file: Annotated[Path, typer.Argument(metavar="FILE", help="What is complained of, as UTF-8 text.")],
    channel: Annotated[str, typer.Option("--channel", help="phone, branch, app, online, email, mail or other.")],
    cause: Annotated[str, typer.Option("--cause", help="Such as fees, conduct, collections; a wrong one lists all.")],
    customer: Annotated[str | None, typer.Option("--customer", help="The customer's id; none for a stranger.")] = None,
    severity: Annotated[str, typer.Option("--severity", help="ordinary, serious or grave.")] = "ordinary",
    about: Annotated[str | None, typer.Option("--about", help="Log-in name of the person complained about.")] = None,
    by_regulator: Annotated[bool, typer.Option("--by-regulator", help="Forwarded by the regulator.")] = False,
) -> None:
    """Takes a complaint in; its text comes from a file, so that it stands in no shell history."""
    from zhike.core.errors import BadInput

    try:
        text = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"{text_file} cannot be read as UTF-8 text ({type(fault).__name__}).") from None
    with operations() as actor:
        from zhike.operations.service import actions

        number = actions.complaint_take(
            actor, customer_id=customer, channel=channel, cause=cause, text=text, severity=severity, about=about,
            by_regulator=by_regulator,
        )  # fmt: skip
    line(f"Complaint {number} is taken; its clock began.")
