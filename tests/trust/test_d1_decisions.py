"""D1, decisions: random timelines of consents, complaints and contacts over a made bank. Never an offer by a means that
was not agreed to, under an open complaint or over a cap; and what was decided live is what the next run decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from owning import owner
from trust.goals import SEED, goal, share

from tests.operations.saying import complains, contacted, is_answered, says
from zhike import sandbox
from zhike.core.clock import business_date, now
from zhike.core.workspace import workspace, write_atomically
from zhike.decide.offers import offers
from zhike.operations.customers import actions, jobs, reading
from zhike.operations.governance.acting import transaction_of
from zhike.operations.governance.actors import job_actor, system_actor
from zhike.operations.marketing import actions as marketing
from zhike.operations.marketing import queries as deciding

ZONE = "Asia/Shanghai"
MEANS = ("sms", "phone", "app", "email", "wallet", "all")
SYSTEM = system_actor()
WEEK_MAX, MONTH_MAX = 2, 4


@pytest.fixture(scope="module")
def made_bank(
    published_bank: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[dict[str, Any]]]:
    """Rows of the view of a made bank that is known until yesterday, decided and published."""
    folder, before = tmp_path_factory.mktemp("made"), workspace().current.read_text()
    yesterday = business_date(now(), ZONE) - timedelta(days=1)
    with django_db_blocker.unblock():
        workspace().current.unlink()
        sandbox.make(folder, customers=400, months=2, seed=SEED % 1_000, end=yesterday)
        _load(folder, yesterday)
        with transaction_of(SYSTEM):
            rows = reading.select(reading.published(), "customer_view")
        yield rows
    write_atomically(workspace().current, before.encode())


def _load(folder: Path, day: date) -> None:
    for source in ("made_core", "made_cards"):
        actions.data_load(SYSTEM, source=source, folder=folder)
    actions.view_build(SYSTEM, as_of=day)
    marketing.decisions_make(SYSTEM, as_of=day)
    actions.view_publish(SYSTEM)


@dataclass
class Told:
    """What happened to one customer, as a plain model remembers it: in no order but that of the list."""

    row: dict[str, Any]
    consents: list[tuple[datetime, str, str, bool]] = field(default_factory=list)  # at, purpose, channel, given
    contacts: list[datetime] = field(default_factory=list)
    complaints: int = 0

    def may_use(self, channel: str) -> bool:
        """Whether the customer agreed to marketing by this means, by ledger and file, said as plainly as can be."""
        own, whole = self._last(channel), self._last("all")
        if own and not own[1]:
            return False
        if whole and not whole[1] and not (own and own[0] > whole[0]):
            return False
        return bool((own and own[1]) or (whole and whole[1]))

    def _last(self, channel: str) -> tuple[tuple[date, datetime], bool] | None:
        """(when, given) of the statement that holds: the later day; of file and ledger of one day a withdrawal."""
        said = [(at, given) for at, purpose, one, given in self.consents if (purpose, one) == ("marketing", channel)]
        ledger = max(said, key=lambda each: each[0], default=None)
        first = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
        told = self.row.get(f"consent_{channel}")
        file = None if told is None else ((self.row[f"consent_{channel}_on"], first), bool(told))
        if ledger is None:
            return file
        mine = ((business_date(ledger[0], ZONE), ledger[0]), ledger[1])
        if file is None or mine[0][0] > file[0][0]:
            return mine
        if mine[0][0] == file[0][0]:
            return mine if not mine[1] or file[1] else file
        return file

    def personal(self) -> bool:
        said = [(at, given) for at, purpose, _, given in self.consents if purpose == "personalisation"]
        return max(said, key=lambda each: each[0])[1] if said else self.row["consent_personalisation"] != 0

    def used(self, days: int) -> int:
        """Marketing contacts of the last bank-local days, today included."""
        first = business_date(now(), ZONE) - timedelta(days=days - 1)
        return sum(business_date(at, ZONE) >= first for at in self.contacts)

    def broken_by(self, offer: str) -> list[str]:
        """The rules that an offer to this customer would break."""
        if offer == "do_nothing":
            return []
        rules = {
            "consent": any(self.may_use(channel) for channel in offers.get(offer).channels),
            "complaint": not self.complaints,
            "personalisation": self.personal() or offer == "general_news",
            "cap of 7 days": self.used(7) < WEEK_MAX,
            "cap of 30 days": self.used(30) < MONTH_MAX,
        }
        return [rule for rule, held in rules.items() if not held]


def happens(dice: Random, told: Told, steps: int) -> None:
    """Some things happen to a customer: really, and to the model."""
    customer, waiting = told.row["customer_id"], list[str]()
    for _ in range(steps):
        at = now() - timedelta(minutes=dice.randrange(40 * 24 * 60))
        what = dice.choice(("consent", "consent", "personalisation", "contact", "contact", "complaint", "close"))
        if what in ("consent", "personalisation"):
            purpose = "marketing" if what == "consent" else what
            channel = dice.choice(MEANS) if what == "consent" else "all"
            given = dice.random() < 0.5
            says(customer, given=given, channel=channel, purpose=purpose, at=at)
            told.consents.append((at, purpose, channel, given))
        elif what == "contact":
            purpose, state = dice.choice(("marketing", "marketing", "service")), dice.choice(("sent", "sent", "failed"))
            contacted(customer, at=at, purpose=purpose, state=state)
            told.contacts += [at] if (purpose, state) == ("marketing", "sent") else []
        elif what == "complaint":
            waiting.append(complains(customer))
        elif waiting:
            is_answered(waiting.pop())
    told.complaints = len(waiting)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_D1_no_decision_breaks_a_rule(made_bank: list[dict[str, Any]], django_db_blocker: Any) -> None:
    dice, sold, muted, wrong = Random(SEED), 0, 0, []
    published = {}
    with goal("D1") as figures, django_db_blocker.unblock():
        selling = [row for row in made_bank if _winner(row, published) != "do_nothing"]
        for _ in range(timelines := share(300, 20_000)):
            seed = dice.randrange(2**32)
            own = Random(seed)
            told = Told(own.choice(selling if own.random() < 0.8 else made_bank))
            with undone():
                happens(own, told, own.randrange(9))
                found = deciding.decision_get(SYSTEM, told.row["customer_id"])
            offer, before = found["next_best_action"]["offer"], _winner(told.row, published)
            sold, muted = sold + (offer != "do_nothing"), muted + (offer == "do_nothing" != before)
            wrong += [(seed, offer, rule) for rule in told.broken_by(offer)]
            # Nor is anything held back that no rule stands against.
            stands = before != "do_nothing" and not (before == "general_news" and told.personal())
            if stands and not told.broken_by(before) and offer != before:
                wrong.append((seed, before, "held back"))
            wrong += [(seed, one["offer"], "no reason") for one in found["candidates"] if not one["reasons"]]
        figures.append(f"{timelines:,} random timelines, {sold:,} sold, {muted:,} muted; {len(wrong)} violations")
        assert wrong == [], wrong[:5]
        assert min(sold, muted) > timelines // 20


def _winner(row: dict[str, Any], known: dict[str, str]) -> str:
    customer = row["customer_id"]
    if customer not in known:
        known[customer] = deciding.decision_get(SYSTEM, customer)["next_best_action"]["offer"]
    return known[customer]


def test_D1_the_next_run_decides_what_was_decided_live(made_bank: list[dict[str, Any]], django_db_blocker: Any) -> None:
    dice = Random(SEED + 1)
    with goal("D1") as figures, django_db_blocker.unblock():
        for row in (chosen := dice.sample(made_bank, 250)):
            happens(dice, Told(row), dice.randrange(1, 9))
        ids = [row["customer_id"] for row in chosen]
        live = {each: deciding.decision_get(SYSTEM, each) for each in ids}
        fresh = sum(one["live"] is not None for one in live.values())
        with owner() as cursor:  # it was recorded yesterday: a day that is over is told
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE contact_consent SET recorded_at = recorded_at - interval '1 day'")
            cursor.execute("UPDATE contact_contact SET made_at = made_at - interval '1 day'")
            cursor.execute("UPDATE service_complaint SET received_at = received_at - interval '1 day'")
            cursor.execute("UPDATE service_complaintstep SET at = at - interval '1 day'")
            cursor.execute("SET session_replication_role = origin")
        assert jobs.build_and_publish(job_actor("customers.nightly"))
        facts = reading.current().manifest.sources
        assert "operations" in facts
        wrong = []
        for each in ids:
            run = deciding.decision_get(SYSTEM, each)
            assert run["snapshot"] != live[each]["snapshot"]
            if run["live"] is not None or run["candidates"] != live[each]["candidates"]:
                wrong.append((each, live[each]["live"], run["live"]))
        offered = len(ids) * len(offers.all())
        figures.append(
            f"{len(ids)} live decisions, {fresh} unlike the published, {offered:,} offers; {len(wrong)} differ"
        )
        assert fresh > len(ids) // 2
        assert wrong == [], wrong[:3]
