"""``zhike sandbox play``: what each policy earns, beside *none*, and what it costs in peace."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhike.interfaces.cli.output import Json, line, print_json, print_table, progress

if TYPE_CHECKING:
    from zhike.interfaces.judges.playing import Game, Outcome

Variant = Annotated[Path | None, typer.Option("--variant", help="A TOML file that says in what this world differs.")]
_POLICIES = "zhike, none, everything, random, propensity, oracle or all; give it again for several."


def play(
    policy: Annotated[list[str] | None, typer.Option("--policy", help=_POLICIES)] = None,
    days: Annotated[int, typer.Option("--days", help="How many days are played.")] = 90,
    every: Annotated[int, typer.Option("--every", help="Days from one decision to the next.")] = 7,
    customers: Annotated[int, typer.Option("--customers", help="How many customers.")] = 2_000,
    months: Annotated[int, typer.Option("--months", help="Months of history before the first day, at least.")] = 6,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bank and the same luck.")] = 1,
    variant: Variant = None,
    chart: Annotated[Path | None, typer.Option("--chart", help="Write the cumulative profit as an SVG file.")] = None,
    home: Annotated[Path | None, typer.Option("--home", help="Workspace of policy zhike; else temporary.")] = None,
    json: Json = False,
) -> None:
    """Lets the made bank live on under policies, each in a world with the same luck, and compares their profit."""
    from zhike.core.settings import settings
    from zhike.interfaces.judges import playing
    from zhike.sandbox import variant as variants
    from zhike.sandbox.parameters import Parameters

    names = [name for each in policy or ["all"] for name in (playing.POLICIES if each == "all" else (each,))]
    parameters = Parameters(
        customers=customers, months=playing.months_of(months, days), seed=seed, end=playing.last_day(settings().zone)
    )
    game = playing.Game(variants.read(variant).of(parameters) if variant else parameters, days, every)
    with progress("Playing") as say:
        outcomes = playing.play(game, names, say, home)
    rows = [_row(game, outcome, outcomes) for outcome in outcomes]
    if chart is not None:
        _draw(chart, game, outcomes)
    if json:
        print_json({"days": days, "every": every, "customers": customers, "seed": seed, "policies": rows})
        return
    print_table(_title(game), _COLUMNS, [_shown(row) for row in rows])
    line("Profit in fen (cents) per customer and year above none, 95 % interval over customers with the same luck.")


_COLUMNS = ("policy", "profit", "from", "to", "contacts", "accepted", "cost ¥", "churn %", "complaints/M", "content")


def _row(game: "Game", outcome: "Outcome", outcomes: "list[Outcome]") -> dict[str, Any]:
    from zhike.interfaces.judges import metrics

    none = next(each for each in outcomes if each.policy == "none")
    mean, low, high = metrics.interval((outcome.profit - none.profit) * (365 / game.days))
    told = outcome.tally
    return {
        "policy": outcome.policy, "profit_cents": mean, "low_cents": low, "high_cents": high,
        "profit_of_all_cents": int(outcome.profit.sum()), "contacts": told.contacts, "accepted": told.accepted,
        "cost_cents": told.cost_cents, "churn": told.churn, "complaints_per_million": told.complaints_per_million,
        "satisfaction": told.satisfaction, "opt_outs": told.opt_outs,
    }  # fmt: skip


def _shown(row: dict[str, Any]) -> tuple[Any, ...]:
    whole = (round(row["profit_cents"]), round(row["low_cents"]), round(row["high_cents"]))
    return (
        row["policy"], *whole, row["contacts"], row["accepted"], round(row["cost_cents"] / 100),
        f"{row['churn']:.2%}", round(row["complaints_per_million"]), f"{row['satisfaction']:.3f}",
    )  # fmt: skip


def _title(game: "Game") -> str:
    parameters = game.parameters
    return f"{parameters.customers:,} customers, {game.days} days to {parameters.end}, decided every {game.every} days"


def _draw(path: Path, game: "Game", outcomes: "list[Outcome]") -> None:
    from zhike.core.errors import BadInput
    from zhike.interfaces.judges.chart import Line, svg

    none = dict(next(each for each in outcomes if each.policy == "none").series)
    people = game.parameters.customers
    lines = [
        Line(each.policy, [(day - game.start + 1, (total - none[day]) / people / 100) for day, total in each.series])
        for each in outcomes
    ]
    try:
        path.write_text(svg("Profit above none, yuan a customer", _title(game), lines), encoding="utf-8")
    except OSError as fault:
        raise BadInput(f"The chart cannot be written to {path} ({fault.strerror}): name another file.") from None
