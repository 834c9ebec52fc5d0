"""``zhike decide`` and ``zhike publish``."""

import typer

from zhike.interfaces.cli.data import AsOf, day_of
from zhike.interfaces.cli.output import Json, line, print_json, progress
from zhike.interfaces.cli.session import operations


def add_to(app: typer.Typer) -> None:
    app.command()(decide)
    app.command()(publish)


def decide(as_of: AsOf, json: Json = False) -> None:
    """Decides the next best action of every customer of the view built for this day."""
    day = day_of(as_of)
    with operations() as actor, progress("Deciding") as say:
        from zhike.operations.marketing import actions

        made = actions.decisions_make(actor, as_of=day, progress=say)
    if json:
        print_json({"snapshot": made.snapshot, "as_of": day, "customers": made.customers, "fresh": made.fresh})
    else:
        what = "Decided" if made.fresh else "Nothing new, already decided"
        line(f"{what}: {made.customers:,} customers as of {day}, snapshot {made.snapshot}.")


def publish(json: Json = False) -> None:
    """Publishes the newest snapshot to web and API, all at once."""
    with operations() as actor, progress("Publishing") as say:
        from zhike.operations.customers import actions

        done = actions.view_publish(actor, progress=say)
    if json:
        print_json({
            "snapshot": done.published.snapshot, "as_of": done.published.as_of, "number": done.published.number,
            "fresh": done.fresh, "rows": done.rows,
        })  # fmt: skip
    else:
        what = "Published" if done.fresh else "Nothing new, already published"
        line(f"{what}: snapshot {done.published.snapshot}, as of {done.published.as_of}.")
