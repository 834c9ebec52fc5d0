"""Facts for many questions about one day: what several of them stand on is worked out once in a session."""

from collections.abc import Callable
from dataclasses import dataclass, field

import ibis

from zhike.core.engine import Session
from zhike.data.asof import Facts
from zhike.data.tables import TABLES

_Made = dict[str, ibis.Table]


@dataclass(frozen=True)
class KeptFacts(Facts):
    """Facts that keep their dimensions as of each day, and what readers of them name, in the session."""

    session: Session = field(kw_only=True)
    made: _Made = field(default_factory=dict, kw_only=True)

    def __call__(self, name: str) -> ibis.Table:
        if TABLES[name].shape == "event":  # read where it lies: a filter, of which each question needs a part
            return Facts.__call__(self, name)
        return self.kept(name, lambda: Facts.__call__(self, name))

    def kept(self, name: str, make: Callable[[], ibis.Table]) -> ibis.Table:
        key = f"kept_{name}_{self.as_of:%Y%m%d}"
        if key not in self.made:
            self.made[key] = self.session.keep(key, make())
        return self.made[key]
