"""``zhike kpi``: the figures of the newest snapshot, whole or split, as of any day, and whether they tie."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import operations
from zhike.interfaces.cli.times import day_of

if TYPE_CHECKING:
    from zhike.core.text import Locale
    from zhike.data.kpis import Kpi
    from zhike.data.reconciliation import Tie
    from zhike.operations.customers.reading import Source
    from zhike.operations.customers.shapes import KpiPiece, KpiValue


def add_to(app: typer.Typer) -> None:
    app.command()(kpi)


def kpi(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One KPI; without it, all.")] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="month, branch, product, channel, person, segment, tier, stage."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day, as known then; the view's day unless given.")
    ] = None,
    reconcile: Annotated[
        bool, typer.Option("--reconcile", help="Tie statements to movements; exit code 1 when a row does not tie.")
    ] = False,
    json: Json = False,
) -> None:
    """Shows the KPIs of the newest snapshot; one by name with its definition."""
    day = day_of("--as-of", as_of)
    with operations() as actor:
        from zhike.operations.customers import kpi_figures, queries

        if reconcile:
            _reconciled(kpi_figures.kpi_reconcile(actor, as_of=day), actor.locale, json)
            return
        if not (name or by or day):
            _print_all(queries.kpi_list(actor, at="current"), queries.snapshot_current(actor), actor.locale, json)
            return
        found = kpi_figures.kpi_measure(actor, name, by=by, as_of=day)
        if json:
            print_json([_plain(piece) for piece in found])
        else:
            _print(found, name, by, actor.locale)


def _print_all(found: list["KpiValue"], source: "Source", locale: "Locale", json: bool) -> None:
    if json:
        print_json([{"name": v.name, "value": v.value, "unit": v.unit, "as_of": v.as_of} for v in found])
        return
    rows = [(v.name, v.title.in_(locale), v.value, v.unit) for v in found]
    print_table(f"KPIs as of {source.as_of} (snapshot {source.snapshot})", ("name", "title", "value", "unit"), rows)


def _plain(piece: "KpiPiece") -> dict[str, Any]:
    found = {"name": piece.name, "value": piece.value, "unit": piece.unit, "as_of": piece.as_of}
    if not piece.by:
        return found
    title = {"zh": piece.title.zh, "en": piece.title.en} if piece.title else None
    days = {"start": piece.start, "end": piece.end}
    return (
        found | days | {"by": piece.by, "label": piece.label, "title": title, "part": piece.part, "whole": piece.whole}
    )


def _print(found: list["KpiPiece"], name: str | None, by: str | None, locale: "Locale") -> None:
    from zhike.data.kpis import kpis

    if name:
        _print_card(kpis.get(name), locale)
    if by:
        rows = [(p.name, p.label or "–", p.title.in_(locale) if p.title else "", p.value, p.unit) for p in found]
        print_table(f"By {by}{_note(found)}", ("name", by, "title", "value", "unit"), rows)
        return
    titled = [(p.name, kpis.get(p.name).title.in_(locale), p.value, p.unit) for p in found]
    day = found[0].as_of if found else None
    print_table(f"KPIs as of {day}", ("name", "title", "value", "unit"), titled)


def _note(found: list["KpiPiece"]) -> str:
    if found and found[0].by == "month":
        return ", each as known when it was complete"
    return "" if all(piece.adds_up for piece in found) else ": customers may be in several, or none: they do not add up"


def _print_card(card: "Kpi", locale: "Locale") -> None:
    from zhike.data.assumption import assumptions

    line(f"{card.title.in_(locale)} ({card.name}): {card.meaning.in_(locale)}")
    line(f"  = {card.formula.in_(locale)}")
    line(f"  {card.population.in_(locale)} · {card.as_of_rule.in_(locale)}")
    line(f"  {card.kind}, {card.unit}, {card.direction} is good, {card.owner}")
    for each in assumptions(card.assumptions):
        origin = f" ({each.origin})" if each.origin else ""
        line(f"  {each.title.in_(locale)}: {each.value} {each.unit}{origin}")


def _reconciled(ties: list["Tie"], locale: "Locale", json: bool) -> None:
    from zhike.data.reconciliation import untied

    found = [
        {"statement": row.statement_id, "account_id": row.account_id, "on": row.on, "told": row.told,
         "explained": row.explained, "difference": row.difference, "checks": checks}
        for row, checks in untied(ties)
    ]  # fmt: skip
    if json:
        checks = [
            {
                "name": tie.name,
                "rows": tie.rows,
                "told": tie.told,
                "explained": tie.explained,
                "untied": len(tie.untied),
            }
            for tie in ties
        ]
        print_json({"checks": checks, "untied": found})
    else:
        rows = [
            (t.name, t.title.in_(locale), t.rows, t.told, t.explained, t.told - t.explained, len(t.untied))
            for t in ties
        ]
        print_table(
            "Ties, in cents",
            ("check", "title", "rows", "told", "explained", "difference", "rows that do not tie"),
            rows,
        )
        shown = [(r["statement"], r["on"], r["difference"], ", ".join(r["checks"])) for r in found]
        print_table("Rows that do not tie, in cents", ("statement", "day", "difference", "checks"), shown)
    if found:
        raise typer.Exit(1)
