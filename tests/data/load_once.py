"""Loads a folder of the small feed in a process of its own: ``load_once.py HOME FOLDER``.."""

import json
import sys
from pathlib import Path

from delivering import SMALL, MemoryVault, taken

from zhike.core.workspace import open_workspace


def main() -> None:
    """Prints the report and what the vault holds, as JSON."""
    home, folder = map(Path, sys.argv[1:])
    vault = MemoryVault()
    report = taken(folder, open_workspace(home), vault, SMALL)
    kept = sorted([party, field, value] for (party, field), value in vault.kept.items())
    print(json.dumps([report.to_json(), kept]))


if __name__ == "__main__":
    main()
