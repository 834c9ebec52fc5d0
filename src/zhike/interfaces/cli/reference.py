"""``docs/reference/cli.md`` from the commands themselves: ``python -m zhike.interfaces.cli.reference`` writes it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

_HEAD = """# Command line

Written from the commands by `python -m zhike.interfaces.cli.reference`; do not edit.

Every fault is one line on standard error with exit code 2. `ZHIKE_HOME` names the workspace. `customer`, `segment` and
`kpi` read the newest snapshot, published or not, and say which; web and API read what is published.

## Shapes of `--json`

- `load`: `{"source", "snapshot", "files": [{"file", "rows_in", "accepted", "quarantined"}]}`; a file that an earlier
  load took in also says `"already": true`
- `build`, `decide`: `{"snapshot", "as_of", "customers", "fresh"}`
- `publish`: `{"snapshot", "as_of", "number", "fresh", "rows": {table: rows}}`
- `customer`: `{"customer_id", "as_of", "features": {}, "tier", "stage", "segments": [], "next_best_action",
  "candidates": [], "snapshot"}`
    - `next_best_action`: `{"offer", "title", "value_cents", "reasons": [{"code", "params", "text"}]}`, null without a
      decision that stands
    - a candidate: `{"offer", "title", "outcome": "won|lost|refused", "value_cents", "reasons": []}`
- `customer --replay`: `{"customer_id", "as_of", "snapshot", "equal", "bytes", "sha256"}`; bytes of the kept decision,
  sha256 of the one decided again
- `segment count`: `{"expression", "count", "as_of", "snapshot"}`
- `segment list`: `{"expression", "count", "as_of", "snapshot", "rows": [], "after"}`
- `kpi`: `[{"name", "value", "unit", "as_of"}]`; null where there is nothing to measure. With `--by` each also has
  `"start", "end", "by", "label", "title", "part", "whole"`; the label is null for what nothing places
- `kpi --reconcile`: `{"checks": [{"name", "rows", "told", "explained", "untied"}], "untied": [{"statement",
  "account_id", "on", "told", "explained", "difference", "checks"}]}`, in cents; exit code 1 when a row does not tie
- `quarantine`: `[{"source", "file", "line", "code", "reason", "column", "raw"}]`
- `consent show`: `{"customer_id", "lines": [{"purpose", "channel", "recipient", "state", "origin", "since", "source",
  "wording_version", "proof", "expires_at"}], "history": []}`; a state is given, withdrawn, expired or unknown
- `contact show`: `{"customer_id", "contacts": [], "caps": [{"channel", "days", "used", "cap"}]}`; channel empty: all
- `registry`: `[{"registry", "entries", "package"}]`; of one: `[{"name", "title", "meaning", …, "where"}]`
- `check`: `[{"what", "state": "ok|note|wrong", "text"}]`

## Commands
"""


def reference() -> str:
    """The whole page."""
    from zhike.interfaces.cli.app import app

    command = typer.main.get_command(app)
    return _HEAD + "\n".join(_described(command, "zhike")) + "\n"


def _described(command: Any, path: str) -> Iterator[str]:
    yield f"\n### {path}\n"
    yield command.help or ""
    rows = [row for parameter in command.params if (row := _parameter(parameter))]
    if rows:
        yield "\n| parameter | what |\n|---|---|\n" + "\n".join(rows)
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        if not inner.hidden:
            yield from _described(inner, f"{path} {name}")


def _parameter(parameter: Any) -> str | None:
    if parameter.name == "help":
        return None
    names = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar or parameter.name.upper()]
    default = parameter.default
    told = f" Default: {default}." if default not in (None, False) and not callable(default) else ""
    text = getattr(parameter, "help", None) or ""
    spelled = " ".join([*names, *parameter.secondary_opts])
    return f"| `{spelled}` | {text}{told} |"


if __name__ == "__main__":
    Path("docs/reference/cli.md").write_text(reference())
