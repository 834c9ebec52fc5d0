"""``zhike user``: who may log in."""

from typing import Annotated

import typer

from zhike.interfaces.cli.output import line
from zhike.interfaces.cli.session import operations

Name = Annotated[str, typer.Argument(metavar="NAME", help="The log-in name.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Makes users and resets passwords.", no_args_is_help=True)
    group.command()(add)
    group.command()(reset)
    app.add_typer(group, name="user")


def add(name: Name, role: Annotated[str, typer.Option("--role", help="What the user does here.")] = "analyst") -> None:
    """Makes a user; the password is generated and shown once."""
    with operations() as actor:
        from zhike.operations.governance import actions

        password = actions.user_create(actor, user=name, role_name=role, locale=actor.locale)
    line(f"User {name} ({role}). Password, shown this once: {password}")


def reset(name: Name) -> None:
    """Gives a user a fresh password, shown once."""
    with operations() as actor:
        from zhike.operations.governance import actions

        password = actions.user_reset(actor, user=name)
    line(f"User {name}. New password, shown this once: {password}")
