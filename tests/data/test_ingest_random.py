"""Mutated files: no crash, every line accounted for; promise I1 of the project, its quick share."""

import tempfile
from dataclasses import replace
from pathlib import Path

from delivering import PEOPLE_HEAD, SMALL, deliver, facts, swipes, taken, workspace_at
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhike.core.errors import ZhikeError
from zhike.data.quarantine import REASONS

# Without control totals, which would hold nearly every mutated file whole.
FREE = replace(SMALL, files=tuple(replace(file, control=None) for file in SMALL.files))
PEOPLE = (
    PEOPLE_HEAD
    + "".join(f'{i},"王, {i}",ID{i},19{50 + i}-0{i}-11,2020-01-0{i},"a ""b"" {i}",0.{i}\n' for i in range(1, 8))
).encode()
MOVES = (
    "ref,account,day,amount,kind,count,text\n" + "".join(f"m{i},A1,2026-01-04,{i}.5,P,1,tea\n" for i in range(8))
).encode()
CARDS = swipes("20260105", [(f"s{i}", "6225880000001234", i, "茶馆") for i in range(8)])
KINDS = {"people": PEOPLE, "moves": MOVES, "swipes": CARDS}

_PIECES = [
    b'"', b'""', b"\n", b"\r\n", b"\r", b"\0", b",", b"\xff", b"\xef\xbb\xbf", "\u3000".encode(),
    "王".encode("gb18030"), b"9" * 40, b"-", b"\x1a", b"\xe2\x80\xa8", b",,,,,,,,", b"'", b"2026-02-30", b"1e9",
    b"=1+1",
]  # fmt: skip
_EDIT = st.tuples(
    st.sampled_from(["insert", "flip", "cut", "copy", "truncate"]),
    st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.sampled_from(_PIECES), st.integers(0, 7),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(kind=st.sampled_from(sorted(KINDS)), edits=st.lists(_EDIT, min_size=1, max_size=6))
def test_every_line_of_a_mutated_file_is_accounted_for(
    kind: str, edits: list[tuple[str, float, float, bytes, int]]
) -> None:
    content = KINDS[kind]
    for edit in edits:
        content = _edited(content, *edit)
    with tempfile.TemporaryDirectory() as place:
        _check(Path(place), kind, content)


def _check(place: Path, kind: str, content: bytes) -> None:
    suffix = "dat" if kind == "swipes" else "csv"
    workspace = workspace_at(place / "home")
    folder = deliver(place / "in", **{f"{kind}__{suffix}": content, "moves__csv__ctl": None})
    try:
        report = taken(folder, workspace, source=FREE)
    except ZhikeError as fault:
        message = str(fault)
    else:
        message = ""
    if message:
        assert "\n" not in message
        assert not workspace.current.exists()
        return
    counted = next(file for file in report.files if file.file.endswith(f"{kind}.{suffix}"))
    assert counted.rows_in == counted.accepted + counted.quarantined
    lines = [line for line in content.split(b"\n")[1:] if line.strip()]
    if b'"' not in content:
        assert counted.rows_in == len(lines)
    refused = [row for row in facts(workspace, "quarantine") if row["file"] == counted.file]
    assert len(refused) == counted.quarantined
    assert all(row["line"] > 1 and row["code"] in REASONS and row["raw"] is not None for row in refused)
    if kind == "swipes":
        assert not any("6225880000001234" in row["raw"] for row in refused)


def _edited(content: bytes, how: str, start: float, end: float, piece: bytes, bit: int) -> bytes:
    first, last = sorted((int(start * (len(content) + 1)), int(end * (len(content) + 1))))
    match how:
        case "insert":
            return content[:first] + piece + content[first:]
        case "flip" if first < len(content):
            return content[:first] + bytes([content[first] ^ 1 << bit]) + content[first + 1 :]
        case "cut":
            return content[:first] + content[min(last, first + 40) :]
        case "copy":
            return content[:last] + content[first:last] + content[last:]
        case "truncate":
            return content[: max(first, 10)]
    return content
