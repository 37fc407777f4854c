"""What the source says about itself, read without importing it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "schedules", "locales", "sandbox", "bench", "tests")

# Each may import from the ones before it, and from itself.
LAYERS = (
    ("bot.errors",),
    ("bot.clock", "bot.vault"),
    ("bot.settings", "bot.logs", "bot.scopes", "bot.memory"),
    ("bot.models",),
    ("bot.procedure", "bot.database", "bot.i18n", "bot.metrics", "bot.pace", "bot.searched"),
    ("bot.messages", "bot.slack", "bot.documents"),
    ("bot.switchboard",),
    ("bot.services",),
    ("handlers", "schedules"),
    ("bot.web", "bot.oauth", "bot.socket_line"),
    ("bot.check", "bot.app", "bot.handbook"),
    ("bot.demo_office",),
    ("bot.demo",),
    ("bot.cli",),
    ("bot.__main__",),
)
TOP = (
    "bot.app",
    "bot.web",
    "bot.oauth",
    "bot.check",
    "bot.handbook",
    "bot.demo",
    "bot.demo_office",
    "bot.cli",
    "bot.__main__",
)
CLOCKS = ("bot.clock", "sandbox.clock")


@dataclass(frozen=True)
class Source:
    """One Python file, by the name under which it is imported."""

    name: str
    text: str

    @classmethod
    def of(cls, path: Path) -> "Source":
        parts = path.relative_to(ROOT).with_suffix("").parts
        return cls(".".join(parts[:-1] if parts[-1] == "__init__" else parts), path.read_text())

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(ast.parse(self.text)))

    def imports(self) -> Iterator[str]:
        """Every name imported, in full: `from bot import app` is `bot.app`, `from time import time` is `time.time`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def uses(self) -> Iterator[str]:
        """Every dotted name, as it is written: `datetime.now`, `os.environ`."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute | ast.Name):
                yield ast.unparse(node)

    def calls(self) -> Iterator[ast.Call]:
        yield from (node for node in self.nodes if isinstance(node, ast.Call))


@cache
def sources(*rooms: str) -> tuple[Source, ...]:
    return tuple(source for room in rooms for source in _room(room))


@cache
def _room(name: str) -> tuple[Source, ...]:
    return tuple(Source.of(path) for path in sorted((ROOT / name).rglob("*.py")))


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def layer(name: str) -> int | None:
    """Which layer a module, or something in it, belongs to."""
    return next((depth for depth, packages in enumerate(LAYERS) if within(name, *packages)), None)


def outward_imports(source: Source) -> list[str]:
    """Imports that point outwards, or sideways within a layer."""
    own = layer(source.name)
    if own is None:
        return []
    home = next(package for package in LAYERS[own] if within(source.name, package))
    found = []
    for name in source.imports():
        depth = layer(name)
        if depth is not None and not within(name, home) and depth >= own:
            found.append(f"{source.name} imports {name}")
    return found


def forbidden_imports(source: Source) -> list[str]:
    """Imports that no direction would show."""
    forbidden: list[str] = []
    if within(source.name, "handlers", "schedules"):
        forbidden += ["sqlalchemy", "sqlmodel"]
    if within(source.name, "sandbox"):
        forbidden += ["bot", "handlers", "schedules", "locales", "tests", "bench"]
    elif not within(source.name, "bot.demo", "bot.cli", "tests", "bench"):
        forbidden += ["sandbox", "tests", "bench"]
    if within(source.name, "bot") and not within(source.name, *TOP):
        forbidden += ["handlers", "schedules"]
    return [f"{source.name} imports {name}" for name in source.imports() if within(name, *forbidden)]


def imports_inside_functions(source: Source) -> list[str]:
    functions = (node for node in source.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [
        f"{source.name}:{node.lineno} imports inside {function.name}()"
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def looks_at_the_clock(source: Source) -> list[str]:
    if source.name in CLOCKS:
        return []
    asking = (".datetime.now", ".datetime.utcnow", ".datetime.today", ".date.today", ".time.time", ".time.time_ns")
    asked = [*source.uses(), *source.imports()]
    return [f"{source.name} uses {name}" for name in asked if f".{name}".endswith(asking)]


def looks_at_the_environment(source: Source) -> list[str]:
    if source.name == "bot.settings":
        return []
    asked = [*source.uses(), *source.imports()]
    return [f"{source.name} uses {name}" for name in asked if name in {"os.environ", "os.getenv", "os.environb"}]


def patches(source: Source) -> list[str]:
    """Tests replace parts by keyword or at the transport, never behind the back of the code."""
    parameters = (node.arg for node in source.nodes if isinstance(node, ast.arg))
    named = [*source.uses(), *source.imports(), *parameters]
    words = {"monkeypatch", "patch", "mocker"}
    return [f"{source.name} uses {name}" for name in named if words & set(name.split("."))]


def fixed_sleeps(source: Source) -> list[str]:
    """A test that sleeps is slow when it need not be and fails when the machine is slow."""
    return [
        f"{source.name}:{call.lineno} sleeps"
        for call in source.calls()
        if ast.unparse(call.func) in {"asyncio.sleep", "time.sleep", "sleep"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value != 0
    ]
