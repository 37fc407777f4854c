"""Documents to print: a template of ours filled with plain data, set in a font that comes with the bot.

What people typed reaches the template as JSON and is never read as its language.
"""

import asyncio
import json
import threading
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst


class Template(StrEnum):
    """The files of `bot/templates`."""

    ITINERARY = "itinerary"
    LETTER = "letter"


class DocumentError(Exception):
    """A document could not be made. Says nothing of what it would have said."""


class Documents:
    """Makes PDFs. The fonts are read once, when the first is wanted."""

    def __init__(self) -> None:
        self._compiler: typst.Compiler | None = None
        self._lock = threading.Lock()

    async def pdf(self, template: Template, data: Mapping[str, Any], *, archival: bool = False) -> bytes:
        """The document; DocumentError where it cannot be made. `archival`: as PDF/A, which refuses a sign that no font
        has."""
        return await asyncio.to_thread(self._made, template, dict(data), archival=archival)

    def _made(self, template: Template, data: dict[str, Any], *, archival: bool) -> bytes:
        source = files("bot").joinpath("templates", f"{template}.typ").read_bytes()
        with self._lock:
            if self._compiler is None:
                # For names in scripts that this font has not, those of the machine are asked.
                self._compiler = typst.Compiler(font_paths=[str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)])
            try:
                made = self._compiler.compile(
                    input=source,
                    sys_inputs={"data": json.dumps(data)},
                    pdf_standards=["a-2b"] if archival else [],
                )
            except (typst.TypstError, RuntimeError):
                raise DocumentError(template) from None
        assert isinstance(made, bytes)
        return made
