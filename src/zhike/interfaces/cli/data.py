"""``zhike load``, ``zhike build``, ``zhike quarantine``: from files to the customer view."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from zhike.core.errors import BadInput
from zhike.interfaces.cli.output import Json, line, print_json, print_table, progress
from zhike.interfaces.cli.session import operations

AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day at whose end things are seen, YYYY-MM-DD.")]


def add_to(app: typer.Typer) -> None:
    app.command()(load)
    app.command()(build)
    app.command()(quarantine)
    recorded = typer.Typer(help="What is recorded here: consents, contacts, complaints.", no_args_is_help=True)
    recorded.command("export")(export)
    app.add_typer(recorded, name="operations")


def load(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A source: zhike registry sources lists them.")],
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder that holds the source's files.")],
    json: Json = False,
) -> None:
    """Loads a bank's files: validated, quarantined, reconciled. Again, or after a crash, it changes nothing twice."""
    if not folder.strip():  # as a path it would be the folder one happens to stand in
        raise BadInput("DIR is empty: name the folder that holds the source's files.")
    with operations() as actor, progress(f"Loading {source}") as say:
        from zhike.operations.customers import actions

        loaded = actions.data_load(actor, source=source, folder=Path(folder), progress=say)
    if json:
        print_json(loaded.to_json())
        return
    rows = [(one.file, one.rows_in, one.accepted, one.quarantined) for one in loaded.files]
    print_table(f"Loaded {source}", ("file", "rows_in", "accepted", "quarantined"), rows)
    line(f"Snapshot {loaded.snapshot}. Rows in = accepted + quarantined in every file.")


def export(json: Json = False) -> None:
    """Loads what was recorded here, of every day that is over, as facts: consents, contacts, complaints.

    Again, or after a crash, it tells nothing twice. The nightly work does it by itself, before it builds.
    """
    with operations() as actor, progress("Loading what was recorded here") as say:
        from zhike.operations.customers import actions

        loaded = actions.operations_export(actor, progress=say)
    files = loaded.files if loaded else ()
    if json:
        print_json({"snapshot": loaded.snapshot if loaded else None, "rows": sum(one.accepted for one in files)})
    elif loaded is None:
        line("Nothing new was recorded on any day that is over.")
    else:
        rows = [(one.file, one.rows_in, one.accepted, one.quarantined) for one in files]
        print_table("Loaded what was recorded here", ("file", "rows_in", "accepted", "quarantined"), rows)
        line(f"Snapshot {loaded.snapshot}. Build, decide and publish to see it.")


def build(
    as_of: AsOf,
    full: Annotated[bool, typer.Option("--full", help="Build even if this view stands already.")] = False,
    json: Json = False,
) -> None:
    """Builds the customer view as of a day."""
    day = day_of(as_of)
    with operations() as actor, progress("Building the customer view") as say:
        from zhike.operations.customers import actions

        built = actions.view_build(actor, as_of=day, full=full, progress=say)
    if json:
        print_json({"snapshot": built.snapshot, "as_of": day, "customers": built.customers, "fresh": built.fresh})
    else:
        what = "Built" if built.fresh else "Nothing new, already built"
        line(f"{what}: {built.customers:,} customers as of {day}, snapshot {built.snapshot}.")


def day_of(as_of: str) -> date:
    """--as-of as a day that has come; raises BadInput."""
    from zhike.core.clock import parse_date, require_reached
    from zhike.core.settings import settings

    return require_reached(parse_date(as_of, "--as-of"), settings().zone, "--as-of")


def quarantine(
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many rows.")] = 50,
    json: Json = False,
) -> None:
    """Lists quarantined rows: file, line, reason, masked text."""
    with operations() as actor:
        from zhike.operations.customers import queries

        rows = queries.quarantine_list(actor, source=source, limit=limit)
    if json:
        print_json(rows)
        return
    for row in rows:
        where = f"{row['source']} {row['file']}:{row['line']}"
        line(f"{where} {row['code']} {row['column'] or ''}".rstrip() + f": {row['reason']} | {row['raw']}")
    line(f"{len(rows)} quarantined rows shown.")
