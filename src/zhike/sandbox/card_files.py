"""The files of the card system: fixed width, GB18030, header and trailer."""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import application_files, calendar, damage, entries, layouts, life, plan_files
from zhike.sandbox.applications import Filed
from zhike.sandbox.billing import Statements
from zhike.sandbox.card_texts import CardTexts
from zhike.sandbox.consents import CONSENTS
from zhike.sandbox.deliveries import Deliveries
from zhike.sandbox.entries import Entries
from zhike.sandbox.fixed_width import Bytes, Coded, Column, put
from zhike.sandbox.instalments import RUNNING, Plans
from zhike.sandbox.life import Steps
from zhike.sandbox.numbers import digits
from zhike.sandbox.parts import Sink
from zhike.sandbox.people import income_band
from zhike.sandbox.points import Moved
from zhike.sandbox.record import Record
from zhike.sandbox.temporary_limits import Told
from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Index = NDArray[np.integer]
Columns = dict[str, Column | Coded]
NEW, CONSENT_CHANGED, LIMIT_CHANGED, STATUS_CHANGED, PHONE_CHANGED, OTHER_CHANGED, MOVED, BRANCH_CHANGED = range(8)
_YEARS_VALID = 10


class CardFiles:
    """Writes the card system's rows of a day."""

    def __init__(self, world: World, texts: CardTexts) -> None:
        self._world = world
        self._people, self._accounts, self._ledger = world.people, world.accounts, world.ledger
        self._consents, self._merchants, self._since = world.consents, world.merchants, world.since
        self._texts, self._phone_turn = texts, world.phones.turn
        self._first_block = world.numbers.start == 0
        self._deliveries = Deliveries(self._first_block)

    def opening(self, sink: Sink) -> None:
        """What is delivered once: branches, products, merchants, terminals."""
        for record, columns in self._texts.once() if self._first_block else ():
            self._save(sink, record, [(len(next(iter(columns.values()))), columns)])

    def customers(self, sink: Sink, day: int, changes: list[tuple[Index, int]]) -> None:
        """Customers with the reason for which each is written."""
        parts = [(len(who), self._customer_columns(who, why, day)) for who, why in changes if len(who)]
        self._save(sink, layouts.CUSTOMER, parts)

    def accounts(self, sink: Sink, day: int, changes: list[tuple[Index, int]]) -> None:
        """Accounts with the reason for which each is written."""
        parts = [(len(which), self._account_columns(which, why, day)) for which, why in changes if len(which)]
        self._save(sink, layouts.ACCOUNT, parts)

    def limits(self, sink: Sink, day: int, told: Told) -> None:
        """Writes the temporary limits that were granted or ended early."""
        texts = self._texts
        self._save(sink, layouts.LIMIT, [(len(told), {
            "account_no": texts.account_no[told.account], "reason": Coded(texts.limit_reasons, told.reason),
            "limit": told.limit, "currency": "CNY", "start": told.start, "end": told.end,
            "state": Coded(texts.limit_states, told.state), "changed": np.full(len(told), day),
        })])  # fmt: skip

    def cards(self, sink: Sink, base: int, steps: Steps) -> None:
        self._save(sink, layouts.CARD, [(len(steps), self._card_columns(steps, base))])

    def statements(self, sink: Sink, closed: list[Statements]) -> None:
        self._save(sink, layouts.STATEMENT, [(len(part), self._statement_columns(part)) for part in closed])

    def applications(self, sink: Sink, base: int, filed: Filed) -> None:
        columns = application_files.columns(self._world, self._texts, filed, base)
        self._save(sink, layouts.APPLICATION, [(len(filed), columns)])

    def plans(self, sink: Sink, day: int, told: Plans, first: bool) -> None:
        columns = plan_files.columns(told, self._texts, np.where(first & (told.state == RUNNING), told.booked, day))
        self._save(sink, layouts.PLAN, [(len(told), columns)])

    def movements(self, sink: Sink, day: int, today: Entries, reference: Ints, base: int) -> None:
        """Writes the movements that come today, also where there are none."""
        date = calendar.day_of(day)
        today, reference = self._deliveries.of_day(today, reference, day, base + 1 + len(today))
        torn: list[bytes] = []

        def spoil(lines: Bytes) -> None:
            torn.extend(damage.break_lines(lines, layouts.TXN, reference, date, self._first_block))

        put(sink, layouts.TXN, len(today), self._movement_columns(today, reference, day), spoil)
        for line in torn:
            sink.put(layouts.TXN, line + b"\n", 1)

    def points(self, sink: Sink, day: int, base: int, moved: Moved) -> None:
        """Writes the movements of points, also where there are none."""
        own, texts = self._accounts, self._texts
        put(sink, layouts.POINTS, len(moved), {
            "ref": digits(base + 1 + np.arange(len(moved)), 16), "account_no": texts.account_no[moved.account],
            "customer_no": texts.customer_no(own.person[moved.account]), "kind": Coded(texts.points_kinds, moved.kind),
            "txn_date": day - moved.ago, "txn_time": moved.second, "points": moved.points, "balance": moved.balance,
            "other_no": Coded(texts.account_no_or_blank, moved.other + 1),
        })  # fmt: skip

    def _customer_columns(self, person: Index, why: int, day: int) -> Columns:
        people, texts, homes = self._people, self._texts, self._world.homes
        flags: Columns = {}
        for which, (name, _, _) in enumerate(CONSENTS):
            state = self._consents.state(which, person, day)
            flags[name] = Coded(texts.consent_codes, state)
            flags[f"{name}_date"] = self._consents.spoken(which, person, self._since)
        return {
            "customer_no": texts.customer_no(person), "kind": "1", "name": Coded(texts.names, people.name[person]),
            "id_type": "01", "id_no": texts.identity[person], "birth_date": people.birth[person],
            "sex": Coded(texts.sexes, people.female[person].astype(int)),
            "phone": texts.phone_now(person, self._phone_turn[person]), "email": texts.email(person),
            "division": Coded(texts.divisions, homes.district[person]),
            "city_tier": Coded(texts.tiers, homes.district[person]), "address": texts.address(people, homes, person),
            "occupation": people.occupation[person], "income_band": income_band(people.income[person]),
            "segment": people.group[person] + 1, "branch_no": Coded(texts.branch_codes, homes.branch[person]),
            "opened": self._since[person], **flags, "change": Coded(texts.changes, np.full(len(person), why)),
            "changed": np.full(len(person), day),
        }  # fmt: skip

    def _account_columns(self, account: Index, why: int, day: int) -> Columns:
        own, texts = self._accounts, self._texts
        limit = own.limit[account]
        return {
            "account_no": texts.account_no[account], "customer_no": texts.customer_no(own.person[account]),
            "product": Coded(texts.products, own.product[account]), "currency": "CNY", "opened": own.opened[account],
            "status": own.status[account] + 1, "status_date": own.status_since[account], "limit": limit,
            "limit_date": own.limit_since[account], "limit_reason": own.limit_reason[account] + 1,
            "cash_limit": limit // 2, "statement_day": own.statement_day[account],
            "autopay": Coded(texts.yes_no, own.autopay[account].astype(int)), "balance": self._ledger.balance[account],
            "branch_no": Coded(texts.branch_codes, own.branch[account]),
            "change": Coded(texts.changes, np.full(len(account), why)), "changed": np.full(len(account), day),
        }  # fmt: skip

    def _card_columns(self, steps: Steps, base: int) -> Columns:
        own, cards, texts = self._accounts, self._accounts.cards, self._texts
        card, account = steps.card, cards.account[steps.card]
        customer = steps.by == life.CUSTOMER
        second = np.where(customer, 28_800 + own.rolls.at(account).on(steps.step).below("step second", 50_000), 7_200)
        return {
            "event_ref": digits(base + 1 + np.arange(len(steps)), 16), "card_no": texts.card_no[card],
            "account_no": texts.account_no[account],
            "customer_no": texts.customer_no(cards.holder[card]),
            "role": Coded(texts.roles, cards.serial[card] % 2),
            "product": Coded(texts.products, own.product[account]),
            "issued": cards.issued[card], "expires": cards.issued[card] + int(_YEARS_VALID * 365.25),
            "event": steps.step + 1, "event_date": steps.day, "event_time": second, "by": Coded(texts.by, steps.by),
            "detail": Coded(texts.details, steps.detail), "branch_no": Coded(texts.branch_codes, own.branch[account]),
        }  # fmt: skip

    def _statement_columns(self, closed: Statements) -> Columns:
        number = self._texts.account_no[closed.account]
        columns = {name: value for name, value in vars(closed).items() if name not in ("account", "day", "due")}
        dated = self._texts.date_text(closed.day)
        return {
            "statement_no": np.concatenate([number, dated], axis=1), "account_no": number, "statement_date": closed.day,
            "due_date": closed.due, "currency": "CNY", **columns,
        }  # fmt: skip

    def _movement_columns(self, today: Entries, reference: Ints, day: int) -> Columns:
        texts, nowhere = self._texts, today.merchant < 0
        abroad = today.country >= 0
        shop = np.where(nowhere, len(self._merchants), today.merchant)
        machine = (today.channel == entries.POS) | (today.channel == entries.WALLET) | (today.channel == entries.ATM)
        terminal = np.where(machine & ~nowhere, 1 + today.merchant * 3 + today.second % 3, 0)
        # Row 0 is blank; then come the shops' own names, and the same behind each wallet's prefix.
        printed = np.where(nowhere, 0, 1 + (today.wallet + 1) * len(self._merchants) + today.merchant)
        return {
            "ref": digits(reference, 16), "type": Coded(texts.types, today.type),
            "account_no": texts.account_no[today.account], "card_no": Coded(texts.card_no_or_blank, today.card + 1),
            "txn_date": day - today.ago, "txn_time": today.second, "post_date": np.full(len(today), day),
            "amount": today.amount, "currency": "CNY", "orig_amount": today.original,
            "orig_currency": Coded(texts.currencies, np.where(abroad, today.country + 1, 0)),
            "response": Coded(texts.responses, today.response), "channel": Coded(texts.channels, today.channel),
            "wallet": Coded(texts.wallets, today.wallet + 1), "merchant_no": Coded(texts.merchant_no, shop),
            "terminal_no": Coded(texts.terminal_no, terminal), "mcc": Coded(texts.mcc, shop),
            "merchant_name": Coded(texts.printed_names, printed), "division": Coded(texts.shop_division, shop),
            "country": Coded(texts.shop_country, shop), "of_ref": texts.reference_or_blank(today.of),
        }  # fmt: skip

    def _save(self, sink: Sink, record: Record, parts: list[tuple[int, Columns]]) -> None:
        """Writes rows; a file that would hold none is not written."""
        for count, columns in parts:
            if count:
                put(sink, record, count, columns)
