"""``zhike registry``: what this installation knows, and in which file each thing stands."""

import importlib
from dataclasses import fields
from typing import Annotated, Any

import typer

from zhike.core.text import Text
from zhike.data.assumption import assumptions
from zhike.interfaces.cli.output import Json, print_json, print_table
from zhike.interfaces.cli.session import locale, set_up_django

# Where registries are defined. The command imports these modules; a registry announces itself.
_HOMES = (
    "zhike.data.source", "zhike.data.features", "zhike.data.segments", "zhike.data.kpis", "zhike.decide.offers",
    "zhike.decide.policies", "zhike.operations.approvals.kind", "zhike.interfaces.console.registry",
)  # fmt: skip

# The fields of entries that hold their assumptions.
_ASSUMED = ("assumptions", "thresholds", "parameters")


def add_to(app: typer.Typer) -> None:
    app.command()(registry)


def registry(
    name: Annotated[str | None, typer.Argument(help="A registry; without it, all are listed.")] = None,
    json: Json = False,
) -> None:
    """Lists the registries, or the entries of one with title and file:line."""
    from zhike.core.errors import NotFound
    from zhike.core.registry import registries

    set_up_django()
    for home in _HOMES:
        importlib.import_module(home)
    known = registries()
    if name is None:
        rows = [(each, len(known[each].all()), known[each].package) for each in known]
        _show("Registries", ("registry", "entries", "package"), rows, json)
        return
    if name not in known:
        raise NotFound(f"Unknown registry {name!r}. There are: {', '.join(known)}.")
    entries = known[name].all()
    rows = [(each, _words(entry.title), known[name].where(each)) for each, entry in entries.items()]
    if json:
        print_json([_described(entry) | {"where": known[name].where(each)} for each, entry in entries.items()])
    else:
        print_table(name, ("name", "title", "where"), rows)


def _show(title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], json: bool) -> None:
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(title, columns, rows)


def _described(entry: Any) -> dict[str, Any]:
    """Name, titles and the plain declared fields of an entry."""
    plain = {field.name: getattr(entry, field.name, None) for field in fields(entry)}
    told = {
        name: _both(value)
        for name, value in plain.items()
        if not name.startswith("_") and isinstance(value, str | int | float | bool | Text)
    }
    return told | {name: stated for name in _ASSUMED if (stated := _stated(plain.get(name)))}


def _stated(held: Any) -> list[dict[str, Any]]:
    """The assumptions that an entry rests on, each with title, unit, owner, value and where it comes from."""
    if held is None:
        return []
    return [{field.name: _both(getattr(each, field.name)) for field in fields(each)} for each in assumptions(held)]


def _both(value: Any) -> Any:
    return {"zh": value.zh, "en": value.en} if isinstance(value, Text) else value


def _words(text: Text) -> str:
    return text.in_(locale())
