"""``zhike segment``: count and list the customers that a condition selects."""

from typing import Annotated

import typer

from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import operations

Expression = Annotated[
    str, typer.Argument(metavar="EXPR", help="A condition, for example: stage = 'dormant' and spend_365d_cents > 0")
]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Counts and lists the customers that a condition selects.", no_args_is_help=True)
    group.command()(count)
    group.command(name="list")(list_)
    app.add_typer(group, name="segment")


def count(expression: Expression, json: Json = False) -> None:
    """Counts the customers of a segment in the newest snapshot."""
    with operations() as actor:
        from zhike.operations.customers import queries

        found = queries.segment_count(actor, expression, at="current")
    if json:
        print_json({
            "expression": found.expression, "count": found.count, "as_of": found.as_of, "snapshot": found.snapshot,
        })  # fmt: skip
    else:
        line(f"{found.count:,} customers as of {found.as_of} (snapshot {found.snapshot}): {found.expression}")


def list_(
    expression: Expression,
    limit: Annotated[int, typer.Option("--limit", help="Rows to list, at most 1,000.")] = 20,
    after: Annotated[str | None, typer.Option("--after", help="Continue after this customer id.")] = None,
    json: Json = False,
) -> None:
    """Lists the customers of a segment in order of id, and their count, from one snapshot."""
    with operations() as actor:
        from zhike.operations.customers import queries

        page = queries.segment_page(actor, expression, limit, after, at="current")
    if json:
        print_json({
            "expression": page.expression, "count": page.count, "as_of": page.as_of, "snapshot": page.snapshot,
            "rows": page.rows, "after": page.after,
        })  # fmt: skip
        return
    title = f"{page.count:,} customers as of {page.as_of} (snapshot {page.snapshot})"
    print_table(title, page.columns, [[row[name] for name in page.columns] for row in page.rows])
    if page.after:
        line(f"More: --after {page.after}")
