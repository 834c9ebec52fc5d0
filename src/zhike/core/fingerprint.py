"""Versions of code: what a derived table was computed by."""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path


@cache
def fingerprint(*packages: str) -> str:
    """Hash of the Python files of some packages; another text, another version."""
    digest = hashlib.sha256()
    for package in packages:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise ValueError(f"{package} is no package with a file")
        for path in sorted(Path(spec.origin).parent.rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
