"""``zhike approval``: what waits for a second person, and the machine owner's own signature under it."""

from typing import Annotated, Any

import typer

from zhike.core.errors import ZhikeError
from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import locale, operations

Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The number of the request.")]
Version = Annotated[int, typer.Option("--version", help="The version that you read: zhike approval show tells it.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Shows what needs a second person, signs and refuses.", no_args_is_help=True)
    group.command("list")(show_list)
    group.command()(show)
    group.command()(sign)
    group.command()(refuse)
    app.add_typer(group, name="approval")


def show_list(
    which: Annotated[str, typer.Argument(metavar="LIST", help="waiting, mine or history.")] = "waiting",
    limit: Annotated[int, typer.Option("--limit", help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """Lists requests: what waits for a signature, what you asked for, or what has ended."""
    with operations() as actor:
        from zhike.operations.approvals import queries

        rows = queries.request_list(actor, which, limit)  # checked there
    if as_json:
        print_json([{**vars(row), "kind_title": row.kind_title.in_(locale())} for row in rows])
        return
    told = [
        (str(row.id), row.kind_title.in_(locale()), row.maker, f"{row.given}/{row.needed}", row.state, row.reason)
        for row in rows
    ]
    print_table(f"Requests, {which}", ("number", "kind", "asked by", "signed", "state", "reason"), told)


def show(number: Number, as_json: Json = False) -> None:
    """Shows one request: what it asks for, its effect when asked for and now, its signatures."""
    with operations() as actor:
        from zhike.operations.approvals import queries, signing

        whole = queries.request_get(actor, number)
        now, lost = None, ""
        try:
            now = signing.effect_now(actor, number) if whole.row.state in ("draft", "open") else None
        except ZhikeError as fault:
            lost = fault.in_(locale())
    told = {**_told(whole, now), "cannot": lost}
    if as_json:
        print_json(told)
        return
    row = whole.row
    line(f"Request {row.id}, version {row.version}: {told['kind']}, asked for by {row.maker}: {row.state}")
    line(f"Reason: {row.reason}")
    for title, value in told["fields"].items():
        line(f"  {title}: {value}")
    line(f"Digest {told['digest']}")
    for when in ("effect", "effect_now"):
        for sentence in told[when] or []:
            line(f"{'Asked for' if when == 'effect' else 'Now'}: {sentence}")
    if lost:
        line(f"Now it could not be done: {lost}")
    for one in told["signatures"]:
        line(f"  {one['decision']} by {one['by']} at {one['at']}, version {one['version']}  {one['note']}")
    if whole.failure:
        line(f"Not done: {whole.failure.in_(locale())}")


def sign(
    number: Number, version: Version, note: Annotated[str, typer.Option("--note", help="Kept with it.")] = "",
    confirm: Annotated[bool, typer.Option("--confirm-effect", help="Sign it by what it does now.")] = False,
) -> None:  # fmt: skip
    """Signs a request of somebody else; with the last signature it is done."""
    with operations() as actor:
        from zhike.operations.approvals import signing

        seen = signing.effect_now(signing.signer_of(actor, number), number).mark() if confirm else ""
        done = signing.request_sign(actor, request_id=number, version=version, remark=note, confirmed=seen)
    line(f"Request {number}: {done.state}, {done.given} of {done.needed} signatures.")
    if done.failure:
        line(f"Not done: {done.failure.in_(locale())}")
        raise typer.Exit(1)


def refuse(
    number: Number, version: Version, note: Annotated[str, typer.Option("--note", help="Why: it is kept.")]
) -> None:
    """Refuses a request of somebody else, for a reason."""
    with operations() as actor:
        from zhike.operations.approvals import signing

        signing.request_refuse(actor, request_id=number, version=version, remark=note)
    line(f"Request {number}: refused.")


def _told(whole: Any, now: Any) -> dict[str, Any]:
    said, row = locale(), whole.row
    fields = {
        title.in_(said): value.in_(said) if hasattr(value, "in_") else value for _, title, value in whole.current.fields
    }
    signatures = [
        {"by": one.checker + (f" for {one.on_behalf_of}" if one.on_behalf_of else ""), "decision": one.decision,
         "version": one.version, "digest": one.digest, "note": one.note, "at": one.at.isoformat(timespec="seconds")}
        for one in whole.signatures
    ]  # fmt: skip
    return {
        "number": row.id, "kind": row.kind_title.in_(said), "state": row.state, "version": row.version,
        "maker": row.maker, "reason": row.reason, "expires_at": row.expires_at, "fields": fields,
        "digest": whole.current.digest, "effect": whole.current.effect.sentences(said),
        "effect_now": now.sentences(said) if now else None, "signatures": signatures,
    }  # fmt: skip
