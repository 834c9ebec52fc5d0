"""Serving: web and worker as children, started again when they die, all gone on a signal; one server a workspace."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from command_line import Run
from served_apart import children, port_apart, running, until

from zhike import sandbox
from zhike.core.errors import Conflict
from zhike.core.workspace import open_workspace, workspace
from zhike.interfaces.cli.demo import _bank
from zhike.interfaces.cli.serving import free_port, is_free, serving, sole_server, stop_server
from zhike.interfaces.cli.supervisor import Supervisor


def test_a_child_that_dies_is_started_again_and_all_end_on_a_signal(tmp_path: Path) -> None:
    writes = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(600)"
    file, told = tmp_path / "pids", list[str]()
    supervisor = Supervisor({"child": [sys.executable, "-c", writes, str(file)]}, told.append)

    def pids() -> list[int]:
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def trouble() -> None:
        until(lambda: len(pids()) == 1)
        os.kill(pids()[0], signal.SIGKILL)
        until(lambda: len(pids()) == 2)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=trouble)
    supervisor.run(ready=thread.start)
    thread.join()
    assert [running(pid) for pid in pids()] == [False, False]
    assert told == ["The child process ended (killed by SIGKILL): starting it again in 2 s."]


def test_one_server_a_workspace(tmp_path: Path) -> None:
    home = open_workspace(tmp_path)
    assert serving(home) is None
    assert not stop_server(home)
    with sole_server(home, "127.0.0.1", 8000) as mine:
        assert serving(home) == mine
        assert mine.address == "http://127.0.0.1:8000"
        with pytest.raises(Conflict, match="zhike stop"), sole_server(home, "127.0.0.1", 8001):
            pass
    assert serving(home) is None


def test_the_next_free_port_is_found() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert free_port("127.0.0.1", port) > port


def test_an_address_of_another_machine_is_no_taken_port(capfd: pytest.CaptureFixture[str]) -> None:
    for command in (["serve"], ["demo"]):
        assert "--host 192.0.2.1 is no address of this machine" in Run(capfd).fault(*command, "--host", "192.0.2.1")


@pytest.mark.parametrize("options", [["--customers", "500"], ["--months", "6"]])
def test_demo_does_not_pass_over_what_was_asked(options: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    zhike = Run(capfd)
    with sole_server(workspace(), "127.0.0.1", 8000):
        assert "holds no made bank" in zhike.fault("demo", *options)
        assert zhike("demo")[:2] == (0, "Zhike serves this workspace already: http://127.0.0.1:8000\n")
        sandbox.make(workspace().home / "demo", customers=10, months=1, seed=1)
        try:
            assert "a made bank of 10 customers over 1 months" in zhike.fault("demo", *options)
        finally:
            shutil.rmtree(workspace().home / "demo")


def test_the_made_bank_stands_open_to_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    for _ in range(2):
        assert _bank(folder, 10, 1).folder == folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        folder.chmod(0o755)


def test_serve_answers_survives_a_killed_child_and_stops(
    committed: None, child_environment: dict[str, str], tmp_path: Path
) -> None:
    port = port_apart()
    said = tmp_path / "said"
    command = [sys.executable, "-m", "zhike.interfaces.cli"]
    with said.open("wb") as out:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port)], env=child_environment, stdout=out, stderr=out
        )
    try:
        until(lambda: "answers at" in said.read_text())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=120) as answer:
            assert json.load(answer)["status"] == "ok"
        below = children(server.pid)
        below += [pid for child in below for pid in children(child)]
        os.kill(below[0], signal.SIGKILL)
        until(lambda: "starting it again" in said.read_text())
        for again in (port, free_port("127.0.0.1", port + 1)):
            serve = [*command, "serve", "--port", str(again)]
            second = subprocess.run(serve, env=child_environment, capture_output=True, text=True, check=False)
            assert (second.returncode, second.stderr.count("\n")) == (2, 1)
            assert f"served already at http://127.0.0.1:{port}" in second.stderr
        assert stop_server(workspace())
        assert server.wait(timeout=120) == 0
        until(lambda: not any(running(pid) for pid in below))
        until(lambda: is_free("127.0.0.1", port))
    finally:
        server.kill()
        server.wait()
