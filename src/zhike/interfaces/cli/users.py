"""``zhike user``: who may log in."""

from typing import Annotated

import typer

from zhike.interfaces.cli.output import line
from zhike.interfaces.cli.session import operations
from zhike.interfaces.cli.times import day_of

Name = Annotated[str, typer.Argument(metavar="NAME", help="The log-in name.")]

Branch = Annotated[int, typer.Option("--branch", help="The number of the branch, as published.")]
From = Annotated[str | None, typer.Option("--from", help="First day, such as 2026-07-01; today unless given.")]
Until = Annotated[
    str | None, typer.Option("--until", help="The first day on which it holds no more; open unless given.")
]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Makes users and resets passwords.", no_args_is_help=True)
    group.command()(add)
    group.command()(reset)
    group.command()(unlock)
    group.command(name="reset-factor")(reset_factor)
    group.command(name="end-sessions")(end_sessions)
    group.command()(disable)
    group.command()(enable)
    group.command()(narrow)
    group.command()(widen)
    group.command()(belong)
    group.command()(leave)
    group.command()(cover)
    app.add_typer(group, name="user")


def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="What the user does here.")] = "analyst",
    customer: Annotated[
        str | None, typer.Option("--customer", help="Makes a cardholder instead: who sees this one customer only.")
    ] = None,
) -> None:
    """Makes a user; the password is generated and shown once."""
    with operations() as actor:
        from zhike.operations.customers import queries
        from zhike.operations.governance import actions, roles

        if customer is None:
            password = actions.user_create(actor, user=name, role_name=role, locale=actor.locale)
        else:
            role, party = roles.CARDHOLDER, queries.customer_resolve(actor, customer)
            password = actions.cardholder_create(actor, user=name, customer_id=party, locale=actor.locale)
    line(f"User {name} ({role}). Password, shown this once: {password}")


def reset(name: Name) -> None:
    """Gives a user a fresh password, shown once."""
    with operations() as actor:
        from zhike.operations.governance import actions

        password = actions.user_reset(actor, user=name)
    line(f"User {name}. New password, shown this once: {password}")


def unlock(name: Name) -> None:
    """Lets a user who failed too often try again at once."""
    with operations() as actor:
        from zhike.operations.governance import attempts

        forgotten = attempts.user_unlock(actor, user=name)
    line(f"User {name} may log in again; failures forgotten: {forgotten}.")


def reset_factor(name: Name) -> None:
    """Takes away a second factor that was lost, and ends the user's sessions."""
    with operations() as actor:
        from zhike.operations.governance import factor

        factor.factor_reset(actor, user=name)
    line(f"User {name} logs in with the password alone until a new second factor is set up.")


def end_sessions(name: Name) -> None:
    """Ends every open session of a user."""
    with operations() as actor:
        from zhike.operations.governance import sessions

        ended = sessions.sessions_end_of(actor, user=name)
    line(f"User {name}: sessions ended: {ended}.")


def disable(name: Name) -> None:
    """The user logs in no more; sessions and API keys are closed at once."""
    with operations() as actor:
        from zhike.operations.governance import actions

        actions.user_disable(actor, user=name)
    line(f"User {name} is disabled.")


def enable(name: Name) -> None:
    """The user may log in again."""
    with operations() as actor:
        from zhike.operations.governance import actions

        actions.user_enable(actor, user=name)
    line(f"User {name} may log in again.")


def narrow(name: Name) -> None:
    """The user sees only the customers assigned to them or to a team of theirs, not the whole branch."""
    _narrow(name, assigned_only=True)


def widen(name: Name) -> None:
    """The user sees all customers of their branches again."""
    _narrow(name, assigned_only=False)


def _narrow(name: str, *, assigned_only: bool) -> None:
    with operations() as actor:
        from zhike.operations.governance import teams

        teams.user_narrow(actor, user=name, assigned_only=assigned_only)
    line(f"User {name} sees {'what is assigned' if assigned_only else 'the customers of their branches'}.")


def belong(name: Name, branch: Branch, since: From = None, until: Until = None) -> None:
    """The user sees the customers of a branch and of all branches below it, from a day on."""
    first, end = day_of("--from", since), day_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance import belonging

        begins = first or belonging.today()
        belonging.membership_begin(actor, user=name, branch_id=branch, valid_from=begins, valid_to=end)
    line(f"User {name} belongs to branch {branch} from {begins}{f' until {end}' if end else ''}.")


def leave(name: Name, branch: Branch, until: Until = None) -> None:
    """The user belongs to a branch no more, from a day on; what was is kept."""
    end = day_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance import belonging

        end = end or belonging.today()
        belonging.membership_end(actor, user=name, branch_id=branch, valid_to=end)
    line(f"User {name} belongs to branch {branch} until {end}.")


def cover(
    name: Name,
    other: Annotated[str, typer.Option("--for", help="Who is away.")],
    until: Annotated[str, typer.Option("--until", help="The first day on which the cover holds no more.")],
    since: From = None,
) -> None:
    """The user stands in for another: has their rights and branches too, until the cover ends by itself."""
    first, end = day_of("--from", since), day_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance import belonging

        begins = first or belonging.today()
        belonging.cover_begin(actor, user=name, covers=other, valid_from=begins, valid_to=end or begins)
    line(f"User {name} stands in for {other} from {begins} until {end}.")
