"""What row-level security, encryption and audit cost: the same server with and without each, at 1 and 20 clients.

``python bench/trust_costs.py [ROUNDS]``. All variants stand at once, each in its own web process over one database; in
a round each is asked in turn, so what else the machine does falls on all alike. Prints medians over the rounds:
requests a second, CPU of the web process a request, and the whole against the variant.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VARIANTS = {
    "whole": "", "no row-level security": "rls", "no audit": "audit", "no encryption": "encryption",
    "none of the three": "rls,audit,encryption",
}  # fmt: skip
CUSTOMERS, CLIENTS, CALLS = 2_000, (1, 20), 200
Call = tuple[str, str, str | None]  # method, address, body


@dataclass
class Served:
    """One variant under way: where it listens, its processes, and what it was measured at by (job, clients)."""

    port: int
    pid: int
    rates: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    cpu_ms: dict[tuple[str, int], list[float]] = field(default_factory=dict)


def main(rounds: int) -> None:
    from zhike.interfaces.cli.session import operations

    with operations() as actor:
        ids, cookies = _prepare(actor)
        with _all_served() as served:
            for number in range(rounds + 1):
                for job, calls in _jobs(ids).items():
                    for clients in CLIENTS:
                        for one in served.values():
                            rate, cpu_ms = _ask(one, calls, clients, cookies)
                            if number:  # the first round warms up
                                one.rates.setdefault((job, clients), []).append(rate)
                                one.cpu_ms.setdefault((job, clients), []).append(cpu_ms)
        _print(served, rounds)


def _jobs(ids: list[str]) -> dict[str, Callable[[int], Call]]:
    def posting(at: int) -> Call:
        body = {"given": False, "channel": "sms", "source": "call", "key": uuid.uuid4().hex}
        return "POST", f"/api/v1/customers/{ids[at % len(ids)]}/consents", json.dumps(body)

    return {
        "customer API": lambda at: ("GET", f"/api/v1/customers/{ids[at % len(ids)]}", None),
        "customer page": lambda at: ("GET", f"/customers/{ids[at % len(ids)]}/", None),
        "posting (an opt-out)": posting,
    }


def _ask(one: Served, calls: Callable[[int], Call], clients: int, cookies: dict[str, str]) -> tuple[float, float]:
    """Requests a second, and milliseconds of CPU of the web process a request."""
    each = CALLS // clients
    before, started = _cpu_seconds(one.pid), time.perf_counter()
    faults: list[str] = []
    threads = [
        threading.Thread(target=_client, args=(one.port, calls, place * each, each, cookies, faults))
        for place in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"{len(faults)} of {each * clients} requests failed, the first: {faults[0]}")
    wall, cpu = time.perf_counter() - started, _cpu_seconds(one.pid) - before
    return each * clients / wall, 1_000 * cpu / (each * clients)


def _client(
    port: int, calls: Callable[[int], Call], first: int, count: int, cookies: dict[str, str], faults: list[str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Host": "localhost",
        "X-CSRFToken": cookies["zhike-csrf"], "Content-Type": "application/json", "Accept-Encoding": "identity",
    }  # fmt: skip
    for at in range(first, first + count):
        method, address, body = calls(at)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status not in (200, 201):
            faults.append(f"{method} {address}: {answer.status} {told[:200]!r}")
            return
    connection.close()


@contextmanager
def _all_served() -> Iterator[dict[str, Served]]:
    from zhike.interfaces.cli.serving import free_port

    running, served, port = [], {}, 18_400
    try:
        for name, without in VARIANTS.items():
            port = free_port("127.0.0.1", port + 1)
            # As `zhike serve` starts it.
            command = [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                "--workers", "1", "--blocking-threads", "4",
            ]  # fmt: skip
            environment = {**os.environ, "ZHIKE_BENCH_WITHOUT": without, "PYTHONPATH": str(HERE)}
            web = subprocess.Popen([*command, "--log-level", "warning", "trust_app:application"], env=environment)
            running.append(web)
            served[name] = Served(port, web.pid)
        for one in served.values():
            _wait(one.port)
        yield served
    finally:
        for web in running:
            web.terminate()
            web.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"nothing answers on port {port}")


def _cpu_seconds(pid: int) -> float:
    """Of a process and all below it (/proc)."""
    ticks = os.sysconf("SC_CLK_TCK")
    of: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            columns = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        of[int(stat.parent.name)] = (int(columns[1]), (int(columns[11]) + int(columns[12])) / ticks)
    below = {pid}
    while more := {one for one, (parent, _) in of.items() if parent in below and one not in below}:
        below |= more
    return sum(of[one][1] for one in below if one in of)


def _prepare(actor: Any) -> tuple[list[str], dict[str, str]]:
    """A published bank whose people the vault knows; the cookies of somebody signed in."""
    import facts
    from django.conf import settings
    from django.test import Client

    from zhike.core.workspace import workspace
    from zhike.data.personal import PersonalField
    from zhike.operations.customers import actions as customers
    from zhike.operations.customers import queries
    from zhike.operations.governance.acting import action
    from zhike.operations.governance.actions import user_create
    from zhike.operations.governance.models import User
    from zhike.operations.governance.vault import open_vault
    from zhike.operations.marketing import actions as marketing

    facts.make(workspace().home, CUSTOMERS, CUSTOMERS * 20)
    customers.view_build(actor, as_of=facts.AS_OF)
    marketing.decisions_make(actor, as_of=facts.AS_OF)
    customers.view_publish(actor)
    page = queries.segment_page(actor, "cards_held >= 0", 500)
    ids = [str(row["customer_id"]) for row in page.rows]

    @action(permission="load_data", audit="data.load", long=True)
    def keep(_actor: Any) -> int:
        told = {
            "full_name": "张小明",
            "phone": "13800000000",
            "id_number": "110101199001010000",
            "email": "a@b.example",
        }
        return open_vault().write(PersonalField(one, name, text) for one in ids for name, text in told.items())

    keep(actor)
    user_create(actor, user="bench", role_name="service_agent")
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="bench"))
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return ids, {name: morsel.value for name, morsel in client.cookies.items()}


def _print(served: dict[str, Served], rounds: int) -> None:
    print(f"{os.cpu_count()} cores, {rounds} rounds, {CALLS} requests a round, medians")
    print(f"{'job':22}{'clients':>8}  {'variant':24}{'req/s':>8}{'CPU ms':>8}{'whole: rate ×':>15}{'CPU ×':>8}")
    whole = served["whole"]
    for (job, clients), rates in whole.rates.items():
        rate, cpu = statistics.median(rates), statistics.median(whole.cpu_ms[job, clients])
        for name, one in served.items():
            its, its_cpu = statistics.median(one.rates[job, clients]), statistics.median(one.cpu_ms[job, clients])
            ratios = f"{rate / its:15.2f}{cpu / its_cpu:8.2f}"
            print(f"{job:22}{clients:8}  {name:24}{its:8.0f}{its_cpu:8.2f}{ratios}")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    with tempfile.TemporaryDirectory(prefix="zhike-trust-bench-") as home:
        os.environ["ZHIKE_HOME"] = home
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
