"""``zhike sandbox claims`` and ``zhike sandbox grade``: what Zhike claims, beside what is true."""

import math
from pathlib import Path
from typing import Annotated

import typer

from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import operations

Bank = Annotated[Path, typer.Argument(metavar="DIR", help="The made bank whose files this workspace loaded.")]


def claims(json: Json = False) -> None:
    """Writes what Zhike claims of the newest snapshot: who is one person, KPIs, decisions; again changes nothing."""
    with operations() as actor:
        from zhike.core.workspace import workspace
        from zhike.interfaces.judges import claiming

        written = claiming.write(actor, workspace())
    if json:
        print_json([vars(each) for each in written])
        return
    for each in written:
        what = "claimed" if each.fresh else "claimed before"
        line(f"{each.claim}: {each.rows:,} {what} as of {each.as_of}.")


def grade(
    bank: Bank,
    capacity: Annotated[int, typer.Option("--capacity", min=1, help="How many suspects the desk looks at.")] = 20,
    json: Json = False,
) -> None:
    """Compares the claims with the truth of the bank that they are about, each beside what an oracle would reach."""
    from zhike.core.workspace import workspace
    from zhike.interfaces.judges.grading import NOT_CLAIMED, grade
    from zhike.interfaces.judges.truths import Truths

    figures = grade(workspace(), Truths(bank), capacity=capacity)
    if json:
        print_json([vars(each) for each in figures])
        return
    rows = []
    for each in figures:
        value = NOT_CLAIMED if each.value is None else _number(each.value)
        rows.append((f"{each.claim}: {each.figure}", value, _number(each.ceiling), each.note))
    print_table("Claims beside the truth", ("claim: figure", "claimed", "oracle", ""), rows)


def _number(value: float | None) -> str:
    """Four digits; what cannot be told is a dash."""
    return "–" if value is None or math.isnan(value) else f"{value:.4g}"


def honesty(bank: Bank, json: Json = False) -> None:
    """Shows that the truth is planted honestly: what raw identifiers, the customer view and the oracle tell of it."""
    with operations() as actor:
        from zhike.core.workspace import workspace
        from zhike.interfaces.judges import honesty as judged
        from zhike.interfaces.judges.truths import Truths

        truths = Truths(bank)
        found = [judged.of_identifiers(truths), judged.of_view(actor, workspace(), truths)]
    if json:
        print_json([{**vars(each), "chance_error": each.chance_error} for each in found])
        return
    rows = [
        (
            each.by,
            f"{each.auc:.3f}",
            f"{each.oracle:.3f}",
            f"0.5 ± {each.chance_error:.3f}",
            each.people,
            each.fell_silent,
        )
        for each in found
    ]
    columns = ("told by", "AUC", "oracle", "mere luck", "people", "fell silent")
    print_table("Silent churn, of people held out", columns, rows)
