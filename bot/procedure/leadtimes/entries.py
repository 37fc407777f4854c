"""A table of the file with its lines: what stands in it, and errors that name file, line and field."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Read = TypeVar("Read")
Default = TypeVar("Default")


class RulebookError(ValueError):
    """The rulebook cannot be used; the text names file, line and field."""


@dataclass(frozen=True)
class Entry:
    """One table of the file with its lines, the first of which has the number `begins`."""

    source: str
    values: Mapping[str, Any]
    lines: Sequence[str]
    begins: int

    def mistake(self, name: str, why: object) -> RulebookError:
        """Points at the line of the field, or of the entry that lacks it."""
        written = re.compile(rf"\s*(\[+\s*)?{re.escape(name)}\s*[]=]")
        numbered = enumerate(self.lines, self.begins)
        line = next((number for number, text in numbered if written.match(text)), self.begins)
        return RulebookError(f"{self.source}, line {line}, field {name!r}: {why}")

    def refuse_unknown(self, known: Collection[str]) -> None:
        for name in self.values:
            if name not in known:
                raise self.mistake(name, f"is not known, only {', '.join(sorted(known))}")

    def table(self, name: str) -> "Entry":
        """One of its tables, with the lines from its heading to the next."""
        heading = re.compile(rf"\s*\[\s*{re.escape(name)}\s*\]")
        begins = next((number for number, line in enumerate(self.lines) if heading.match(line)), 0)
        rest = self.lines[begins + 1 :]
        ends = next((number for number, line in enumerate(rest) if re.match(r"\s*\[", line)), len(rest))
        values = self.values[name]
        if not isinstance(values, dict):
            raise self.mistake(name, "a table is wanted: [chase]")
        return Entry(self.source, values, self.lines[begins : begins + 1 + ends], self.begins + begins)

    def read(self, name: str, reader: Callable[[Any], Read]) -> Read:
        if name not in self.values:
            raise self.mistake(name, "is missing")
        try:
            return reader(self.values[name])
        except ValueError as error:
            raise self.mistake(name, error) from error

    def read_if_given(self, name: str, reader: Callable[[Any], Read], otherwise: Default) -> Read | Default:
        return self.read(name, reader) if name in self.values else otherwise
