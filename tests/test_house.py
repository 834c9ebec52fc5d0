"""House rules that a machine can hold: sizes of files and functions, dangerous calls, words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST_FILE, LONG_FILE = 400, 250
LONGEST_FUNCTION, LONG_FUNCTION = 60, 30
# A declaration of what there is grows by rows, not by thoughts.
TABLES_OF_ROWS = {"data/tables.py", "interfaces/console/texts.py"}
DANGEROUS = re.compile(
    r"\b(pickle|joblib|cloudpickle|dill)\b|yaml\.load\(|\beval\(|\bexec\(|shell=True|mark_safe|RawSQL|csrf_exempt"
)
# file -> why the call stands there
ALLOWED_DANGER: dict[str, str] = {}


def _name(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "zhike").as_posix()


def _functions() -> Iterator[tuple[str, int]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{_name(path)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_files_are_one_thought() -> None:
    lengths = {_name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
    long = [name for name, lines in lengths.items() if lines > LONG_FILE and name not in TABLES_OF_ROWS]
    assert len(long) <= len(lengths) * 0.03, f"most files are under {LONG_FILE} lines, but: {long}"


def test_functions_fit_a_screen() -> None:
    lengths = dict(_functions())
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    short = sum(lines <= LONG_FUNCTION for lines in lengths.values())
    assert short / len(lengths) >= 0.95


def test_the_kernel_stays_small() -> None:
    """The embedded server is a package of its own beside the kernel (docs/decisions/0001)."""
    lines = sum(len(path.read_text().splitlines()) for path in (ROOT / "src/zhike/core").glob("*.py"))
    assert lines < 1_500, "the kernel grows: does the new part belong a floor higher?"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_dangerous_calls(path: Path) -> None:
    found = sorted({match.group() for match in DANGEROUS.finditer(path.read_text())})
    assert not found or _name(path) in ALLOWED_DANGER, f"{found}: give the reason in ALLOWED_DANGER"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_one_reader_of_the_environment(path: Path) -> None:
    if _name(path) == "core/settings.py":
        return
    text = path.read_text().replace('os.environ.setdefault("DJANGO_SETTINGS_MODULE"', "")
    assert not re.search(r"os\.environ|os\.getenv", text), "read settings() instead"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_one_file_names_the_engines(path: Path) -> None:
    if _name(path) == "core/engine.py":
        return
    imported = {alias.name.split(".")[0] for alias in _imports(path)}
    assert not imported & {"duckdb", "pyspark"}, "open a session of core.engine instead"


def _imports(path: Path) -> Iterator[ast.alias]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from node.names
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield ast.alias(name=node.module)


def test_no_two_test_files_share_a_name() -> None:
    """pytest imports a file by its name alone: the second of one name would not be run."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
