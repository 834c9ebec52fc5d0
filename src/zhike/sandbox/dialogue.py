"""What passes between the bank and its people on a day, in columns, for those who write it down.

``person`` and ``account`` are the block's positions, ``second`` the second of the day, amounts fen; NONE (-1) where
nothing applies. Offers and channels are positions in `actions.OFFERS` and `actions.CHANNELS`, the other small numbers
positions in the tuples below. ``text`` is a position in `contact_texts.NOTES`, of complaints in
`contact_texts.COMPLAINTS`.
"""

from dataclasses import dataclass

from zhike.sandbox.columns import Columns, Ints

KINDS = ("login", "view", "click", "chat", "call_in", "call_out", "message", "visit")
LOGIN, VIEW, CLICK, CHAT, CALL_IN, CALL_OUT, MESSAGE, VISIT = range(8)
TOPICS = (
    "balance", "repayment", "points", "offers", "limit", "instalment", "card_delivery", "application", "fees", "fraud",
    "app_fault", "travel", "closure", "complaint", "marketing",
)  # fmt: skip
(BALANCE, REPAYMENT, POINTS, OFFERS_PAGE, LIMIT, INSTALMENT, CARD_DELIVERY, APPLICATION, FEES, FRAUD,
 APP_FAULT, TRAVEL, CLOSURE, COMPLAINT, MARKETING) = range(15)  # fmt: skip
OUTCOMES = ("done", "solved", "passed_on", "gave_up", "no_answer", "talked", "delivered", "failed")
DONE, SOLVED, PASSED_ON, GAVE_UP, NO_ANSWER, TALKED, DELIVERED, FAILED = range(8)
ANSWERS = ("accepted", "declined", "opened", "clicked", "ignored")
ACCEPTED, DECLINED, OPENED, CLICKED, IGNORED = range(5)
STEPS = ("received", "answered", "closed")
RECEIVED, ANSWERED, CLOSED = range(3)
CAUSES = (
    "fees", "collections", "marketing_calls", "card_application", "fraud_dispute", "app", "points", "staff",
    "instalments", "limit",
)  # fmt: skip
SURVEYS = ("csat", "nps")
CSAT, NPS = range(2)
COSTS = ("incentive", "channel", "service")
INCENTIVE, CHANNEL_COST, SERVICE = range(3)
COMMAND_OUTCOMES = ("done", "refused")
COMMAND_DONE, COMMAND_REFUSED = range(2)
REASONS = (
    "", "no_such_account", "not_yet_open", "closed", "in_arrears", "beyond_product_range", "no_change",
    "above_balance", "term_not_offered", "nothing_to_waive", "not_blocked", "already_blocked", "balance_not_zero",
)  # fmt: skip


@dataclass(frozen=True)
class Interactions(Columns):
    """Every touch, in the order of the clock. ``duration`` in seconds; ``reference`` the bank's own of a contact or
    of the standing decision that was shown."""

    person: Ints
    second: Ints
    kind: Ints
    topic: Ints
    outcome: Ints
    offer: Ints
    channel: Ints
    reference: Ints
    duration: Ints
    text: Ints


@dataclass(frozen=True)
class Answers(Columns):
    """What people made of what they were offered today."""

    person: Ints
    second: Ints
    offer: Ints
    channel: Ints
    answer: Ints
    reference: Ints


@dataclass(frozen=True)
class Complaints(Columns):
    """Steps of complaints; ``complaint`` is the same through all steps of one. ``channel`` is the position of the
    kind of interaction (chat, call_in, visit) or of message; ``regulator`` 1 where the regulator passed it on."""

    person: Ints
    second: Ints
    complaint: Ints
    step: Ints
    cause: Ints
    channel: Ints
    text: Ints
    regulator: Ints


@dataclass(frozen=True)
class Surveys(Columns):
    """Answers to a survey: CSAT 1 to 5 after a service contact, NPS 0 to 10; ``channel`` the kind of interaction."""

    person: Ints
    second: Ints
    kind: Ints
    score: Ints
    channel: Ints


@dataclass(frozen=True)
class CommandAnswers(Columns):
    """What the card core says to commands, maybe days later; ``account`` is the serial of the command."""

    reference: Ints
    account: Ints
    kind: Ints
    outcome: Ints
    reason: Ints


@dataclass(frozen=True)
class Costs(Columns):
    """What the bank spends on a person today, fen."""

    person: Ints
    kind: Ints
    amount: Ints


@dataclass(frozen=True)
class Responses(Columns):
    """The truth about the offers made today, in the bank's files nowhere: the chance that the world rolled against, in
    millionths (reaching the person included); ``contacts`` in the thirty days up to and with today, ``inbound`` 1 where
    it was shown to who came by themselves. What they would have done alone: `uplift.uplift_table` of the day before."""

    person: Ints
    offer: Ints
    channel: Ints
    hour: Ints
    incentive: Ints
    reference: Ints
    inbound: Ints
    chance_ppm: Ints
    accepted: Ints
    contacts: Ints
