"""The KPIs once more, in plain Python over rows as dictionaries: slow, obvious, and independent of the expressions.

Each gives (part, whole) as the KPI's definition card says; whole None where the KPI is no quotient.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

Row = dict
Sums = tuple[int, int | None]
_KEYS = {"account": ("account_id",), "account_party": ("account_id", "party_id"), "card": ("card_id",),
         "limit_event": ("account_id", "kind"), "instalment_plan": ("plan_id",)}  # fmt: skip
_EDGES = (1, 30, 60, 90, 120, 150, 180)


def _months_back(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    for last in range(day.day, 27, -1):
        try:
            return date(count // 12, count % 12 + 1, last)
        except ValueError:
            continue
    return date(count // 12, count % 12 + 1, day.day)


@dataclass(frozen=True)
class Bank:
    """Rows by table, seen at the end of ``day`` as known then."""

    rows: dict[str, list[Row]]
    day: date

    def at(self, day: date) -> "Bank":
        return Bank(self.rows, day)

    def events(self, table: str) -> list[Row]:
        known = self.rows.get(table, [])
        return [row for row in known if row["business_date"] <= self.day and row["known_at"] <= self.day]

    def within(self, table: str, first: date, last: date) -> list[Row]:
        return [row for row in self.events(table) if first <= row["business_date"] <= last]

    def versions(self, table: str) -> list[Row]:
        newest: dict[tuple, Row] = {}
        seen = [row for row in self.rows.get(table, []) if row["valid_from"] <= self.day >= row["known_from"]]
        for row in sorted(seen, key=lambda row: (row["valid_from"], row["known_from"])):
            newest[tuple(row[column] for column in _KEYS[table])] = row
        return [row for row in newest.values() if row.get("valid_to") is None or row["valid_to"] > self.day]

    @cached_property
    def accounts(self) -> dict[int, Row]:
        return {row["account_id"]: row for row in self.versions("account")}

    @cached_property
    def holder(self) -> dict[int, str]:
        """The main holder of each account that is known."""
        links = [row for row in self.versions("account_party") if row["role"] == "main"]
        return {row["account_id"]: row["party_id"] for row in links if row["account_id"] in self.accounts}

    @cached_property
    def cards(self) -> list[Row]:
        steps, uses = defaultdict(list), defaultdict(list)
        for row in self.events("card_event"):
            steps[row["card_id"]].append(row)
        for row in sorted(self.events("transaction"), key=lambda row: (row["business_date"], row["transaction_id"])):
            if row["customer_initiated"] and row.get("card_id") is not None:
                uses[row["card_id"]].append(row["business_date"])

        def first(card: int, kind: str) -> date | None:
            return min((row["business_date"] for row in steps[card] if row["kind"] == kind), default=None)

        held = [card for card in self.versions("card") if card["account_id"] in self.accounts]
        return [
            {**card, "account": self.accounts[card["account_id"]], "uses": uses[card["card_id"]],
             "delivered": first(card["card_id"], "delivered"), "activated": first(card["card_id"], "activated"),
             "bound": first(card["card_id"], "bound"), "approved": first(card["card_id"], "approved"),
             "issued": first(card["card_id"], "issued"),
             "ended": any(row["kind"] in ("closed", "replaced") for row in steps[card["card_id"]])}
            for card in held
        ]  # fmt: skip

    @cached_property
    def valid(self) -> list[Row]:
        return [card for card in self.cards if not card["ended"] and card["account"]["status"] in ("open", "frozen")]

    @cached_property
    def billed(self) -> dict[int, Row]:
        """The newest statement of each account."""
        newest: dict[int, Row] = {}
        order = sorted(self.events("statement"), key=lambda row: (
            row["business_date"], len(row["statement_id"]), row["statement_id"]))  # fmt: skip
        for row in order:
            newest[row["account_id"]] = row
        return newest

    @cached_property
    def balance(self) -> dict[int, int]:
        """What each credit account owes: its newest statement, and every movement after it of the days of files."""
        sources = {row["source"] for row in self.events("statement")}
        moves = [(table, row) for table in ("transaction", "posting", "payment") for row in self.events(table)]
        began: dict[str, date] = {}
        for _, row in moves:
            began[row["source"]] = min(began.get(row["source"], row["known_at"]), row["known_at"])
        moved: dict[int, int] = defaultdict(int)
        for table, row in moves:
            billed, on = self.billed.get(row["account_id"]), row["business_date"]
            counts = row["source"] in sources and on >= began[row["source"]]
            if counts and (billed is None or on > billed["business_date"]):
                moved[row["account_id"]] += _raises(table, row)
        return {a: self.billed.get(a, {"balance_cents": 0})["balance_cents"] + moved[a]
                for a, row in self.accounts.items() if row["kind"] == "credit"}  # fmt: skip

    @cached_property
    def owed(self) -> list[tuple[int, int, int | None]]:
        """(balance, its interest-bearing part, days past due) of credit accounts that are not charged off."""
        found = []
        for a, cents in self.balance.items():
            if self.accounts[a]["status"] != "charged_off":
                row, balance = self.billed.get(a, {"days_past_due": 0}), max(cents, 0)
                found.append((balance, min(row.get("revolving_cents") or 0, balance), row.get("days_past_due")))
        return found

    @property
    def receivables(self) -> int:
        return sum(balance for balance, _, _ in self.owed)

    def bucket(self, number: int) -> int:
        return sum(balance for balance, _, late in self.owed if _bucket(late) == number)

    def open_holdings(self) -> list[tuple[Row, str]]:
        return [(self.accounts[a], who) for a, who in self.holder.items()
                if self.accounts[a]["status"] in ("open", "frozen")]  # fmt: skip

    def customers(self) -> set[str]:
        return {who for _, who in self.open_holdings()}

    def telling(self) -> dict[int, str]:
        held = self.open_holdings()
        credit = {who for account, who in held if account["kind"] == "credit"}
        return {a["account_id"]: who for a, who in held if a["kind"] == "credit" or who not in credit}

    def users(self, accounts: dict[int, str], after: date) -> set[str]:
        made = [row for row in self.events("transaction") if row["customer_initiated"] and row["business_date"] > after]
        return {accounts[row["account_id"]] for row in made if row["account_id"] in accounts}


def _raises(table: str, row: Row) -> int:
    """By how much a movement raises what is owed."""
    if table == "payment":
        return -row["amount_cents"]
    if table == "posting" and row["kind"] == "recovery":
        return 0
    if table == "transaction" and row["kind"] in ("purchase", "refund"):
        return _net(row)
    return -row["amount_cents"] if row["direction"] == "credit" else row["amount_cents"]


def _bucket(days: int | None) -> int | None:
    return None if days is None else sum(days >= edge for edge in _EDGES)


def sums(rows: dict[str, list[Row]], day: date) -> dict[str, Sums]:
    """Every KPI by name."""
    bank = Bank(rows, day)
    found: dict[str, Sums] = {}
    for part in (_cards, _spend, _balances, _income, _risk, _customers, _marketing, _service, _loyalty):
        found |= part(bank)
    return found


def _ago(bank: Bank, days: int) -> date:
    return bank.day - timedelta(days=days)


def _share(rows: list[Row], holds: Callable[[Row], bool]) -> Sums:
    return sum(holds(row) for row in rows), len(rows)


def _in_time(then: date | None, start: date, days: int) -> bool:
    return then is not None and then <= start + timedelta(days=days)


def _cards(bank: Bank) -> dict[str, Sums]:
    found: dict[str, Sums] = {"valid_cards": (len(bank.valid), None)}
    found["cards_issued_30d"] = sum(_ago(bank, 29) <= c["issued_on"] <= bank.day for c in bank.cards), None
    for days in (30, 60, 90):
        began = [(c["delivered"] or c["issued_on"], c) for c in bank.cards]
        cohort = [(at, c) for at, c in began if _ago(bank, days + 89) <= at <= _ago(bank, days)]
        found[f"activation_rate_{days}d"] = sum(_in_time(c["activated"], at, days) for at, c in cohort), len(cohort)
    for days in (30, 60):
        cohort = [
            c for c in bank.cards if c["activated"] and _ago(bank, days + 89) <= c["activated"] <= _ago(bank, days)
        ]
        for name, step in (("binding", lambda c: c["bound"]),
                           ("first_use", lambda c: c["uses"][0] if c["uses"] else None),
                           ("third_use", lambda c: c["uses"][2] if len(c["uses"]) > 2 else None)):  # fmt: skip
            found[f"{name}_rate_{days}d"] = (
                sum(_in_time(step(c), c["activated"], days) for c in cohort), len(cohort)
            )  # fmt: skip
    for months in (1, 3, 6, 12):
        after = _months_back(bank.day, months)
        found[f"active_card_rate_{months}m"] = _share(
            bank.valid, lambda c, at=after: any(use > at for use in c["uses"])
        )
    counted = [c for c in bank.valid if c["account"]["kind"] == "credit" and not c.get("policy_function")]
    found["dormant_ratio"] = _share(counted, lambda c: (
        (c["uses"][-1] if c["uses"] else c["issued_on"]) < _months_back(bank.day, 18)
        and bank.balance.get(c["account_id"], 0) == 0))  # fmt: skip
    for name, first, last in (("issue", "approved", "issued"), ("delivery", "issued", "delivered")):
        done = [c for c in bank.cards if c[first] and c[last] and _ago(bank, 89) <= c[last]]
        found[f"{name}_cycle_days_90d"] = sum((c[last] - c[first]).days for c in done), len(done)
    return found


def _net(row: Row) -> int:
    return {"purchase": row["amount_cents"], "refund": -row["amount_cents"]}.get(row["kind"], 0)


def _spend(bank: Bank) -> dict[str, Sums]:
    moved = bank.within("transaction", _ago(bank, 29), bank.day)
    cards = {row["card_id"] for row in bank.versions("card")}
    by_card = [row for row in moved if row.get("card_id") in cards]
    plans = [row for row in bank.versions("instalment_plan") if row["kind"] != "loan" and row["status"] != "cancelled"]
    return {
        "spend_30d": (sum(map(_net, moved)), None),
        "spend_per_active_card_30d": (
            sum(map(_net, by_card)), len({row["card_id"] for row in by_card if row["customer_initiated"]})
        ),
        "instalment_volume_30d": (
            sum(row["principal_cents"] for row in plans if _ago(bank, 29) <= row["booked_on"] <= bank.day), None
        ),
        "instalment_penetration": (sum(_left(bank, rows) for rows in _by_account(plans)), bank.receivables),
    }  # fmt: skip


def _by_account(plans: list[Row]) -> list[list[Row]]:
    accounts = {row["account_id"] for row in plans}
    return [[row for row in plans if row["account_id"] == account] for account in accounts]


def _left(bank: Bank, plans: list[Row]) -> int:
    """Of the plans of one account, what no statement has called in."""
    running = [row for row in plans if row["status"] in ("running", "running_in_debt")]
    billed = bank.billed.get(plans[0]["account_id"])
    if billed is None or billed.get("unbilled_cents") is None:
        return sum(_remaining(bank, row) for row in running)
    fresh = sum(row["principal_cents"] for row in running if row["booked_on"] > billed["business_date"])
    return billed["unbilled_cents"] + fresh if running else 0


def _remaining(bank: Bank, plan: Row) -> int:
    called = sum(row["account_id"] == plan["account_id"] and row["business_date"] > plan["booked_on"]
                 for row in bank.events("statement"))  # fmt: skip
    if plan["status"] not in ("running", "running_in_debt") or called >= plan["term_months"]:
        return 0
    return plan["principal_cents"] - called * (plan["principal_cents"] // plan["term_months"])


def _balances(bank: Bank) -> dict[str, Sums]:
    limits: dict[int, int] = defaultdict(int)
    for row in bank.versions("limit_event"):
        limits[row["account_id"]] = max(limits[row["account_id"]], row["limit_cents"])
    lines = [a for a, row in bank.accounts.items() if row["kind"] == "credit" and row["status"] in ("open", "frozen")
             and a in limits]  # fmt: skip
    return {
        "receivables": (bank.receivables, None),
        "utilisation": (sum(max(bank.balance[a], 0) for a in lines), sum(limits[a] for a in lines)),
        "revolving_share": (sum(revolving for _, revolving, _ in bank.owed), bank.receivables),
    }


def _charged(row: Row) -> int:
    return -row["amount_cents"] if row["direction"] == "credit" else row["amount_cents"]


def _income(bank: Bank) -> dict[str, Sums]:
    posted = bank.within("posting", _ago(bank, 29), bank.day)
    moved = [row for row in bank.within("transaction", _ago(bank, 29), bank.day) if row.get("card_id") is not None]
    fees = sum(_charged(r) for r in posted if r["kind"] in ("annual_fee", "cash_advance_fee", "service_fee", "waiver"))
    interest = sum(_charged(r) for r in posted if r["kind"] in ("interest", "instalment_interest", "penalty_interest"))
    both_ends = bank.receivables + bank.at(_ago(bank, 30)).receivables
    return {
        "fee_income_30d": (fees * 10_000 + sum(map(_net, moved)) * (45 - 3), None),
        "net_interest_income_30d": (interest * 10_000 * 365 * 2 - both_ends * 200 * 30, None),
    }


def _risk(bank: Bank) -> dict[str, Sums]:
    lag, month = bank.at(_ago(bank, 30)), bank.at(_months_back(bank.day, 1))
    found: dict[str, Sums] = {}
    for number in range(1, 8):
        found[f"m{number}_rate"] = bank.bucket(number), bank.receivables
        found[f"m{number}_rate_lagged"] = bank.bucket(number), lag.receivables
        found[f"roll_rate_m{number - 1}_m{number}"] = bank.bucket(number), month.bucket(number - 1)
    late = sum(balance for balance, _, days in bank.owed if (days or 0) > 90)
    found["non_performing_rate"] = late, bank.receivables

    def posted(kind: str, first: date) -> int:
        rows = bank.within("posting", first, bank.day)
        return sum(row["amount_cents"] for row in rows if row["kind"] == kind)

    quarter, year = _ago(bank, 89), _months_back(bank.day, 12) + timedelta(days=1)
    lost = posted("charge_off", quarter) - posted("recovery", quarter)
    ends = bank.receivables + bank.at(_ago(bank, 90)).receivables
    found["net_loss_rate_90d"] = lost * 2 * 365, ends * 90
    found["recovery_rate_12m"] = posted("recovery", year), posted("charge_off", year)
    return found


def _customers(bank: Bank) -> dict[str, Sums]:
    found: dict[str, Sums] = {}
    then = bank.at(_ago(bank, 30))
    stood = [a for a, row in then.accounts.items() if row["kind"] == "credit" and row["status"] in ("open", "frozen")]
    for by in ("customer", "bank", "charge_off"):
        gone = [a for a in stood if a in bank.accounts and bank.accounts[a]["status"] in ("closed", "charged_off")
                and bank.accounts[a].get("closed_by") == by]  # fmt: skip
        found[f"churn_rate_{by}_30d"] = len(gone), len(stood)
    telling = bank.telling()
    for months in (1, 3, 6, 12):
        active = bank.users(telling, _months_back(bank.day, months))
        found[f"active_customer_rate_{months}m"] = len(active), len(set(telling.values()))
    before = bank.at(_months_back(bank.day, 6))
    accounts = before.telling()
    active = before.users(accounts, before.day - timedelta(days=90))
    found["silent_churn_rate"] = len(active - bank.users(accounts, before.day)), len(active)
    products = {(who, a["kind"], a.get("product_code")) for a, who in bank.open_holdings()}
    found["products_per_customer"] = len(products), len(bank.customers())
    found["assets_under_management"] = sum(_deposits(bank)), None
    return found


def _deposits(bank: Bank) -> list[int]:
    ledger: dict[int, tuple] = {}
    moved = [(row, row["transaction_id"]) for row in bank.events("transaction")]
    for row, key in (*moved, *((row, row["posting_id"]) for row in bank.events("posting"))):
        if row.get("balance_after_cents") is not None:
            entry = (row["business_date"], len(key), key, row["balance_after_cents"])
            ledger[row["account_id"]] = max(ledger.get(row["account_id"], entry), entry)
    balances = {a: row["balance_cents"] for a, row in bank.billed.items()} | {a: e[3] for a, e in ledger.items()}
    return [balances[a] for a, row in bank.accounts.items() if row["kind"] == "deposit" and a in balances]


def _marketing(bank: Bank) -> dict[str, Sums]:
    sent = [
        row
        for row in bank.within("interaction", _ago(bank, 59), _ago(bank, 30))
        if row["purpose"] == "marketing" and row["contact_direction"] == "outbound" and row["outcome"] != "planned"
    ]

    def answered(row: Row, *answers: str) -> bool:
        return any(a["party_id"] == row["party_id"] and a["answer"] in answers
                   and 0 <= (a["business_date"] - row["business_date"]).days <= 30
                   for a in bank.events("offer_response"))  # fmt: skip

    out = [row for row in sent if row["outcome"] != "failed"]
    cohort = [c for c in bank.cards if _ago(bank, 179) <= c["issued_on"] <= _ago(bank, 90)]
    used = sum(_in_time(c["uses"][0] if c["uses"] else None, c["issued_on"], 90) for c in cohort)
    prices = {"phone": 600, "branch": 1_500, "mail": 250, "sms": 4}
    month = (_ago(bank, 29), bank.day)
    cost = sum(prices.get(r["channel"], 0) for r in bank.within("interaction", *month) if r["outcome"] != "planned")
    cost += sum(row["cost_cents"] or 0 for row in bank.within("benefit_use", *month))
    return {
        "contact_to_sale_rate_30d": _share(out, lambda row: answered(row, "accepted")),
        "wasted_contacts_30d": _share(
            sent, lambda row: row["outcome"] == "failed" or not answered(row, "accepted", "clicked", "opened")
        ),
        "cost_per_active_new_card": (12_000 * len(cohort), used),
        "cost_to_serve_30d": (cost, len(bank.customers())),
    }  # fmt: skip


def _service(bank: Bank) -> dict[str, Sums]:
    told: dict[tuple, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for row in bank.events("complaint"):
        told[row["source"], row["complaint_id"]][row["step"]].append(row["business_date"])
    cases = [
        (min(steps["received"]), min(steps["answered"] + steps["closed"], default=None),
         max(steps["closed"], default=None))
        for steps in told.values() if steps["received"]
    ]  # fmt: skip
    received = sum(_ago(bank, 29) <= came <= bank.day for came, _, _ in cases)
    cohort = [case for case in cases if _ago(bank, 104) <= case[0] <= _ago(bank, 15)]
    heard = [(came, said) for came, said, _ in cases if said and said >= _ago(bank, 89)]
    closed = [(came, end) for came, _, end in cases if end and end >= _ago(bank, 89)]
    surveys = bank.within("survey_response", _ago(bank, 89), bank.day)
    csat = [row["score"] for row in surveys if row["kind"] == "csat"]
    nps = [row["score"] for row in surveys if row["kind"] == "nps"]
    return {
        "complaints_per_million_30d": (received * 1_000_000, len(bank.open_holdings())),
        "complaint_on_time_rate_90d": (sum(_in_time(said, came, 15) for came, said, _ in cohort), len(cohort)),
        "complaint_first_response_days_90d": (sum((said - came).days for came, said in heard), len(heard)),
        "complaint_cycle_days_90d": (sum((end - came).days for came, end in closed), len(closed)),
        "csat_mean_90d": (sum(csat), len(csat)),
        "csat_top2_share_90d": (sum(score >= 4 for score in csat), len(csat)),
        "nps_90d": (sum(score >= 9 for score in nps) - sum(score <= 6 for score in nps), len(nps)),
        "first_contact_resolution_30d": _resolved(bank),
        "application_cycle_days_90d": _applications(bank),
    }


def _resolved(bank: Bank) -> Sums:
    asked = [row for row in bank.events("interaction")
             if row["purpose"] == "service" and row["contact_direction"] == "inbound"]  # fmt: skip
    asked.sort(key=lambda row: (row["business_date"], row["interaction_id"]))
    cohort = [place for place, row in enumerate(asked)
              if _ago(bank, 36) <= row["business_date"] <= _ago(bank, 7)]  # fmt: skip

    def again(place: int) -> bool:
        row = asked[place]
        return any(o["party_id"] == row["party_id"] and o["topic"] == row["topic"]
                   and (o["business_date"] - row["business_date"]).days <= 7 for o in asked[place + 1 :])  # fmt: skip

    return sum(not again(place) for place in cohort), len(cohort)


def _applications(bank: Bank) -> Sums:
    took = []
    told = bank.events("application")
    for row in told:
        if row["outcome"] == "received" or row["business_date"] < _ago(bank, 89):
            continue
        came = [o["business_date"] for o in told
                if o["outcome"] == "received" and o["business_date"] <= row["business_date"]
                and (o["party_id"], o["product_code"]) == (row["party_id"], row["product_code"])]  # fmt: skip
        if came:
            took.append((row["business_date"] - max(came)).days)
    return sum(took), len(took)


def _loyalty(bank: Bank) -> dict[str, Sums]:
    def signed(row: Row) -> int:
        return row["points"] if row["direction"] == "credit" else -row["points"]

    year = bank.within("points_movement", _months_back(bank.day, 12) + timedelta(days=1), bank.day)
    earned = sum(signed(row) for row in year if row["kind"] in ("earn", "promotion", "reverse"))
    gone = {kind: -sum(signed(row) for row in year if row["kind"] == kind) for kind in ("expire", "redeem")}
    return {
        "points_liability": (sum(map(signed, bank.events("points_movement"))) * 2_000, None),
        "breakage_rate_12m": (gone["expire"], earned),
        "redemption_rate_12m": (gone["redeem"], earned),
    }
