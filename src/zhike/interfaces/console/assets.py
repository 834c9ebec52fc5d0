"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

from zhike.core.ids import lettered


class VersionedStatic(StaticFilesStorage):
    """``/static/console/app.css?v=<hash>``. Files are served from where they lie: nothing is collected."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        version = _version(name) if name else ""
        return f"{address}?v={version}" if version else address


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    return lettered(hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]) if found else ""
