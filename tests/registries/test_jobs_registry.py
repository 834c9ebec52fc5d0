"""Every job is declared by the one decorator: with a title, rights, a lease, and arguments that are ids."""

import ast
import re
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from zhike.core.actor import Actor
from zhike.core.errors import Invariant
from zhike.core.text import Text
from zhike.operations.governance.roles import PERMISSIONS
from zhike.operations.jobs.declaring import JOBS, discover, job
from zhike.operations.jobs.priorities import RANKS

ROOT = Path(__file__).parents[2] / "src" / "zhike"
OWN = ROOT / "operations" / "jobs"
_BESIDE = re.compile(r"\b(app|blueprint)\.(task|periodic|configure_task)\b|\.(defer|defer_async|batch_defer)\(")

discover()


def beside_the_decorator(source: str) -> list[str]:
    """``line text`` of whatever makes or enqueues a job without `job` and `enqueue`: it would have no actor."""
    if "procrastinate" not in {name.split(".")[0] for node in ast.walk(ast.parse(source)) for name in _imported(node)}:
        return []
    return [f"{line} {text.strip()}" for line, text in enumerate(source.splitlines(), 1) if _BESIDE.search(text)]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_job_beside_the_decorator(path: Path) -> None:
    if not path.is_relative_to(OWN):
        assert beside_the_decorator(path.read_text()) == [], "declare it with @job, enqueue it with enqueue()"


@pytest.mark.parametrize(
    "planted",
    [
        "from procrastinate.contrib.django import app\n@app.task(name='x')\ndef leak(phone): ...",
        "from procrastinate.contrib.django import app as app\n@app.periodic(cron='* * * * *')\ndef leak(t): ...",
        "import procrastinate\nblueprint = procrastinate.Blueprint()\n@blueprint.task\ndef leak(): ...",
        "from procrastinate.contrib.django import app\napp.configure_task('customers.refresh').defer()",
    ],
)
def test_a_planted_job_without_an_actor_is_found(planted: str) -> None:
    assert len(beside_the_decorator(planted)) == 1


def test_what_the_worker_knows_is_what_is_declared() -> None:
    builtin = {name for name in app.tasks if "builtin_tasks" in name}
    assert {name for name in app.tasks if not name.startswith("j1.")} - builtin == {
        name for name in JOBS if not name.startswith("j1.")
    }
    assert {"customers.refresh", "customers.nightly", "customers.collect", "jobs.tidy", "audit.verify"} <= JOBS.keys()


@pytest.mark.parametrize("name", sorted(JOBS))
def test_a_declaration_says_all(name: str) -> None:
    declared = JOBS[name]
    assert re.fullmatch(r"[a-z0-9]+\.[a-z_]+", name)
    assert declared.title.zh
    assert declared.title.en
    assert declared.permissions <= PERMISSIONS.keys()
    assert declared.priority in RANKS
    assert declared.function.__doc__, "say what it does"
    assert not app.periodic_registry.periodic_tasks, "the schedule is our own"


@pytest.mark.parametrize(
    "wrong",
    [
        {"permissions": frozenset({"fly"})},
        {"priority": "first"},
        {"lease_seconds": 0},
        {"retries": -1},
        {"cron": "every day"},
    ],
)
def test_a_wrong_declaration_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invariant):
        job("test.wrong", title=Text("错", "Wrong"), **wrong)(lambda actor: None)  # type: ignore[arg-type]
    assert "test.wrong" not in JOBS


def test_arguments_that_cannot_be_checked_are_refused() -> None:
    def of_a_dict(actor: Actor, person: dict[str, str]) -> None: ...
    def of_anything(actor: Actor, **given: str) -> None: ...
    def of_the_clock(actor: Actor, number: int) -> None: ...

    for function, cron in ((of_a_dict, ""), (of_anything, ""), (of_the_clock, "* * * * *")):
        with pytest.raises(Invariant):
            job("test.wrong", title=Text("错", "Wrong"), cron=cron)(function)
