"""How a fault is told at the command line: in one line, with exit code 2."""

import errno
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhike.core.errors import ZhikeError
from zhike.data import lookalikes
from zhike.interfaces.cli.output import line, unwritable

CODE = 2
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SQL_DISK_FULL = "53100"


def expected(fault: ZhikeError) -> int:
    """What the fault says, in the language of --locale where the fault has it."""
    from zhike.interfaces.cli.session import locale

    return one_line(lookalikes.masked(fault.in_(locale())), "错误：" if locale() == "zh" and fault.text else "Error: ")


def one_line(message: str, label: str = "Error: ") -> int:
    """Prints one line to the standard error stream and returns the exit code."""
    print(label + " ".join(message.split()), file=sys.stderr)
    return CODE


def usage(fault: Any) -> int:
    """What is wrong with the command line, and where its help is; a command group alone shows its help."""
    said = fault.format_message() if hasattr(fault, "format_message") else str(fault)
    if type(fault).__name__ == "NoArgsIsHelpError":
        line(said)
        return CODE
    context = getattr(fault, "ctx", None)
    return one_line(f"{said.rstrip('.')}. See: {context.command_path if context is not None else 'zhike'} --help")


def unexpected(fault: Exception) -> int:
    """A fault nobody declared: of the machine, or of Zhike itself."""
    from zhike.core.settings import settings

    if isinstance(fault, OSError) and traceback.extract_tb(fault.__traceback__)[-1].name == "echo":
        return expected(unwritable(fault))  # Typer's own echo, which prints help
    if settings().debug:
        traceback.print_exception(fault)
        return CODE
    return one_line(told(fault))


def told(fault: Exception) -> str:
    """A full disk or a lost database as such; else a fault of Zhike itself."""
    causes = list(_causes(fault))
    for one in causes:
        if _is_full(one):
            where = f" ({one.filename})" if isinstance(one, OSError) and one.filename else ""
            return f"No space is left on the disk{where}: make room and run it again. What stood before stands."
    if any(type(one).__name__ == "OperationalError" for one in causes):
        return "The database does not answer any more: run it again; `zhike check` says how it stands."
    return _own(fault)


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault, what caused it, and what was under way when it came."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [fault]
    while waiting:
        one = waiting.pop(0)
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


def _is_full(fault: BaseException) -> bool:
    """By number (files, PostgreSQL), or by DuckDB's words: it gives no number."""
    if getattr(fault, "errno", None) in _FULL or getattr(fault, "sqlstate", None) == _SQL_DISK_FULL:
        return True
    return type(fault).__module__.split(".")[0] in ("duckdb", "_duckdb") and "No space left on device" in str(fault)


def _own(fault: Exception) -> str:
    """A fault of Zhike itself in words: its kind and place, never its text, which may quote a value."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    kind = type(fault).__name__
    return f"this is a fault of Zhike itself ({kind} at {place}): report it; ZHIKE_DEBUG=1 shows where it began."
