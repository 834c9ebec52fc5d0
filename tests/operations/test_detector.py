"""The detector of clear personal data: every class in every encoding and packing is found; what is none is not."""

import base64
import gzip
import json
import random
import string
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhike.data import lookalikes
from zhike.operations.governance import detector
from zhike.operations.governance.detector import Known, in_bytes, in_file, in_text
from zhike.operations.governance.masking import mask, mask_text

# Numbers that nobody holds: a prefix of no operator, a division of no place, a BIN of no bank.
PHONE, ID, CARD, EMAIL = "15400112233", "990101199003070031", "9999991234567893", "nobody@example.com"
NAME, SHORT_NAME, ADDRESS = "欧阳测试名", "试名", "样例省样例市样例路99号"
KNOWN = Known(
    [("full_name", NAME), ("full_name", SHORT_NAME), ("address", ADDRESS), ("phone", PHONE), ("email", EMAIL)]
)
PATTERNED = {
    "phone": (
        PHONE,
        "+86 154-0011-2233",
        "008615400112233",
        "１５４００１１２２３３",
        "154 0011 2233",
        "86-15400112233",
    ),
    "id_number": (ID, "990101 19900307 0031", "99010119900307003１"),
    "card_number": (
        CARD,
        "9999 9912 3456 7893",
        "９９９９９９１２３４５６７８９３",
        "4222222222222",
        "6200000000000000000",
    ),
    "email": (EMAIL, "no.body+x@mail.example.org", "nobody＠example.com"),
}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "base64": base64.b64encode,
    "base64 for addresses": base64.urlsafe_b64encode,
    "gzip in base64": lambda content: base64.b64encode(gzip.compress(content)),
    "among other bytes": lambda content: bytes(range(256)) * 9 + content + bytes(range(255, 0, -1)) * 9,
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PATTERNED.items() for text in texts])
def test_a_number_is_found_however_it_is_written(kind: str, text: str) -> None:
    for around in ("{}", "客户{}来电", "x={};", '{{"memo": "{}"}}', "\t{}\n"):
        assert [leak.kind for leak in in_text(around.format(text), "here")] == [kind], around


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("encoding", detector.ENCODINGS)
@pytest.mark.parametrize(
    ("kind", "value"),
    [("full_name", NAME), ("address", ADDRESS), ("phone", PHONE), ("email", EMAIL)],
)
def test_a_known_value_is_found_in_every_encoding_and_packing(
    kind: str, value: str, encoding: str, packing: str
) -> None:
    content = PACKINGS[packing](f"一行 {value} 之后".encode(encoding))
    assert kind in {leak.kind for leak in in_bytes(content, "here", KNOWN, patterns=False)}


@pytest.mark.parametrize("encoding", detector.ENCODINGS)
def test_a_name_of_two_signs_is_found_in_a_text(encoding: str) -> None:
    content = f"收件人：{SHORT_NAME}".encode(encoding)
    assert [leak.kind for leak in in_bytes(content, "here", KNOWN, patterns=False)] == ["full_name"]


@pytest.mark.parametrize("encoding", detector.ENCODINGS[1:])
def test_six_bytes_of_noise_are_no_name_of_three_signs(encoding: str) -> None:
    """A thousand such names in a hundred megabytes of ciphertext: some run of the tests would have found one."""
    known, noise = Known([("full_name", "测试名")]), random.Random(8).randbytes(600) + b"\xff\0"
    assert len("测试名".encode(encoding)) == 6
    assert list(in_bytes(noise + "测试名".encode(encoding) + noise, "here", known, patterns=False)) == []
    assert list(in_bytes(noise + "测试名".encode() + noise, "here", known, patterns=False)) != []


ESCAPES: dict[str, Callable[[str], str]] = {
    "JSON": json.dumps,
    "HTML": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "address": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
}


@pytest.mark.parametrize("escape", ESCAPES)
def test_an_escaped_value_is_found(escape: str) -> None:
    assert [leak.kind for leak in in_bytes(ESCAPES[escape](NAME).encode(), "here", KNOWN, patterns=False)] == [
        "full_name"
    ]


@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "none"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())])
def test_parquet_is_read(tmp_path: Path, compression: str, kind: pa.DataType) -> None:
    values: list[str | bytes] = ["harmless"] * 5_000 + [NAME, f"tel {PHONE}"]
    if pa.types.is_binary(kind):
        values = [str(value).encode() for value in values]
    path = tmp_path / "some.parquet"
    pq.write_table(pa.table({"memo": pa.array(values).cast(kind)}), path, compression=compression)
    assert {leak.kind for leak in in_file(path, KNOWN)} >= {"full_name", "phone"}


def test_a_number_in_an_integer_column_is_found(tmp_path: Path) -> None:
    path = tmp_path / "some.parquet"
    pq.write_table(pa.table({"amount": [1, 2, int(PHONE)]}), path)
    assert {leak.kind for leak in in_file(path, KNOWN)} == {"phone"}


def test_an_arrow_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "some.arrow"
    table = pa.table({"memo": ["harmless"] * 999 + [NAME]})
    with pa.ipc.new_file(path, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    assert {leak.kind for leak in in_file(path, KNOWN)} == {"full_name"}


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T13:45:10.123456+08:00",
        "1763985601234",
        "01970139-1234-5678-8000-000000000012",
        "sha256 13912345678abcdef13912345678abcdef13912345678abcdef139123456780",
        "15400112233445",
        "990101199003070037",
        "9999991234567890",
        "0.154001122331",
        "zhike_request_seconds_sum 0.9999991234567893",
        "12.15400112233",
        "version 1.5.40011223.3",
        "999999******7893",
        "154****2233",
        "9****************7",
        "n**@example.com",
        "http://127.0.0.1:8000/customers/",
        "user@localhost",
        "2222222222222222",
        "¥13,912,345,678.00",
    ],
)
def test_what_is_none_is_not_found(text: str) -> None:
    assert list(in_text(text, "here")) == []
    assert list(in_bytes(text.encode(), "here", Known([]))) == []


def test_noise_holds_nobody() -> None:
    chance = random.Random(7)
    assert list(in_bytes(chance.randbytes(4 << 20), "noise", KNOWN)) == []
    tokens = " ".join("".join(chance.choices(string.ascii_letters + string.digits, k=64)) for _ in range(5_000))
    assert list(in_text(tokens, "tokens")) == []


@pytest.mark.parametrize(("kind", "text"), [(kind, texts[0]) for kind, texts in PATTERNED.items()])
def test_a_text_is_masked_as_a_field_is(kind: str, text: str) -> None:
    assert mask_text(f"请联系 {text}，谢谢") == f"请联系 {mask(kind, text)}，谢谢"


@pytest.mark.parametrize("text", [text for texts in PATTERNED.values() for text in texts])
def test_what_is_masked_is_found_no_more(text: str) -> None:
    masked = mask_text(f"客户{text}来电")
    assert list(in_text(masked, "here")) == []
    assert masked.startswith("客户")
    assert masked.endswith("来电")


def test_a_mistyped_document_is_masked_and_not_reported() -> None:
    assert mask_text("990101199003070037") == "9****************7"
    assert list(lookalikes.found("nothing here 12345")) == []
