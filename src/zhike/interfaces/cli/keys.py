"""``zhike keys`` and ``zhike erase``: the master key's versions, and the end of a person in the vault."""

import re
from typing import Annotated

import typer

from zhike.interfaces.cli.output import line, print_table, progress
from zhike.interfaces.cli.session import operations

# A person may stand in the vault and in no snapshot.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="The versions of the master key of personal data.", no_args_is_help=True)
    group.command(name="list")(list_versions)
    group.command()(rotate)
    group.command()(retire)
    app.add_typer(group, name="keys")
    app.command()(erase)


def list_versions() -> None:
    """Lists every version, and how many persons' data keys stand under it."""
    with operations() as actor:
        from zhike.operations.governance import rotation

        found = rotation.master_key_list(actor)
    rows = [(one.key_id, "current" if one.current else "old", one.held, one.data_keys) for one in found]
    print_table("Master keys", ("key", "state", "held", "data_keys"), rows)
    for one in found:
        if not one.held:
            line(f"MISSING: master key {one.key_id}; restore it from the backup of the folder keys.")


def rotate() -> None:
    """Makes a new version and rewraps every data key with it, while others work. Killed, it goes on when run again."""
    with operations() as actor, progress("Rotating the master key") as say:
        from zhike.operations.governance import rotation

        done = rotation.master_key_rotate(actor, progress=say)
    what = "An earlier rotation was finished" if done.resumed else "A new version was made"
    line(f"{what}: master key {done.key_id}, {done.rewrapped:,} data keys rewrapped. Back up the folder keys now.")
    for party in done.refused:
        line(f"  REFUSED  customer {party}: the data key was moved or changed; restore it, or erase the person.")
    if done.refused:
        raise typer.Exit(1)


def retire(
    key: Annotated[str, typer.Argument(metavar="KEY", help="A version that zhike keys list shows as old.")],
) -> None:
    """Removes an old version that no data key stands under. Backups made under it need it still: keep it with them."""
    with operations() as actor:
        from zhike.operations.governance import rotation

        rotation.master_key_retire(actor, key_id=key)
    line(f"Master key {key} is retired.")


def erase(
    key: Annotated[
        str, typer.Argument(metavar="CUSTOMER", help="A customer id, SOURCE:KEY, or the bank's customer number.")
    ],
    purpose: Annotated[str, typer.Option("--purpose", help="On what ground: it stands in the audit log.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: it cannot be undone.")] = False,
) -> None:
    """Destroys a person's key, fields and search tokens for good; facts stay, without a person behind them."""
    with operations() as actor:
        from zhike.operations.customers import queries
        from zhike.operations.governance import erasing

        customer_id = key.lower() if _UUID.fullmatch(key.lower()) else queries.customer_resolve(actor, key)
        if not yes:
            typer.confirm(
                f"Erase the person behind customer {customer_id}? This cannot be undone", abort=True, err=True
            )
        done = erasing.person_erase(actor, customer_id=customer_id, purpose=purpose)
    before = "had been erased before, and " if done.before else ""
    line(f"Customer {customer_id} {before}is erased: {done.fields} fields and {done.tokens} search tokens destroyed.")
