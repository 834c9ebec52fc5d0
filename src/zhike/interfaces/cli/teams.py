"""``zhike team`` and ``zhike assign``: who shares customers, and whose a customer is."""

from typing import Annotated

import typer

from zhike.interfaces.cli.output import line
from zhike.interfaces.cli.session import operations
from zhike.interfaces.cli.times import day_of
from zhike.interfaces.cli.users import From, Name, Until

TeamName = Annotated[str, typer.Argument(metavar="TEAM", help="The name of the team.")]
Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")]
ToUser = Annotated[str, typer.Option("--to", help="The user whose customer it is.")]
ToTeam = Annotated[str, typer.Option("--team", help="The team whose customer it is.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Makes teams; says who is of them.", no_args_is_help=True)
    group.command()(make)
    group.command()(join)
    group.command()(leave)
    app.add_typer(group, name="team")
    app.command()(assign)
    app.command()(unassign)


def make(team: TeamName) -> None:
    """Makes a team."""
    with operations() as actor:
        from zhike.operations.governance import teams

        teams.team_make(actor, team=team)
    line(f"Team {team} is made: zhike team join {team} NAME")


def join(team: TeamName, name: Name, since: From = None, until: Until = None) -> None:
    """A user is of a team from a day on."""
    first, end = day_of("--from", since), day_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance import belonging, teams

        begins = first or belonging.today()
        teams.team_join(actor, user=name, team=team, valid_from=begins, valid_to=end)
    line(f"User {name} is of team {team} from {begins}{f' until {end}' if end else ''}.")


def leave(team: TeamName, name: Name, until: Until = None) -> None:
    """A user is of a team no more, from a day on."""
    end = day_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance import belonging, teams

        end = end or belonging.today()
        teams.team_leave(actor, user=name, team=team, valid_to=end)
    line(f"User {name} is of team {team} until {end}.")


def assign(customer: Customer, to: ToUser = "", team: ToTeam = "", since: From = None, until: Until = None) -> None:
    """Gives a customer to a user or a team, from a day on."""
    first, end = day_of("--from", since), day_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance import belonging, teams

        begins = first or belonging.today()
        teams.customer_assign(actor, customer_id=customer, user=to, team=team, valid_from=begins, valid_to=end)
    line(f"Customer {customer} is of {to or team} from {begins}{f' until {end}' if end else ''}.")


def unassign(customer: Customer, to: ToUser = "", team: ToTeam = "", until: Until = None) -> None:
    """Ends what was assigned, from a day on; what was is kept."""
    end = day_of("--until", until)
    with operations() as actor:
        from zhike.operations.governance import belonging, teams

        end = end or belonging.today()
        teams.customer_unassign(actor, customer_id=customer, user=to, team=team, valid_to=end)
    line(f"Customer {customer} is of {to or team} until {end}.")
