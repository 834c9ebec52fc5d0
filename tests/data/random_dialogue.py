"""Random rows of the tables beside money: plans, applications, answers, surveys, points, benefits, steps of cards."""

import random
from datetime import date, timedelta

from tests.data.random_facts import AS_OF, Rows


def with_dialogue(rows: Rows, seed: int) -> Rows:
    """The history with more tables filled, a tenth of the rows known late, some of the future."""
    chance = random.Random(seed)
    more: Rows = {name: list(table) for name, table in rows.items()}
    for name in ("instalment_plan", "application", "offer_response", "survey_response", "points_movement",
                 "benefit_use"):  # fmt: skip
        more[name] = []
    for number, party in enumerate(sorted({row["party_id"] for row in rows["party"]})):
        for _ in range(chance.randint(0, 8)):
            _party(chance, more, party, len(more["points_movement"]) * 100 + number)
    for account in sorted({row["account_id"] for row in rows["account"]}):
        _account(chance, more, account)
    return more


def _event(chance: random.Random, back: int = 420) -> dict:
    day = AS_OF + timedelta(days=chance.randint(-back, 30))
    late = chance.randint(1, 60) if chance.random() < 0.1 else 0
    return {"business_date": day, "known_at": day + timedelta(days=late), "source": "made"}


def _party(chance: random.Random, rows: Rows, party: str, key: int) -> None:
    channel = chance.choice(["sms", "phone", "app", "branch"])
    rows["application"].append(_event(chance, 120) | {
        "application_id": f"a{key}", "party_id": party, "product_code": chance.choice(["GOLD", "BLUE"]),
        "outcome": chance.choice(["received", "received", "approved", "refused"]), "channel": channel})  # fmt: skip
    rows["offer_response"].append(_event(chance, 90) | {
        "offer_response_id": f"o{key}", "party_id": party, "offer": "gift", "channel": channel,
        "answer": chance.choice(["accepted", "declined", "opened", "clicked", "ignored"])})  # fmt: skip
    kind = chance.choice(["csat", "nps"])
    rows["survey_response"].append(_event(chance, 120) | {
        "survey_response_id": f"s{key}", "party_id": party, "kind": kind, "channel": channel,
        "score": chance.randint(1, 5) if kind == "csat" else chance.randint(0, 10)})  # fmt: skip
    move = chance.choice(["earn", "earn", "earn", "promotion", "redeem", "expire", "reverse"])
    rows["points_movement"].append(_event(chance, 700) | {
        "points_movement_id": f"p{key}", "party_id": party, "account_id": None, "kind": move,
        "points": chance.randint(1, 900),
        "direction": "credit" if move in ("earn", "promotion") else "debit"})  # fmt: skip
    rows["benefit_use"].append(_event(chance, 60) | {
        "benefit_use_id": f"b{key}", "party_id": party, "benefit": "lounge", "currency": "CNY",
        "cost_cents": chance.choice([None, 20_000])})  # fmt: skip
    rows["interaction"].append(_event(chance, 70) | {
        "interaction_id": f"z{key}", "party_id": party, "channel": channel, "topic": chance.choice(["bill", "limit"]),
        "contact_direction": chance.choice(["inbound", "outbound"]), "outcome": chance.choice(["done", "failed", None]),
        "purpose": chance.choice(["service", "marketing"])})  # fmt: skip


def _account(chance: random.Random, rows: Rows, account: int) -> None:
    for place, step in enumerate(("approved", "issued", "delivered", "activated", "bound", "closed")):
        if chance.random() < (0.15 if step == "closed" else 0.8):
            rows["card_event"].append(_event(chance, 260) | {
                "card_event_id": f"x{account}-{place}", "card_id": account, "kind": step})  # fmt: skip
    booked = AS_OF - timedelta(days=chance.randint(0, 300))
    if chance.random() < 0.5:
        plan = {"plan_id": f"plan{account}", "account_id": account, "kind": chance.choice(["bill", "cash", "loan"]),
                "principal_cents": chance.randint(1, 10**6), "term_months": chance.choice([3, 12]), "currency": "CNY",
                "booked_on": booked, "source": "made", "valid_to": None}  # fmt: skip
        rows["instalment_plan"].append(_version(plan, booked, booked, "running"))
        if chance.random() < 0.5:
            later = booked + timedelta(days=chance.randint(1, 200))
            rows["instalment_plan"].append(
                _version(
                    plan,
                    later,
                    later + timedelta(days=chance.choice([0, 40])),
                    chance.choice(["finished", "cancelled"]),
                )
            )
    _posted_and_placed(chance, rows, account)


def _posted_and_placed(chance: random.Random, rows: Rows, account: int) -> None:
    for kind in ("charge_off", "recovery", "instalment_interest", "cash_advance_fee"):
        if chance.random() < 0.15:
            direction = "credit" if kind in ("charge_off", "recovery") else "debit"
            rows["posting"].append(_event(chance) | {
                "posting_id": f"q{account}{kind}", "account_id": account, "kind": kind, "currency": "CNY",
                "direction": direction, "amount_cents": chance.randint(1, 50_000),
                "customer_initiated": False})  # fmt: skip
    for row in [row for row in rows["transaction"] if row["account_id"] == account]:
        row.setdefault("card_id", chance.choice([account, account, None]))
    for row in [row for row in rows["account"] if row["account_id"] == account]:
        row.setdefault("branch_id", chance.choice([None, 1, 2, 3]))
        row.setdefault("product_code", chance.choice(["GOLD", "BLUE"]))
        if row["status"] == "closed":
            row["closed_by"] = chance.choice(["customer", "bank", "charge_off"])
            row["status"] = "charged_off" if row["closed_by"] == "charge_off" else "closed"
    for row in [row for row in rows["statement"] if row["account_id"] == account]:
        row["days_past_due"] = chance.choice([None, 0, 0, 0, 5, 31, 62, 95, 130, 160, 190])


def _version(plan: dict, since: date, known: date, status: str) -> dict:
    return {**plan, "valid_from": since, "known_from": known, "status": status}
