"""What was measured for docs/capacity.md, kept until it is measured anew: the page is made of these files alone."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "measured"


def keep(name: str, found: Any) -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(name: str) -> Any:
    """None where it was never measured."""
    file = FOLDER / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
