"""What a policy does beside the profit: contacts, answers, cost, who leaves, who complains, how content people are."""

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import dialogue
from zhike.sandbox.accounts import BLOCKED, CLOSED_BY_CUSTOMER
from zhike.sandbox.usage import ACTIVE, ASLEEP, SLIPPING
from zhike.sandbox.world import Today, World

_MILLION = 1_000_000


class Tally:
    """Counts of all blocks over the days played; shares stand after `close`.

    ``churn``: of accounts that were in use before the first day, those closed by their holder or asleep at the end.
    """

    def __init__(self, worlds: list[World]) -> None:
        self._worlds = worlds
        self.contacts = self.accepted = self.cost_cents = self.complaints = self.opt_outs = 0
        self.churn = self.complaints_per_million = self.satisfaction = 0.0
        self._in_use = [_in_use(world) for world in worlds]
        self._accounts = sum(int((world.accounts.status <= BLOCKED).sum()) for world in worlds)

    def see(self, todays: list[Today]) -> None:
        for world, today in zip(self._worlds, todays, strict=True):
            paid = np.isin(today.costs.kind, (dialogue.INCENTIVE, dialogue.CHANNEL_COST))
            self.contacts += int((today.responses.inbound == 0).sum())
            self.accepted += int(((today.responses.inbound == 0) & (today.responses.accepted > 0)).sum())
            self.cost_cents += int(today.costs.amount[paid].sum())
            self.complaints += int((today.complaints.step == dialogue.RECEIVED).sum())
            self.opt_outs += int((world.consents.withdrawn == today.day).any(axis=0).sum())

    def close(self) -> None:
        """Takes the shares from the worlds as they stand now."""
        left = used = 0
        for world, before in zip(self._worlds, self._in_use, strict=True):
            gone = (world.accounts.status == CLOSED_BY_CUSTOMER) | (world.usage.state == ASLEEP)
            left, used = left + int((before & gone).sum()), used + int(before.sum())
        self.churn = left / max(used, 1)
        self.complaints_per_million = self.complaints / max(self._accounts, 1) * _MILLION
        levels = np.concatenate([_content(world) for world in self._worlds])
        self.satisfaction = float(levels.mean()) if len(levels) else 0.0


def _in_use(world: World) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (world.accounts.status <= BLOCKED) & np.isin(world.usage.state, (ACTIVE, SLIPPING))
    return found


def _content(world: World) -> NDArray[np.float64]:
    """The satisfaction of everybody who is a customer of the card system."""
    level: NDArray[np.float64] = world.contact.satisfaction.level[world.since <= world.parameters.last_day]
    return level
