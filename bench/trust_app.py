"""The web application with parts of the ground of trust taken away: what `trust_costs` measures against the whole.

``ZHIKE_BENCH_WITHOUT`` names them, by commas: ``rls`` (the connection runs as the owner, whom no policy holds),
``audit`` (no entry is written), ``encryption`` (a constant in place of each opened field and key). Never started by the
product.
"""

import os
from collections.abc import Callable
from typing import Any

from zhike.interfaces import site

_WITHOUT = frozenset(filter(None, os.environ.get("ZHIKE_BENCH_WITHOUT", "").split(",")))
if "rls" in _WITHOUT:
    site.DATABASES["default"] = site.DATABASES["owner"]

from zhike.interfaces.wsgi import application  # noqa: E402  # after the settings were changed
from zhike.operations.governance import acting, keyring, sealing  # noqa: E402  # likewise


def _instead(of: Any, name: str, by: Callable[..., Any]) -> None:
    """What is taken away must be there: else the whole would be measured in its place."""
    if not callable(getattr(of, name)):
        raise TypeError(f"{of}.{name} is called by nobody")
    setattr(of, name, by)


if "audit" in _WITHOUT:
    _instead(acting._Entry, "write", lambda *_, **__: None)
if "encryption" in _WITHOUT:
    _instead(keyring.Keyring, "unwrap", lambda _, __, keys: [bytes(32)] * len(keys))
    _instead(sealing, "unseal", lambda *_: "13800000000")

__all__ = ["application"]
