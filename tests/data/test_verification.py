"""Verification values, PINs and track data are refused with the whole file, before anything of it is kept."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from delivering import PEOPLE, SMALL, deliver, taken, workspace_at

from zhike.core.errors import BadInput
from zhike.data.columns import Ignored, Words
from zhike.data.source import Delimited, FixedWidth, RawFile, Source
from zhike.data.verification import holds_track, is_refused

HEAD = "number,name,paper,born,since,note,score"
VALUE = "8317"
NAMES = (
    "cvv", "CVV2", "cvc", "CVC2", "card_cvn2", "cardCvv", "CVN", "cav2", "csc", "pin", "PIN", "pin_block", "PinBlock",
    "PINBLK", "cust pin", "track1", "TRACK_2", "track2_data", "TrackData", "magstripe", "pvv", "card security code",
    "securityCode", "verification_value", "安全码", "卡安全码", "校验码", "二磁道", "交易密码", "password", "ｃｖｖ２",
)  # fmt: skip
HARMLESS = (
    "pinyin", "spin", "shipping", "opinion", "tracking_no", "track_record", "company", "code", "response", "校区",
    "card_no", "curve", "discsize", "safety", "passport_no", "passage", "验收日", "merchant_name",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_column_named_so_is_refused(name: str) -> None:
    assert is_refused(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_another_is_not(name: str) -> None:
    assert not is_refused(name)


@pytest.mark.parametrize("name", ["cvv2", "PIN block", "安全码"])
@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_file_with_such_a_column_is_refused_whole(
    tmp_path: Path, name: str, packed: Callable[[bytes], bytes]
) -> None:
    workspace = workspace_at(tmp_path / "home")
    folder = deliver(tmp_path / "bank", "20260105")
    path = folder / "20260105" / "people.csv"
    path.write_text(f"{HEAD},{name}\n1,A,,,2020-01-01,,,{VALUE}\n")
    if packed is gzip.compress:
        path.with_name("people.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    with pytest.raises(BadInput) as fault:
        taken(folder, workspace)
    told = str(fault.value)
    assert "holds verification values in" in told
    assert told.count("\n") == 0
    assert VALUE not in told
    kept = [file for file in workspace.home.rglob("*") if file.is_file() and file.suffix not in (".key", ".lock")]
    assert [file for file in kept if VALUE.encode() in file.read_bytes()] == []
    assert not any(workspace.staging.iterdir())


@pytest.mark.parametrize(
    "track", [b"%B9999991234567893^NOBODY/TEST^3012101000000", b";9999991234567893=30121010000000000000?"]
)
def test_track_data_are_refused_whatever_their_column(tmp_path: Path, track: bytes) -> None:
    assert holds_track(b"x" * 1000 + track)
    workspace = workspace_at(tmp_path / "home")
    folder = deliver(tmp_path / "bank", "20260105")
    (folder / "20260105" / "people.csv").write_bytes(f"{HEAD}\n1,A,,,2020-01-01,{track.decode()},\n".encode())
    with pytest.raises(BadInput, match="holds track data") as fault:
        taken(folder, workspace)
    assert b"9999991234567893" not in str(fault.value).encode()


def test_what_looks_half_like_it_is_not_refused() -> None:
    for text in (b"%Bonus^", b";a=b;", b"a;1234567890123;x=1", b"%B123^", b"x=9999991234567893;"):
        assert not holds_track(text)


@pytest.mark.parametrize(
    "file",
    [
        replace(PEOPLE, name="more", columns={**PEOPLE.columns, "cvv2": Ignored(masked=True)}),
        RawFile(
            "wide", r"wide\.dat", FixedWidth({"id": 4, "pin_block": 16}), {"id": Words(), "pin_block": Ignored()}, ()
        ),
    ],
    ids=["separated", "fixed width"],
)
def test_a_source_cannot_declare_one(file: RawFile) -> None:
    assert isinstance(file.format, Delimited | FixedWidth)
    with pytest.raises(ValueError, match="holds verification values"):
        Source("other", SMALL.title, SMALL.meaning, "CNY", "Asia/Shanghai", (file,), "delivered")
