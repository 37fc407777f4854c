"""What everybody reads, kept as files: one for each language and kind of message, compared by the tests.

`python -m tests.snapshots update` writes them anew; read the difference before it is committed.
"""

from pathlib import Path

from bot.i18n import Catalogs, Language
from tests.gallery import KINDS
from tests.rendering import rendered
from tests.samples import Scene

FOLDER = Path(__file__).parent


def file_of(language: Language, kind: str) -> Path:
    """Where the snapshot of a kind in a language is kept."""
    return FOLDER / language / f"{kind}.txt"


def snapshot(catalogs: Catalogs, language: Language, kind: str) -> str:
    """Every piece of a kind, one below the other."""
    scene = Scene(catalogs, language)
    names = {person.slack_id: person.name for person in scene.people().values()}
    names |= {"C01RECEPTION": "#reception"}
    pieces = [
        f"━━ {description}\n{rendered(built, lambda found: names[found])}\n"
        for description, built in KINDS[kind](scene)
    ]
    return "\n".join(pieces)


def update() -> None:
    """Writes every file anew and removes those that nothing is kept in any more."""
    catalogs = Catalogs.load(strict=True)
    kept = {file_of(language, kind): (language, kind) for language in Language for kind in KINDS}
    for file in FOLDER.glob("*/*.txt"):
        if file not in kept:
            file.unlink()
    for file, (language, kind) in kept.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(snapshot(catalogs, language, kind), encoding="utf-8")
