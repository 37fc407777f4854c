"""The reference visit: every notice of it, in three languages, as it was reviewed against the procedure."""

import pytest

from bot.i18n import Catalogs, Language
from tests.golden import file_of, golden


@pytest.mark.parametrize("language", list(Language))
def test_the_reference_visit_tells_what_was_reviewed(language: Language) -> None:
    kept = file_of(language).read_text(encoding="utf-8")

    assert golden(Catalogs.load(strict=True), language) == kept, (
        "if this is what everybody shall be told: python -m tests.golden update"
    )
