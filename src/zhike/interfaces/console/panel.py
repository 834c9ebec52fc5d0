"""A panel: one read that may be ready, empty, refused or failed, without taking the page down with it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from zhike.core.errors import Forbidden, ZhikeError
from zhike.interfaces.console.language import locale

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Panel:
    """``value`` is what was read, None unless ready; ``message`` says what failed and what to do."""

    state: Literal["ready", "empty", "forbidden", "error"]
    value: Any = None
    message: str = ""


def panel(read: Callable[[], Any], but: type[ZhikeError] | tuple[type[ZhikeError], ...] = ()) -> Panel:
    """Reads for one panel. An expected fault becomes the panel's state; ``but`` those kinds, and bugs, are raised."""
    try:
        value = read()
    except but:
        raise
    except Forbidden:
        return Panel("forbidden")
    except ZhikeError as fault:
        log.warning("panel: %s", fault)
        return Panel("error", message=fault.in_(locale()))
    return Panel("ready", value) if value else Panel("empty")


def narrowed(read: Panel, part: Callable[[Any], Any]) -> Panel:
    """A panel of a part of what another read; its state where that is not ready."""
    if read.state != "ready":
        return read
    value = part(read.value)
    return Panel("ready", value) if value else Panel("empty")
