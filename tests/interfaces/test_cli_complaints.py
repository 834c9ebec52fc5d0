"""``zhike complaint``: taken from a file, listed and shown without its text."""

from pathlib import Path

import pytest
from command_line import Run

from zhike.operations.service.codes import CAUSES

SAID = "重复收取年费，请回电 13812345678"


@pytest.fixture
def zhike(committed: None, capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


def test_taken_listed_and_shown(zhike: Run, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(SAID, encoding="utf-8")
    take = ("complaint", "take", str(letter), "--channel", "mail", "--cause", "fees")
    code, out, _ = zhike(*take, "--by-regulator")
    assert code == 0
    number = out.split()[1]
    assert out == f"Complaint {number} is taken; its clock began.\n"
    listed = zhike.json("complaint", "list", "--which", "regulator")
    assert [(row["complaint_id"], row["days_left"]) for row in listed["complaints"]] == [(number, 15)]
    assert number in zhike("complaint", "list")[1]
    shown = zhike("complaint", "show", number)[1]
    assert f"{number}: received, due" in shown
    assert "13812345678" not in shown + str(listed)
    assert [step["step"] for step in zhike.json("complaint", "show", number)["steps"]] == ["received"]


def test_what_cannot_be_is_told_in_one_line(zhike: Run, tmp_path: Path) -> None:
    letter, broken = tmp_path / "letter.txt", tmp_path / "broken.txt"
    letter.write_text(SAID, encoding="utf-8")
    broken.write_bytes(b"\xff\xfe\xff")
    by_mail = ("--channel", "mail", "--cause")
    assert "no such complaint" in zhike.fault("complaint", "show", "C2026-000001")
    assert "must be one of" in zhike.fault("complaint", "list", "--which", "nonsense")
    assert "as UTF-8 text" in zhike.fault("complaint", "take", str(broken), *by_mail, "fees")
    assert "as UTF-8 text" in zhike.fault("complaint", "take", str(tmp_path / "none.txt"), *by_mail, "fees")
    said = zhike.fault("complaint", "take", str(letter), *by_mail, "nonsense")
    assert all(cause in said for cause in CAUSES)
    said = zhike.fault("complaint", "take", str(letter), *by_mail, "fees", "--about", "nobody")
    assert "Nobody here has that log-in name" in said
