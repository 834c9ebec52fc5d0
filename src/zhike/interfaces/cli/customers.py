"""``zhike customer``: read from the newest snapshot, published or not."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import operations


def add_to(app: typer.Typer) -> None:
    app.command()(customer)


def customer(
    key: Annotated[str, typer.Argument(metavar="ID", help="A customer id, SOURCE:KEY, or the bank's customer number.")],
    replay: Annotated[
        bool, typer.Option("--replay", help="Decide this customer again from what was kept; exit code 1 if it differs.")
    ] = False,
    json: Json = False,
) -> None:
    """Shows one customer: features, tier, stage, segments, next best action and why."""
    if replay:
        _replay(key, json)
        return
    with operations() as actor:
        from zhike.operations.customers import queries

        found = queries.customer_get(actor, queries.customer_resolve(actor, key), at="current")
    if json:
        print_json(found)
        return
    line(f"Customer {found['customer_id']} as of {found['as_of']} (snapshot {found['snapshot']})")
    line(f"Tier {found['tier']} · stage {found['stage']} · segments: {', '.join(found['segments']) or 'none'}")
    print_table("Features", ("feature", "value"), list(found["features"].items()))
    _print_decision(found)


def _replay(key: str, json: bool) -> None:
    with operations() as actor:
        from zhike.operations.customers import queries
        from zhike.operations.marketing import queries as marketing

        done = marketing.decision_replay(actor, queries.customer_resolve(actor, key))
    if json:
        print_json(asdict(done))
    else:
        line(f"Customer {done.customer_id}, decided as of {done.as_of} (snapshot {done.snapshot})")
        how = "equal byte for byte" if done.equal else "DIFFERENT from what is kept"
        line(f"Decided again from the kept inputs and settings: {how}, {done.bytes:,} bytes, sha256 {done.sha256}.")
    if not done.equal:
        raise typer.Exit(1)


def _print_decision(found: dict[str, Any]) -> None:
    best = found["next_best_action"]
    if best is None:
        line("No decision is made for this snapshot yet: run `zhike decide --as-of DATE`.")
        return
    from zhike.decide.render import money

    worth = money(best["value_cents"], found["features"]["currency"])
    line(f"Next best action: {best['title']} ({best['offer']}), worth {worth}")
    for reason in best["reasons"]:
        line(f"  {reason['text']}")
    rows = [(c["offer"], c["outcome"], "; ".join(r["text"] for r in c["reasons"])) for c in found["candidates"]]
    print_table("Candidates", ("offer", "outcome", "reasons"), rows)
