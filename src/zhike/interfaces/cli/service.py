"""``zhike serve``, ``zhike stop``, and the worker process that serve starts."""

import sys
import time
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from zhike.interfaces.cli.output import line
from zhike.interfaces.cli.session import operations, set_up_django

if TYPE_CHECKING:
    from zhike.interfaces.cli.supervisor import Supervisor

Host = Annotated[str, typer.Option("--host", help="Where to listen.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="On which port.")]
_READY_SECONDS = 60


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(stop)
    app.command(hidden=True)(worker)


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serves console and API and runs the jobs, until Ctrl-C; restarts what dies."""
    from zhike.core.errors import Conflict
    from zhike.core.workspace import workspace
    from zhike.interfaces.cli.serving import is_free, require_unserved

    require_unserved(workspace())
    if not is_free(host, port):
        raise Conflict(f"Port {port} of {host} is taken: choose another with --port.")
    run_server(host, port)


def run_server(host: str, port: int, greeting: Callable[[str], None] | None = None) -> None:
    """Runs until a signal; ``greeting`` is called with the address when pages answer."""
    from zhike.core.workspace import workspace
    from zhike.interfaces.cli.serving import sole_server
    from zhike.interfaces.cli.supervisor import Supervisor

    with sole_server(workspace(), host, port) as mine, operations():
        supervisor = Supervisor(_processes(host, port), _tell)

        def ready() -> None:
            if _answers(f"{mine.address}/healthz", supervisor):
                line(f"Zhike answers at {mine.address} · stop it with Ctrl-C or `zhike stop`")
                if greeting is not None:
                    greeting(mine.address)

        supervisor.run(ready)
    line("Stopped.")


def stop() -> None:
    """Stops the server, the worker and the embedded database of this workspace."""
    from zhike.core import postgres
    from zhike.core.workspace import workspace
    from zhike.interfaces.cli.serving import stop_server

    served = stop_server(workspace())
    database = postgres.stop(workspace())
    stopped = [name for name, was in (("server and worker", served), ("database", database)) if was]
    line(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def worker(
    quick: Annotated[bool, typer.Option("--quick", help="Leave the nightly jobs to another worker.")] = False,
) -> None:
    """Runs the jobs; started by serve."""
    set_up_django()
    from zhike.operations.jobs.worker import run_worker

    run_worker(nightly=not quick)


def _processes(host: str, port: int) -> dict[str, list[str]]:
    """The web server and the workers: the first takes every job, the others leave the nightly ones alone."""
    from zhike.core.settings import settings

    workers = {"worker": _python("worker")}
    for number in range(2, settings().workers + 1):
        workers[f"worker {number}"] = _python("worker", "--quick")
    return {"web": _web(host, port), **workers}


def _web(host: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-access-log", "--log-level", "warning",
        "zhike.interfaces.wsgi:application",
    ]  # fmt: skip


def _python(*command: str) -> list[str]:
    return [sys.executable, "-m", "zhike.interfaces.cli", *command]


def _answers(address: str, supervisor: "Supervisor") -> bool:
    until = time.monotonic() + _READY_SECONDS
    while not supervisor.stopping and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  # our own http address
                return True
        except OSError:
            time.sleep(0.2)
    return False


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
