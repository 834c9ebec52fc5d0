"""Bank feeds, one a file; a file whose name begins with ``_`` holds declarations that several share."""

from zhike.data.source import sources

__all__ = ["sources"]
