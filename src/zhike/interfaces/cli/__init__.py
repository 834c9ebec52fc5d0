"""The command line: parses, calls the same actions and queries as the web, prints. Starts fast, imports late."""

import sys
from collections.abc import Sequence

from zhike.core.errors import ZhikeError


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point ``zhike``: exit code 0, 1 from a check, 2 after a fault told in one line, 130 interrupted."""
    import typer

    from zhike.interfaces.cli import faults, output

    output.set_up()
    try:
        from zhike.interfaces.cli.app import app

        given = list(sys.argv[1:] if arguments is None else arguments)
        code = app(given, prog_name="zhike", standalone_mode=False)
        output.flush()
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except typer.TyperException as fault:
        code = faults.usage(fault)
    except ZhikeError as fault:
        code = faults.expected(fault)
    except Exception as fault:
        code = faults.unexpected(fault)
    sys.exit(code if isinstance(code, int) else 0)
