"""Tables that features read but no source delivers: canonical tables put together, as of the date."""

from collections.abc import Callable

import ibis

from zhike.data.asof import Facts


def ledger(facts: Facts) -> ibis.Table:
    """Balances after each movement, of accounts whose source gives them: transactions and postings together."""
    columns = ["account_id", "business_date", "entry_id", "balance_after_cents"]
    moved, posted = facts("transaction"), facts("posting")
    both = ibis.union(
        moved.mutate(entry_id=moved.transaction_id).select(columns),
        posted.mutate(entry_id=posted.posting_id).select(columns),
    )
    return both.filter(both.balance_after_cents.notnull())


def holder_card_event(facts: Facts) -> ibis.Table:
    """Steps in the life of cards, with the holder of the card."""
    steps, cards = facts("card_event"), facts("card")
    joined = steps.join(cards.select("card_id", "party_id"), "card_id")
    return joined.select("card_id", "party_id", "kind", "by_whom", "business_date")


JOINED: dict[str, Callable[[Facts], ibis.Table]] = {"ledger": ledger, "holder_card_event": holder_card_event}
