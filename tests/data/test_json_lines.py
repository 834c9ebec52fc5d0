"""JSON lines: values by path as they are written; every other line is refused with its number and a reason."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhike.core.errors import BadInput
from zhike.data import formats
from zhike.data.columns import Words
from zhike.data.formats import json_blocks, scan
from zhike.data.source import Companion, JsonLines, RawFile

LOG = RawFile(
    "log", "log", JsonLines(), {"id": Words(), "n": Words(), "device.os": Words()}, (),
    control=Companion(r"rows=(?P<count>\d+)"),
)  # fmt: skip


def _written(folder: Path, content: bytes, name: str = "log") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (folder / "log.ctl").write_text("rows=0")
    return path


def _read(path: Path) -> tuple[dict[int, tuple[str, ...]], dict[int, str]]:
    layout = scan.scan(path, path.name, LOG)
    rows: dict[int, tuple[str, ...]] = {}
    refused: dict[int, str] = {}
    for part in formats.read(path, LOG, layout, layout.begin):
        rows |= {int(line): tuple(row.values()) for line, row in zip(part.lines, part.rows.to_pylist(), strict=True)}
        refused |= {one.line: one.code for one in part.refused}
    return rows, refused


def test_values_are_texts_as_they_are_written(tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "n": 12.50, "device": {"os": "中"}}',
        '{"device": {}, "n": true, "id": "b"}\r',
        "",
        ' {"n": null, "id": -0, "device": null} ',
        "{}",
        '{"id": "\\u00e9", "n": 1e400, "device": {"os": "x\\ny"}}',
        '{"id": ' + "1" * 5000 + "}",
    ]
    rows, refused = _read(_written(tmp_path, "\n".join(lines).encode(), "log.gz"))
    assert not refused
    assert rows == {
        1: ("a", "12.50", "中"), 2: ("b", "true", ""), 4: ("-0", "", ""), 5: ("", "", ""),
        6: ("é", "1e400", "x\ny"), 7: ("1" * 5000, "", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"id": "a", "id": "b"}', "repeated_field"),
        ('{"device": {"os": 1, "os": 1}}', "repeated_field"),
        ('{"id": NaN}', "not_json"), ('{"id": -Infinity}', "not_json"), ('{"id": 1', "not_json"),
        ('{"id": 1} {"id": 2}', "not_json"), ('["id"]', "not_json"), ("7", "not_json"), ("id=1", "not_json"),
        ('{"id": 01}', "not_json"), ("{'id': 1}", "not_json"), ('{"id": "a\tb"}', "not_json"),
        ('{"id": [1]}', "too_deep"), ('{"id": {"x": 1}}', "too_deep"), ('{"device": {"os": {}}}', "too_deep"),
        ('{"n": ' + "[" * 100_000 + "]" * 100_000 + "}", "too_deep"),
        ('{"n": ' + '{"a":' * 40_000 + "1" + "}" * 40_000 + "}", "too_deep"),
        ('{"other": 1}', "unknown_field"), ('{"device": 5}', "unknown_field"), ('{"device.os": 5}', "unknown_field"),
        ('{"device": {"model": "x"}}', "unknown_field"),
        ('{"id": "' + "x" * 300_000 + '"}', "too_long"),
        ('{"id": "\\ud800"}', "undecodable"), ('{"id": "a\\u0000"}', "undecodable"),
    ],
)  # fmt: skip
def test_what_is_no_row_is_refused_alone(tmp_path: Path, line: str, code: str) -> None:
    good = '{"id": "fine"}'
    rows, refused = _read(_written(tmp_path, "\n".join([good, line, good]).encode()))
    assert rows == {1: ("fine", "", ""), 3: ("fine", "", "")}
    assert refused == {2: code}


def test_bytes_of_another_encoding(tmp_path: Path) -> None:
    rows, refused = _read(_written(tmp_path, b'{"id": "\xff"}\n{"id": "\xe4\xb8"}\n{"id": "b"}'))
    assert (rows, refused) == ({3: ("b", "", "")}, {1: "undecodable", 2: "undecodable"})


@pytest.mark.parametrize(
    "line", ['{"id": 1, "cvv2": "123"}', '{"device": {"cardPin": 1}}', '{"pin": "12', '{"pwd":1,"pwd":1}']
)
def test_verification_values_refuse_the_file(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadInput, match=r"verification values.*Nothing was loaded"):
        _read(_written(tmp_path, b'{"id": 1}\n' + line.encode()))


def test_a_broken_archive_refuses_the_file(tmp_path: Path) -> None:
    path = _written(tmp_path, b'{"id": 1}\n' * 1000, "log.gz")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadInput, match="cut off or damaged"):
        _read(path)


_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["os", "id", "x"]), inner, max_size=2),
    max_leaves=4,
)
_OBJECT = st.dictionaries(st.sampled_from(["id", "n", "device", "x"]), _VALUE, max_size=3)
_LINE = _OBJECT.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(lines=st.lists(_LINE, min_size=1, max_size=8))
def test_every_line_is_a_row_or_refused_whatever_the_blocks(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = _written(tmp_path_factory.mktemp("lines"), b"\n".join([b'{"id": "first"}', *lines]))
    rows, refused = _read(path)
    physical = path.read_bytes().split(b"\n")
    told = {number for number, line in enumerate(physical, 1) if line.strip()}
    assert rows.keys() | refused.keys() == told
    assert not rows.keys() & refused.keys()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "BLOCK_BYTES", 7)
        assert _read(path) == (rows, refused)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    values=st.tuples(st.text(max_size=6), st.integers() | st.decimals(-9999, 9999), st.text()),
    order=st.permutations(["id", "n", "device"]),
)
def test_what_was_written_is_read_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, values: tuple[str, object, str], order: list[str]
) -> None:
    written = {"id": json.dumps(values[0]), "n": str(values[1]).lower(), "device": json.dumps({"os": values[2]})}
    if not written["n"].lstrip("-")[0].isdigit():
        written["n"] = "0"
    line = "{" + ", ".join(f'"{key}": {written[key]}' for key in order) + "}"
    rows, refused = _read(_written(tmp_path_factory.mktemp("order"), line.encode()))
    if "\0" in values[0] + values[2]:
        assert refused == {1: "undecodable"}
    else:
        assert rows == {1: (values[0], written["n"], values[2])}


_PLAIN = st.text(st.sampled_from("ab7中 {}:,[]"), max_size=6).map(lambda text: json.dumps(text, ensure_ascii=False))
_ODD = st.sampled_from(["null", "true", "1.50", "-0", "{}", "[]"])
_WRITTEN = _PLAIN | st.integers(-(10**20), 10**20).map(str) | _ODD
_PART = st.tuples(st.sampled_from(["id", "n", "device", "x"]), _WRITTEN).map(lambda pair: f'"{pair[0]}":{pair[1]}')
_LIKELY = st.lists(_PART, max_size=4).map(lambda parts: "{" + ",".join(parts) + "}")
_BROKEN = st.sampled_from(['{"id":"a"}{"id":"b"}', '{"id":"a"', "}", '{"device":{"os":"x"}', '{"id":"}', '{"n":{}', ""])


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(lines=st.lists(_LIKELY | _BROKEN, min_size=1, max_size=6), ends=st.sampled_from(["\n", "\r\n"]))
def test_blocks_through_arrow_read_what_lines_read(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], ends: str
) -> None:
    """The quick way gives the same rows and refusals as the careful one, whatever stands beside each other."""
    path = _written(tmp_path_factory.mktemp("ways"), ends.join(['{"id":"first","n":1}', *lines]).encode())
    quick = _read(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_blocks, "texts_of", lambda *_: None)
        assert quick == _read(path)


def test_ordinary_blocks_take_the_quick_way() -> None:
    block = '{"id":"a","n":12,"device":{"os":"中"}}\n{"device":null,"id":"b"}\r\n{"id":"c","n":-7}'.encode()
    table = json_blocks.texts_of(block, ("id", "n", "device.os"), 1_000)
    assert table is not None
    assert table.to_pylist() == [
        {"id": "a", "n": "12", "device.os": "中"}, {"id": "b", "n": "", "device.os": ""},
        {"id": "c", "n": "-7", "device.os": ""},
    ]  # fmt: skip
    for odd in (b'{"id":"\xff"}', b'{"id":1}\n{"id":"a"}', b'{"id":"a"}\n\n', b'{"id":"' + b"x" * 2_000 + b'"}'):
        assert json_blocks.texts_of(odd, ("id", "n", "device.os"), 1_000) is None
