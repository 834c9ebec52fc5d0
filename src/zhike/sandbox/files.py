"""The files of a day, of both systems."""

from pathlib import Path

import numpy as np

from zhike.sandbox.card_files import LIMIT_CHANGED, NEW, STATUS_CHANGED, CardFiles
from zhike.sandbox.card_texts import CardTexts
from zhike.sandbox.core_files import CoreFiles
from zhike.sandbox.world import Today, World


class Files:
    """Writes what a world lived through, and counts files, rows and bytes."""

    def __init__(self, world: World) -> None:
        texts = CardTexts(world.people, world.accounts, world.merchants)
        self._cards = CardFiles(world, texts)
        self._core = CoreFiles(world.people, world.deposits, texts.identity, texts.phone)

    @property
    def files(self) -> int:
        return self._cards.files + self._core.files

    @property
    def rows(self) -> int:
        return self._cards.rows + self._core.rows

    @property
    def bytes(self) -> int:
        return self._cards.bytes + self._core.bytes

    def write(self, today: Today, cards: Path, core: Path) -> None:
        """Writes the day into its two folders, which exist and are empty."""
        files, day = self._cards, today.day
        if today.first:
            files.opening(cards, day)
        files.customers(cards, day, today.new_customers, today.withdrawals)
        only_limit = np.setdiff1d(today.limit_changes, today.status_changes)
        files.accounts(
            cards, day, [(today.new_accounts, NEW), (only_limit, LIMIT_CHANGED), (today.status_changes, STATUS_CHANGED)]
        )
        files.cards(cards, day, today.steps)
        files.movements(cards, day, today.entries, today.reference)
        files.statements(cards, day, today.statements)
        self._core.write(core, day, today.first, today.deposits)
