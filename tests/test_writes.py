"""A lint: nothing writes but an action, or what an action is made of."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "src" / "zhike"
SOURCES = [path for floor in ("operations", "interfaces") for path in sorted((ROOT / floor).rglob("*.py"))]
_ORM = {
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save",
    "create_user", "acreate", "asave", "adelete",
}  # fmt: skip
_SQL = re.compile(
    r"^\s*(INSERT INTO|UPDATE\s+\{?\w|DELETE FROM|TRUNCATE|COPY\s.*\bFROM\b|DROP TABLE|CREATE TABLE)", re.I
)
# What actions are made of: public, and yet called by actions alone. File -> why.
PARTS_OF_ACTIONS = {
    "operations/governance/acting.py": "writes the audit entry of the action itself",
    "operations/governance/audit/sealer.py": "seals what actions wrote; an entry of its own would never end",
    "operations/governance/vault.py": "a sink handed to the loading action; each chunk is a step of it",
    "operations/governance/own_keys.py": "a key for what an action keeps, made or destroyed with it",
    "operations/governance/models/people.py": "the manager that makes a user with a hashed password",
    "operations/governance/sessions.py": "when a session was last used, once a minute; and ends them for other actions",
    "operations/governance/api_keys.py": "when a key was last used, once a minute",
    "operations/governance/grants.py": "runs with the migrations, as the owner",
    "operations/governance/row_security.py": "steps of migrations",
    "operations/jobs/fencing.py": "ends a job in the transaction of its run, which has an entry or is its own record",
    "operations/jobs/reaping.py": "lets waiting jobs rise and forgets dead workers: the queue's own book-keeping",
    "operations/jobs/schedule.py": "a tick is its own record",
    "operations/jobs/worker.py": "procrastinate's own end of a run, behind the fence",
    "operations/customers/publishing.py": "the copy that the publishing action makes",
    "operations/customers/publisher.py": "the role of that copy",
    "operations/customers/homes.py": "a piece of that copy",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def writes_outside_actions(source: str) -> list[str]:
    """``line name`` of every function that writes and is neither an action nor reached from actions alone.

    A private function is what its callers in the file are; a public one could be called by anybody.
    """
    functions = {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    callers = {name: {other for other, node in functions.items() if name in _called(node)} for name in functions}

    def inside(name: str, seen: frozenset[str]) -> bool:
        if _is_action(functions[name]):
            return True
        known = callers[name] - seen - {name}
        return name.startswith("_") and bool(known) and all(inside(each, seen | {name}) for each in known)

    return [
        f"{node.lineno} {name}" for name, node in functions.items() if _writes(node) and not inside(name, frozenset())
    ]


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _writes(function: ast.FunctionDef) -> bool:
    for node in _own(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ORM:
            chain = ast.unparse(node.func)
            if (
                ".objects" in chain
                or node.func.attr in {"save", "bulk_create", "asave"}
                or _is_queryset(node, function)
            ):
                return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.match(node.value):
            return True
    return False


def _is_queryset(call: ast.Call, function: ast.FunctionDef) -> bool:
    """Whether what is called upon was made of ``….objects`` in the same function."""
    root = call.func
    while isinstance(root, ast.Attribute | ast.Call):
        root = root.value if isinstance(root, ast.Attribute) else root.func
    made = [node for node in _own(function) if isinstance(node, ast.Assign) and ".objects" in ast.unparse(node.value)]
    return isinstance(root, ast.Name) and any(
        root.id == ast.unparse(target) for node in made for target in node.targets
    )


def _called(function: ast.FunctionDef) -> set[str]:
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)
    }


def _is_action(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(each).split("(")[0].split(".")[-1] == "action" for each in function.decorator_list)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_only_actions_write(path: Path) -> None:
    if "migrations" in path.parts or _name(path) in PARTS_OF_ACTIONS:
        return
    assert writes_outside_actions(path.read_text()) == [], "write through an @action"


@pytest.mark.parametrize("name", PARTS_OF_ACTIONS)
def test_every_exception_stands_for_a_file_that_writes(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def grow(actor):\n    User.objects.create(name='x')", ["1 grow"]),
        ("def grow(actor):\n    user = User.objects.get()\n    user.save()", ["1 grow"]),
        ("def grow(actor):\n    rows = User.objects.all()\n    rows.delete()", ["1 grow"]),
        ("def grow(actor):\n    cursor.execute('DELETE FROM governance_user')", ["1 grow"]),
        ("@query(permission='x')\ndef see(actor):\n    _note()\ndef _note():\n    Seen.objects.create()", ["4 _note"]),
        ("@action(permission='x', audit='y')\ndef grow(actor):\n    _do()\ndef _do():\n    User.objects.create()", []),
        ("def see(actor):\n    return User.objects.filter(name='x').count()", []),
    ],
)
def test_a_planted_write_is_found(source: str, found: list[str]) -> None:
    assert writes_outside_actions(source) == found
