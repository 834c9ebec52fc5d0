"""How a fault is told at the command line: in one line, with exit code 2."""

import sys
import traceback
from pathlib import Path
from typing import Any

from zhike.core.errors import ZhikeError

CODE = 2


def expected(fault: ZhikeError) -> int:
    """What the fault says, in the language of --locale where the fault has it."""
    from zhike.interfaces.cli.session import locale

    return one_line(fault.in_(locale()), "错误：" if locale() == "zh" and fault.text else "Error: ")


def one_line(message: str, label: str = "Error: ") -> int:
    """Prints one line to the standard error stream and returns the exit code."""
    print(label + " ".join(message.split()), file=sys.stderr)
    return CODE


def usage(fault: Any) -> int:
    """What is wrong with the command line, and where its help is; a command group alone shows its help."""
    told = fault.format_message() if hasattr(fault, "format_message") else str(fault)
    if type(fault).__name__ == "NoArgsIsHelpError":
        print(told)
        return CODE
    context = getattr(fault, "ctx", None)
    return one_line(f"{told.rstrip('.')}. See: {context.command_path if context is not None else 'zhike'} --help")


def unexpected(fault: Exception) -> int:
    """A fault of Zhike itself: its kind and place, never its text, which may quote a value."""
    from zhike.core.settings import settings

    if settings().debug:
        traceback.print_exception(fault)
        return CODE
    return one_line(own(fault))


def own(fault: Exception) -> str:
    """A fault of Zhike itself in words: its kind and place, never its text."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    kind = type(fault).__name__
    return f"this is a fault of Zhike itself ({kind} at {place}): report it; ZHIKE_DEBUG=1 shows where it began."
