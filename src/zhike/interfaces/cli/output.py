"""How commands answer: JSON or a table on standard output, progress on standard error."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, Protocol

import typer

from zhike.core.errors import Unavailable

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


_READER_LEFT = 141  # as a shell reports a program that SIGPIPE ended


def print_json(content: Any) -> None:
    """What the stream's encoding lacks stands as a JSON escape, so that nothing is lost."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    line(json.dumps(content, ensure_ascii=not unicode, indent=2, default=_text))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Numbers right, texts left; an empty table says so."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title) or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for place, column in enumerate(columns):
        number = any(isinstance(row[place], int | float) and not isinstance(row[place], bool) for row in rows)
        table.add_column(column, justify="right" if number else "left", overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(escape(_cell(value)) for value in row))
    with _standard_output():
        Console().print(table if rows else f"{title}: none.", highlight=False)


def line(text: str) -> None:
    """One line for a person, whatever it contains."""
    with _standard_output():
        print(text)


def set_up() -> None:
    """Characters that the terminal's encoding lacks become question marks instead of a fault."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")


def flush() -> None:
    """Writes out what is buffered while a fault can still be told."""
    with _standard_output():
        sys.stdout.flush()


def unwritable(fault: OSError) -> Unavailable:
    """What to raise when standard output cannot be written; ends the program quietly when its reader has left."""
    # What is still buffered must not fail a second time when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(fault, BrokenPipeError):
        sys.exit(_READER_LEFT)
    return Unavailable(f"Standard output cannot be written ({fault.strerror}): send it elsewhere.")


@contextmanager
def _standard_output() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise unwritable(fault) from None


class Say(Protocol):
    """Tells which step is under way and, where it is known, how much of it is done."""

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None: ...


@contextmanager
def progress(title: str) -> Iterator[Say]:
    """A bar with the step under way, on standard error; silent when that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def say(step: str, done: int = 0, total: int = 0, /) -> None:
            bar.update(task, description=f"{title}: {step}", completed=done, total=total or None)

        yield say


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
