"""``zhike consent`` and ``zhike contact``: what a customer agreed to, and how the bank turned to them."""

import uuid
from typing import Annotated, Any

import typer

from zhike.interfaces.cli.output import Json, line, print_json, print_table
from zhike.interfaces.cli.session import operations
from zhike.interfaces.cli.times import instant_of

Id = Annotated[str, typer.Argument(metavar="ID", help="A customer id, SOURCE:KEY, or the bank's customer number.")]
Purpose = Annotated[str, typer.Option("--purpose", help="marketing, personalisation or partner_sharing.")]
Channel = Annotated[str, typer.Option("--channel", help="sms, phone, app, email, wallet or all.")]
Source = Annotated[str, typer.Option("--source", help="Where it was said: branch, call, app, web, mail, regulator …")]
Proof = Annotated[str, typer.Option("--proof", help="Reference of the proof: a recording, a form.")]
Recipient = Annotated[str, typer.Option("--recipient", help="The partner, for partner_sharing.")]
Key = Annotated[str | None, typer.Option("--key", help="Idempotency key: the same request again changes nothing.")]
At = Annotated[str | None, typer.Option("--at", help="When, with its zone: 2026-06-30T09:00+08:00; now unless given.")]


def add_to(app: typer.Typer) -> None:
    consent = typer.Typer(help="Shows, records and withdraws what customers agree to.", no_args_is_help=True)
    consent.command("show")(consent_show)
    consent.command("record")(consent_record)
    consent.command("withdraw")(consent_withdraw)
    consent.command("wording")(consent_wording)
    app.add_typer(consent, name="consent")
    contact = typer.Typer(help="Shows and records how the bank and customers turn to each other.", no_args_is_help=True)
    contact.command("show")(contact_show)
    contact.command("record")(contact_record)
    app.add_typer(contact, name="contact")


def consent_show(customer: Id, json: Json = False) -> None:
    """Shows what a customer agreed to this moment, and every statement of the ledger."""
    with operations() as actor:
        from zhike.operations.contact import queries

        found = queries.consent_state(actor, _customer(actor, customer))
    if json:
        lines, history = [vars(each) for each in found.lines], [vars(each) for each in found.history]
        print_json({"customer_id": found.customer_id, "lines": lines, "history": history})
        return
    rows = [(f"{e.purpose} {e.recipient}".strip(), e.channel, e.state, e.origin, e.since, e.proof) for e in found.lines]
    print_table(f"Customer {found.customer_id}", ("purpose", "channel", "state", "told by", "since", "proof"), rows)
    told = [(e.effective_at.isoformat(timespec="seconds"), e.purpose, e.channel, e.given, e.source, e.recorded_by)
            for e in found.history]  # fmt: skip
    print_table("Ledger, newest first", ("said at", "purpose", "channel", "given", "source", "recorded by"), told)


def consent_record(
    customer: Id, source: Source, wording: Annotated[str, typer.Option("--wording", help="Version of the text.")],
    purpose: Purpose = "marketing", channel: Channel = "all", proof: Proof = "", recipient: Recipient = "",
    at: At = None, key: Key = None,
) -> None:  # fmt: skip
    """Records that a customer agreed, to a published wording."""
    with operations() as actor:
        from zhike.operations.contact import actions

        done = actions.consent_record(
            actor, customer_id=_customer(actor, customer), purpose=purpose, channel=channel, source=source,
            wording_version=wording, proof=proof, recipient=recipient, effective_at=instant_of("--at", at),
            key=_key(key),
        )  # fmt: skip
    line(f"Customer {done.customer_id}: consent {done.consent_id} stands{'' if done.fresh else ', as it did before'}.")


def consent_withdraw(
    customer: Id, source: Source, purpose: Purpose = "marketing", channel: Channel = "all", proof: Proof = "",
    recipient: Recipient = "", at: At = None, key: Key = None,
) -> None:  # fmt: skip
    """Records that a customer wants no more of it; it holds at the next decision."""
    with operations() as actor:
        from zhike.operations.contact import actions

        done = actions.consent_withdraw(
            actor, customer_id=_customer(actor, customer), purpose=purpose, channel=channel, source=source,
            proof=proof, recipient=recipient, effective_at=instant_of("--at", at), key=_key(key),
        )  # fmt: skip
    line(f"Customer {done.customer_id}: withdrawn, entry {done.consent_id}.")


def consent_wording(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Its name: it is never rewritten.")],
    zh: Annotated[str, typer.Option("--zh", help="The text in Chinese.")],
    en: Annotated[str, typer.Option("--en", help="The text in English.")],
    purpose: Purpose = "marketing",
) -> None:
    """Publishes the text of one version that customers agree to, in both languages."""
    with operations() as actor:
        from zhike.operations.contact import actions

        actions.wording_publish(actor, purpose=purpose, version=version, zh=zh, en=en)
    line(f"Wording {version} of {purpose} stands.")


def contact_show(
    customer: Id, limit: Annotated[int, typer.Option("--limit", help="At most so many, newest first.")] = 20,
    json: Json = False,
) -> None:  # fmt: skip
    """Shows the latest contacts with a customer and how much of the marketing caps they use."""
    with operations() as actor:
        from zhike.operations.contact import queries

        found = queries.contacts_of(actor, _customer(actor, customer), limit=limit)
    if json:
        contacts, caps = [vars(each) for each in found.contacts], [vars(each) for each in found.caps]
        print_json({"customer_id": found.customer_id, "contacts": contacts, "caps": caps})
        return
    rows = [(str(e.id), e.at.isoformat(timespec="minutes"), e.purpose, e.channel, e.direction, e.state, e.reference)
            for e in found.contacts]  # fmt: skip
    columns = ("id", "at", "purpose", "channel", "direction", "state", "reference")
    print_table(f"Customer {found.customer_id}", columns, rows)
    for cap in found.caps:
        line(f"Marketing, {cap.days} days, {cap.channel or 'all channels'}: {cap.used} of {cap.cap}")


def contact_record(
    customer: Id,
    purpose: Annotated[str, typer.Option("--purpose", help="marketing, service or collections.")],
    channel: Annotated[str, typer.Option("--channel", help="sms, phone, app, email, wallet, mail or branch.")],
    state: Annotated[str, typer.Option("--state", help="sent, delivered, answered, unanswered or failed.")] = "sent",
    reference: Annotated[str, typer.Option("--reference", help="The campaign, case or collection cycle.")] = "",
    agency: Annotated[bool, typer.Option("--agency", help="An agency made it for the bank.")] = False,
    inbound: Annotated[bool, typer.Option("--in", help="The customer turned to the bank.")] = False,
    at: At = None,
    key: Key = None,
) -> None:
    """Records a contact that was made; what rules it broke is recorded with it."""
    with operations() as actor:
        from zhike.operations.contact import actions

        done = actions.contact_record(
            actor, customer_id=_customer(actor, customer), purpose=purpose, channel=channel, state=state,
            reference=reference, agency=agency, direction="in" if inbound else "out", at=instant_of("--at", at),
            key=_key(key),
        )  # fmt: skip
    line(f"Contact {done.contact_id} stands: {done.state}.")
    for reason in done.verdict.reasons:
        line(f"  BROKE  {reason.in_('en')}")


def _customer(actor: Any, text: str) -> str:
    """A customer id as it is; anything else is looked up in the newest snapshot."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        from zhike.operations.customers import queries

        return queries.customer_resolve(actor, text)


def _key(key: str | None) -> str:
    """Without one a command is a request of its own."""
    return key or str(uuid.uuid4())
