"""The page of figures: the table, the curve, and in so many words where Visita loses."""

from collections.abc import Iterator, Sequence

from bench.figures import EVERYBODY, VISITA, Figure, Who
from bench.rows.all import ROWS

INTRODUCTION = """\
Smaller is better everywhere. In brackets: how many times Visita's time on the same kind of database the peer takes, so
a number under 1 is a peer that is faster. Times are medians. Visita runs its real code (outbox, planner, delivery,
timetable, migrations); only Slack's end of the line is a stand-in where a row says "sender", and the local workspace
otherwise. The peers' jobs say nothing; Visita renders each message in its reader's language as it leaves, and the notes
of the bursts tell what part of the time that takes.
A "bare statement" is one insert of SQLAlchemy's with the same rows, in the same transaction: what planning and
reconciling a visit is to cost at most twice.
Pending notices come in whole workspaces of 3,000, so there are up to that many more than the number says,
and with them grow the visits (50 in each workspace), the people (60) and the workspaces: the curve is over all of them.
Whatever else keeps the machine busy while this runs lengthens every time, and most those of rows with many steps; the
row `cost`, in the processor's own time, suffers least.
PostgreSQL writes its commits to the disk, and so does SQLite (`synchronous = FULL`).
"""


def line(figure: Figure) -> str:
    """One figure as it is printed while the run goes on."""
    return f"{figure.row:12} {figure.who:24} {figure.pending or '':>9} {amount(figure):>10}  {figure.note}"


def page(figures: Sequence[Figure], circumstances: Sequence[str], *, of: Sequence[str]) -> str:
    """All of it, as Markdown; `of`: the rows that were to be measured."""
    there = {figure.row for figure in figures}
    missing = [f"`{name}`" for name in of if name not in there]
    if missing:
        circumstances = [*circumstances, f"- The run was ended before its end: without {', '.join(missing)}."]
    parts = [
        ["# Benchmarks", "", "Made by `make bench`; do not edit.", "", *circumstances, "", INTRODUCTION],
        ["## The table", "", *_table(figures), ""],
        ["## The curve: the same with more and more pending", "", *_curve(figures), ""],
        ["## Where Visita loses", "", *(list(_losses(figures)) or ["Nowhere in this run."]), ""],
        ["## Every figure", "", *_everything(figures)],
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def amount(figure: Figure) -> str:
    """The figure with its unit, at a precision that means something."""
    value = figure.value
    if value is None:
        return "–"
    if figure.unit == "ms":
        return f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.0f} ms" if value >= 100 else f"{value:.1f} ms"
    if figure.unit == "MB":
        return f"{value:+.0f} MB"
    return f"{value:.2f} ×" if figure.unit == "×" else f"{value:.0f}"


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    present = [who for who in EVERYBODY if any(figure.who == who for figure in figures)]
    yield from _header(["what", "pending", *present, "guide (SQLite / PostgreSQL)"])
    for name, row in ROWS.items():
        of_row = [figure for figure in figures if figure.row == name]
        for pending in sorted({figure.pending for figure in of_row if figure.who not in VISITA}) or _largest(of_row):
            cells = [_cell(_find(of_row, who, pending), figures) for who in present]
            guide = " / ".join(f"{value:g}" for value in row.guide) if row.guide else ""
            yield _cells([f"`{name}` {row.title}", f"{pending:,}" if pending else "", *cells, guide])


def _largest(figures: Sequence[Figure]) -> list[int]:
    return [max(figure.pending for figure in figures)] if figures else []


def _cell(figure: Figure | None, figures: Sequence[Figure]) -> str:
    if figure is None:
        return ""
    if figure.value is None:
        return f"– ({figure.note.partition(':')[0]})"
    ratio = _against_visita(figure, figures)
    return amount(figure) if ratio is None else f"{amount(figure)} ({ratio:.2g} ×)"


def _against_visita(figure: Figure, figures: Sequence[Figure]) -> float | None:
    """How many times Visita's figure on the same kind of database; None for Visita itself and for odd units."""
    if figure.who in VISITA or figure.value is None or figure.unit not in ("ms", "×"):
        return None
    counterpart: Who = VISITA[0] if "SQLite" in figure.who or "Postgre" not in figure.who else VISITA[1]
    if figure.who in ("Procrastinate", "PgQueuer"):
        counterpart = VISITA[1]
    own = _find([one for one in figures if one.row == figure.row], counterpart, figure.pending)
    return figure.value / own.value if own is not None and own.value else None


def _curve(figures: Sequence[Figure]) -> Iterator[str]:
    sizes = sorted({figure.pending for figure in figures if figure.who in VISITA and figure.pending})
    yield from _header(["what", "on", *(f"{size:,}" for size in sizes)])
    for name, row in ROWS.items():
        for who in VISITA:
            of_row = [figure for figure in figures if figure.row == name and figure.who == who]
            if len(of_row) > 1:
                found = [_find(of_row, who, size) for size in sizes]
                cells = [amount(figure) if figure else "" for figure in found]
                yield _cells([f"`{name}` {row.title}", who.removeprefix("Visita, "), *cells])


def _losses(figures: Sequence[Figure]) -> Iterator[str]:
    for figure in figures:
        if figure.row not in ROWS:
            continue
        at = f" with {figure.pending:,} pending" if figure.pending else ""
        guide = ROWS[figure.row].guide_of(figure.who)
        ratio = _against_visita(figure, figures)
        if figure.who in VISITA and figure.value is None:
            yield f"- `{figure.row}`: {figure.who}{at} has no figure: {figure.note}."
        elif guide is not None and figure.value is not None and figure.value > guide:
            yield (
                f"- `{figure.row}`: {figure.who}{at}: {amount(figure)}; the guide is {guide:g} {figure.unit}".rstrip()
                + "."
            )
        elif ratio is not None and ratio < 1:
            yield f"- `{figure.row}`: {figure.who}{at} is faster: {amount(figure)}, {ratio:.2g} times Visita's."


def _everything(figures: Sequence[Figure]) -> Iterator[str]:
    yield from _header(["row", "who", "pending", "figure", "note"])
    for figure in figures:
        note = figure.note.replace("|", "\\|")
        yield _cells([figure.row, figure.who, f"{figure.pending:,}" if figure.pending else "", amount(figure), note])


def _find(figures: Sequence[Figure], who: Who, pending: int) -> Figure | None:
    return next((figure for figure in figures if figure.who == who and figure.pending == pending), None)


def _header(names: Sequence[str]) -> list[str]:
    return [_cells(names), _cells(["---"] * len(names))]


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
