"""What else passes between a random customer and the bank: plans, points, answers, applications, declines."""

import random
from collections.abc import Callable
from datetime import date, timedelta

Rows = dict[str, list[dict]]
Event = Callable[..., dict]

TABLES = ("authorisation", "instalment_plan", "points_movement", "benefit_use", "offer_response", "survey_response",
          "application")  # fmt: skip
MCCS = [None, "5411", "5499", "5812", "4111", "3001", "5311", "5732", "8062", "8299", "7832", "6300", "5099", "0742"]


def of_party(chance: random.Random, rows: Rows, party: str, event: Event) -> None:
    """``event(**columns)`` makes a row of a random day, sometimes known late or in the future."""
    for place in range(chance.randint(0, 6)):
        key = f"{party}{place}"
        rows["points_movement"].append(event(
            points_movement_id=f"m{key}", party_id=party,
            kind=chance.choice(["earn", "promotion", "redeem", "reverse"]),
            direction=chance.choice(["credit", "credit", "debit"]), points=chance.randint(0, 900)))  # fmt: skip
        rows["offer_response"].append(event(
            offer_response_id=f"o{key}", party_id=party, offer="upgrade", channel="app",
            answer=chance.choice(["accepted", "declined", "ignored", "opened"])))  # fmt: skip
        rows["survey_response"].append(event(
            survey_response_id=f"s{key}", party_id=party, kind=chance.choice(["csat", "nps"]), channel="app",
            score=chance.randint(1, 5)))  # fmt: skip
        rows["application"].append(event(
            application_id=f"a{key}", party_id=party, channel="app",
            outcome=chance.choice(["received", "received", "approved", "refused"])))  # fmt: skip
        rows["benefit_use"].append(event(
            benefit_use_id=f"b{key}", party_id=party, benefit="lounge", currency="CNY",
            cost_cents=chance.choice([None, 15_000])))  # fmt: skip


def of_account(chance: random.Random, rows: Rows, account: int, opened: date, event: Event) -> None:
    for place in range(chance.randint(0, 4)):
        rows["authorisation"].append(event(
            authorisation_id=f"d{account}-{place}", account_id=account, amount_cents=500, currency="CNY", channel="pos",
            outcome=chance.choice(["approved", "declined", "declined"])))  # fmt: skip
    for place in range(chance.randint(0, 3)):
        booked = opened + timedelta(days=chance.randint(0, 480))
        plan = {"plan_id": f"p{account}-{place}", "account_id": account, "currency": "CNY", "term_months": 12,
                "kind": chance.choice(["bill", "purchase", "loan"]), "principal_cents": chance.randint(1, 90_000),
                "payment_cents": chance.choice([None, 800]), "booked_on": booked, "source": "made",
                "valid_to": None}  # fmt: skip
        rows["instalment_plan"].append(plan | {"status": "running", "valid_from": booked, "known_from": booked})
        if chance.random() < 0.5:
            later = booked + timedelta(days=chance.randint(1, 200))
            rows["instalment_plan"].append(plan | {
                "status": chance.choice(["finished", "running_in_debt", "cancelled"]), "valid_from": later,
                "known_from": later + timedelta(days=chance.choice([0, 0, 60]))})  # fmt: skip
