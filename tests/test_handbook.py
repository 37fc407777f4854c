"""The procedure as it is printed: every row is there, each that works names a test there is, the page is up to date."""

import re
from pathlib import Path

import pytest

from bot.app import read_rulebook
from bot.cli import FINE, main
from bot.procedure.rows import ROWS, Row

ROOT = Path(__file__).parents[1]
EXPECTED = (
    [f"A{n}" for n in range(1, 11)]
    + [f"B{n}" for n in range(1, 11)]
    + [f"C{n}" for n in range(1, 22)]
    + [f"D1.{n}" for n in range(1, 5)]
    + [f"D2.{n}" for n in range(1, 5)]
    + [f"D3.{n}" for n in range(1, 10)]
    + [f"D4.{n}" for n in range(1, 5)]
    + [f"D5.{n}" for n in range(1, 4)]
    + [f"D6.{n}" for n in range(1, 6)]
    + ["D7.1", "D8.1"]
    + [f"E{n}" for n in range(1, 9)]
    + [f"F{n}" for n in range(1, 11)]
    + [f"G{n}" for n in range(1, 6)]
)


def test_every_row_of_the_procedure_is_there_once() -> None:
    assert [row.id for row in ROWS] == EXPECTED


@pytest.mark.parametrize("row", [row for row in ROWS if row.proof], ids=lambda row: row.id)
def test_what_is_said_to_prove_a_row_exists(row: Row) -> None:
    file, _, name = str(row.proof).partition("::")
    assert (ROOT / file).exists()
    assert not name or re.search(rf"def {name}\b", (ROOT / file).read_text(encoding="utf-8"))


def test_every_entry_of_the_rulebook_belongs_to_a_row() -> None:
    assert {rule.row for rule in read_rulebook().rules} <= {row.id for row in ROWS}


def test_the_page_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "--markdown"]) == FINE
    assert capsys.readouterr().out == (ROOT / "docs" / "procedure.md").read_text(encoding="utf-8"), (
        "visita procedure --markdown > docs/procedure.md"
    )


@pytest.mark.parametrize("language", ["en-US", "es-LA", "zh-CN"])
def test_it_is_printed_in_every_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "--language", language]) == FINE
    printed = capsys.readouterr().out
    assert all(f"\n{row.id} " in f"\n{printed}" for row in ROWS)
