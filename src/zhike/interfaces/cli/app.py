"""All commands. One file per group; each registers its commands on `app`."""

from typing import Annotated

import typer

from zhike.core.errors import BadInput
from zhike.core.text import LOCALES
from zhike.interfaces.cli import (
    api_keys,
    approvals,
    audit,
    check,
    complaints,
    contact,
    customers,
    data,
    decisions,
    demo,
    jobs,
    keys,
    kpis,
    registry,
    sandbox,
    segments,
    service,
    teams,
    users,
)
from zhike.interfaces.cli.session import choose_locale

app = typer.Typer(
    name="zhike",
    help="Zhike: one view of every customer, the next best action for each. ZHIKE_HOME names the workspace.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def zhike(
    locale: Annotated[str, typer.Option("--locale", help="Language of titles and reasons: zh or en.")] = "en",
) -> None:
    """Every command takes --help."""
    if locale not in LOCALES:
        raise BadInput(f"--locale {locale!r} must be one of {', '.join(LOCALES)}.")
    choose_locale(locale)


_GROUPS = (
    demo,
    sandbox,
    data,
    decisions,
    customers,
    kpis,
    segments,
    registry,
    service,
    check,
    complaints,
    users,
    teams,
    api_keys,
    approvals,
    jobs,
    audit,
    keys,
    contact,
)
for group in _GROUPS:
    group.add_to(app)
