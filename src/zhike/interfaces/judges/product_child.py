"""The process in which Zhike plays: it has a workspace of its own, for a process has one workspace only.

It reads requests from standard input, a line of JSON each (``bank``: the folder of the made bank's files, ``as_of``),
does what the command line does (load, build, decide), and answers with a line ``done`` or ``fault: …``.
"""

import json
import shutil
import sys
from datetime import date
from pathlib import Path

from zhike.core.actor import Actor
from zhike.core.errors import ZhikeError
from zhike.interfaces.cli.session import operations


def main() -> None:
    """Serves until standard input ends."""
    with operations() as actor:
        for line in sys.stdin:
            request = json.loads(line)
            try:
                decide(actor, Path(request["bank"]), date.fromisoformat(request["as_of"]))
                answer = "done"
            except ZhikeError as fault:
                answer = f"fault: {fault}"
            print(answer, flush=True)


def decide(actor: Actor, bank: Path, as_of: date) -> None:
    """Loads every system's folder (what is loaded is facts from then on, its files go), builds, decides."""
    from zhike.data.source import sources
    from zhike.operations.customers import actions as customers
    from zhike.operations.marketing import actions as marketing

    names = [name for name in sources.all() if name.startswith("made_")]
    for name in sorted(names, key=lambda name: (name != "made_core", name != "made_cards", name)):
        folder = bank / name.removeprefix("made_")
        if folder.is_dir():
            customers.data_load(actor, source=name, folder=folder)
            shutil.rmtree(folder)
    customers.view_build(actor, as_of=as_of)
    marketing.decisions_make(actor, as_of=as_of)


if __name__ == "__main__":
    main()
