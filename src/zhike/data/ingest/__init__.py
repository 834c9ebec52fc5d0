"""From a bank's files to canonical facts: read, validate, split off personal data, quarantine, reconcile, publish."""

from zhike.data.ingest.load import load
from zhike.data.ingest.report import FileReport, LoadReport, Progress

__all__ = ["FileReport", "LoadReport", "Progress", "load"]
