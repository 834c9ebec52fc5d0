"""``zhike sandbox``: the made bank."""

from pathlib import Path
from typing import Annotated

import typer

from zhike.interfaces.cli.output import line, progress

Customers = Annotated[int, typer.Option("--customers", min=10, help="How many customers.")]
Months = Annotated[int, typer.Option("--months", min=1, max=120, help="How many months of history.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    group.callback()(_group)
    group.command()(make)
    app.add_typer(group, name="sandbox")


def _group() -> None:
    """Makes a bank with planted truth, as raw bank files."""


def make(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the raw files go; empty or not there yet.")],
    customers: Customers = 10_000,
    months: Months = 18,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bank.")] = 1,
) -> None:
    """Makes a bank's raw files: a card system (fixed width, GB18030) and core banking (CSV), day by day."""
    from zhike import sandbox

    with progress("Making a bank") as say:
        made = sandbox.make(folder, customers=customers, months=months, seed=seed, progress=say)
    line(
        f"Made a bank of {made.customers:,} customers in {folder}, {made.first_day} to {made.last_day}: "
        f"{made.files:,} files, {made.rows:,} rows."
    )
