"""Numbers of persons in free texts: masked before they are facts, and in the quarantine of files without persons."""

import re
from pathlib import Path

import pytest
from delivering import SMALL, facts, workspace_at

from zhike.core.snapshot import SnapshotStore
from zhike.data.columns import Day, Surrogate, Words
from zhike.data.ingest import load
from zhike.data.quarantine import TABLE
from zhike.data.source import Delimited, Map, RawFile, Source

NAMES = {
    "Shop 13812345678": "Shop 138****5678",
    "店 １３８－１２３４－５６７８ 号": "店 138****5678 号",
    "Hidden 138\u200b1234\u00ad5678": "Hidden 138****5678",
    "6222 0000 0000 0000 card": "6222 0000 0000 0000 card",
    "4111111111111111": "411111******1111",
    "Wang 110101199001011234": "Wang 1****************4",
    "ming@example.com": "m**@example.com",
    "Store 24": "Store 24",
    "Route 66 / 2026-11-24": "Route 66 / 2026-11-24",
}
SHOPS = RawFile(
    name="shops",
    pattern=r"(?P<date>\d{8})/shops\.csv",
    format=Delimited(),
    columns={"shop": Surrogate("merchant"), "name": Words(), "since": Day("%Y-%m-%d")},
    maps=(Map("merchant", lambda raw: {"merchant_id": raw.shop, "name": raw.name, "valid_from": raw.since}),),
)


class _Nowhere:
    def write(self, fields: object, /) -> int:
        return len(list(fields))  # type: ignore[call-overload]


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    source = Source("shops", SMALL.title, SMALL.meaning, "CNY", "Asia/Shanghai", (SHOPS,), "delivered")
    folder = tmp_path / "bank" / "20260105"
    folder.mkdir(parents=True)
    rows = "".join(f"{at},{name},2020-01-01\n" for at, name in enumerate(NAMES))
    (folder / "shops.csv").write_text(f"shop,name,since\n{rows}99,Bad 13812345678,yesterday\n98,torn 13812345678\n")
    workspace = workspace_at(tmp_path / "home")
    load(source, folder.parent, workspace=workspace, vault=_Nowhere(), progress=lambda *_: None)
    return workspace.home


def test_a_name_of_a_shop_holds_nobodys_number(loaded: Path) -> None:
    kept = {row["name"] for row in facts(workspace_at(loaded), "merchant")}
    assert kept == set(NAMES.values())


def test_the_quarantine_masks_in_files_that_name_nobody(loaded: Path) -> None:
    told = [row["raw"] for row in facts(workspace_at(loaded), TABLE)]
    assert len(told) == 2
    assert all("138****5678" in text for text in told)
    assert not any(re.search(r"\d{8}", text) for text in told)


def test_no_file_of_the_snapshot_holds_one(loaded: Path) -> None:
    from zhike.operations.governance import detector

    assert SnapshotStore(workspace_at(loaded)).current_id()
    leaks = [leak for leak in detector.in_folder(loaded / "facts", detector.Known([])) if leak.kind != "card_number"]
    assert leaks == []
