"""The rows of a day, of all systems."""

import numpy as np

from zhike.sandbox import crm
from zhike.sandbox.atm_files import AtmFiles
from zhike.sandbox.callcentre_files import CallCentreFiles
from zhike.sandbox.card_files import (
    BRANCH_CHANGED,
    CONSENT_CHANGED,
    LIMIT_CHANGED,
    MOVED,
    NEW,
    OTHER_CHANGED,
    PHONE_CHANGED,
    STATUS_CHANGED,
    CardFiles,
)
from zhike.sandbox.card_texts import CardTexts
from zhike.sandbox.core_files import CoreFiles
from zhike.sandbox.crm_files import CrmFiles
from zhike.sandbox.customer_numbers import CustomerNumbers
from zhike.sandbox.digital_files import DigitalFiles
from zhike.sandbox.parts import Sink
from zhike.sandbox.pos_files import PosFiles
from zhike.sandbox.world import Today, World


class Files:
    """Writes down what a world lived through."""

    def __init__(self, world: World) -> None:
        texts = CardTexts(world.people, world.accounts, world.merchants)
        self._cards = CardFiles(world, texts)
        self._core = CoreFiles(world, texts.identity, texts.phone)
        self._pos = PosFiles(world, texts)
        customers = CustomerNumbers(world, texts)
        self._atm, self._digital = AtmFiles(world, texts, customers), DigitalFiles(world, customers)
        self._calls, self._crm = CallCentreFiles(world, customers), CrmFiles(world, crm.make(world), customers)

    def write(self, today: Today, sink: Sink) -> None:
        """Puts the rows of the day into ``sink``."""
        files, day = self._cards, today.day
        if today.first:
            files.opening(sink)
        phones = np.setdiff1d(today.phone_changes, np.concatenate([today.new_customers, today.consent_changes]))
        who = [(today.new_customers, NEW), (today.consent_changes, CONSENT_CHANGED), (phones, PHONE_CHANGED)]
        moved = np.setdiff1d(today.moved, np.concatenate([each for each, _ in who]))
        who.append((moved, MOVED))
        files.customers(sink, day, who)
        only_limit = np.setdiff1d(today.limit_changes, today.status_changes)
        told = np.concatenate([today.status_changes, today.limit_changes])
        files.accounts(sink, day, [
            (today.new_accounts, NEW), (only_limit, LIMIT_CHANGED), (today.status_changes, STATUS_CHANGED),
            (np.setdiff1d(today.other_changes, told), OTHER_CHANGED),
            (np.setdiff1d(today.branch_changes, np.concatenate([told, today.other_changes])), BRANCH_CHANGED),
        ])  # fmt: skip
        files.limits(sink, day, today.temporary_limits)
        files.cards(sink, today.base, today.steps)
        files.movements(sink, day, today.entries, today.reference, today.base)
        files.statements(sink, today.statements)
        files.applications(sink, today.base, today.filed)
        files.plans(sink, day, today.plans, today.first)
        files.points(sink, day, today.base, today.points)
        self._core.write(today, sink)
        self._pos.write(today, sink)
        self._atm.write(today, sink)
        self._crm.write(today, sink)
        self._write_spoken(today, sink)

    def _write_spoken(self, today: Today, sink: Sink) -> None:
        day, base = today.day, today.base
        self._digital.write(sink, day, base, today.interactions, today.answers)
        self._crm.visits(sink, day, base, today.interactions, today.answers)
        self._calls.keep(day, base, today.interactions, today.answers)
        self._calls.keep_heard(day, base, today.complaints, today.surveys)
        self._calls.write(sink, day)
