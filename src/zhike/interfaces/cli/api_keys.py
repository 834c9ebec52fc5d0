"""``zhike api-key``: keys with which programs call the API."""

from typing import Annotated

import typer

from zhike.core.clock import parse_date
from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import operations


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Makes and revokes keys with which programs call the API.", no_args_is_help=True)
    group.command()(add)
    group.command(name="list")(list_)
    group.command()(revoke)
    app.add_typer(group, name="api-key")


def add(
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="The user for whom the program acts.")],
    may: Annotated[list[str], typer.Option("--may", help="A right of the key; again for each.")],
    until: Annotated[str, typer.Option("--until", help="The last day, such as 2026-12-31; a year at most.")],
    title: Annotated[str, typer.Option("--title", help="What the key is for.")],
) -> None:
    """Makes a key; it is shown once."""
    last_day = parse_date(until, "--until")
    with operations() as actor:
        from zhike.operations.governance import api_keys

        key = api_keys.key_make(actor, owner=owner, title=title, permissions=may, last_day=last_day)
    line(f"API key of {owner}, valid until {last_day}, shown this once: {key}")


def list_(json: Json = False) -> None:
    """Every key: whose, what it may do, until when, when it was last used."""
    with operations() as actor:
        from zhike.operations.governance import api_keys

        keys = api_keys.keys_list(actor)
    if json:
        print_json([{**vars(key), "state": key.state} for key in keys])
        return
    rows = [
        (key.key_id, key.title, key.owner, " ".join(key.permissions), f"{key.expires_at:%Y-%m-%d}",
         f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else None, key.state)
        for key in keys
    ]  # fmt: skip
    print_table("API keys", ("key", "title", "owner", "may", "until (UTC)", "last used", "state"), rows)


def revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The id of the key: what stands after zk_.")],
) -> None:
    """From now on the key opens nothing."""
    with operations() as actor:
        from zhike.operations.governance import api_keys

        api_keys.key_revoke(actor, key_id=key)
    line(f"Key {key} is revoked.")
