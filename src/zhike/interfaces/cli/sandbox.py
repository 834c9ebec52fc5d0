"""``zhike sandbox``: the made bank."""

from pathlib import Path
from typing import Annotated

import typer

from zhike.interfaces.cli import judging, playing
from zhike.interfaces.cli.judging import Bank
from zhike.interfaces.cli.output import Json, line, print_json, print_table, progress
from zhike.interfaces.cli.playing import Variant

Customers = Annotated[int, typer.Option("--customers", min=10, help="How many customers.")]
Months = Annotated[int, typer.Option("--months", min=1, max=120, help="How many months of history.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    group.callback()(_group)
    group.command()(make)
    group.command()(aggregates)
    group.command()(judging.claims)
    group.command()(judging.grade)
    group.command()(judging.honesty)
    group.command()(playing.play)
    app.add_typer(group, name="sandbox")


def _group() -> None:
    """Makes a bank with planted truth, as raw bank files."""


def make(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the raw files go; empty or not there yet.")],
    customers: Customers = 10_000,
    months: Months = 18,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bank.")] = 1,
    variant: Variant = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; one a core unless given.")] = None,
) -> None:
    """Makes a bank's raw files: a card system (fixed width, GB18030) and core banking (CSV), day by day."""
    from zhike import sandbox
    from zhike.sandbox import variant as variants

    world = variants.read(variant) if variant else None
    with progress("Making a bank") as say:
        made = sandbox.make(
            folder, customers=customers, months=months, seed=seed, variant=world, workers=workers, progress=say
        )
    line(
        f"Made a bank of {made.customers:,} customers in {folder}, {made.first_day} to {made.last_day}: "
        f"{made.files:,} files, {made.rows:,} rows."
    )


def aggregates(bank: Bank, json: Json = False) -> None:
    """Holds the bank's figures beside public ones, conventions and its own plan, each with its source."""
    from zhike.interfaces.judges.truths import Truths
    from zhike.sandbox.aggregates import of_bank

    Truths(bank)  # refuses a folder that holds no whole bank
    rows = of_bank(bank)
    if json:
        print_json([
            {**vars(row.target), "figure": row.figure, "ratio": row.ratio, "holds": row.holds} for row in rows
        ])  # fmt: skip
        return
    shown = [
        (row.target.name, row.figure, float(row.target.value), None if row.ratio is None else f"{row.ratio:.2f}",
         "" if row.holds else "off", f"{row.target.source} {row.target.mark}".strip())
        for row in rows
    ]  # fmt: skip
    print_table("Aggregates", ("aggregate", "figure", "target", "ratio", "", "source"), shown)
    shown_rows = [row for row in rows if row.figure is not None]
    line(f"{sum(row.holds for row in shown_rows)} of {len(shown_rows)} figures lie within a tenth of their target.")
