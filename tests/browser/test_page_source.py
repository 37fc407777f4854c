"""What the page's sources may not contain."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "sandbox" / "page"
FORBIDDEN = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")


def test_no_script_makes_markup_of_data() -> None:
    scripts = sorted((PAGE / "js").rglob("*.js"))
    assert scripts
    for script in scripts:
        source = script.read_text(encoding="utf-8")
        assert not [word for word in FORBIDDEN if word in source], script.name


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for source in (PAGE / "index.html", *(PAGE / "css").glob("*.css")):
        text = source.read_text(encoding="utf-8")
        assert "//" not in text.replace("http://www.w3.org", ""), source.name


def test_files_stay_short() -> None:
    for script in (PAGE / "js").rglob("*.js"):
        assert len(script.read_text(encoding="utf-8").splitlines()) <= 350, script.name
