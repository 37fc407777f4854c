"""Choosing in the page's menus, which close whenever what they stand in is drawn anew."""

from playwright.async_api import Locator, expect

_OPENINGS = 20
"""How often a menu may be closed by the page before somebody has chosen in it."""
_PRESS = """nodes => nodes.some(node => {
    node.scrollIntoView({ block: "nearest", behavior: "instant" });
    const { left, top, width, height } = node.getBoundingClientRect();
    const isInReach = node.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    if (isInReach) node.click();
    return isInReach;
})"""


async def choose(opener: Locator, option: Locator, typed: str = "") -> None:
    """Open a menu and choose; once more where it was closed meanwhile. `typed`: what is looked for, where one types."""
    for _ in range(_OPENINGS):
        # Looked at and pressed in one go: what is pressed with a mouse may be gone before the button is let go.
        if await option.evaluate_all(_PRESS):
            return
        await (opener.fill(typed) if typed else opener.click())
        # Three dots never say that they are open, and have everything in them at once; a list may still be looking.
        closed = opener.and_(opener.page.locator(":not([aria-expanded=true])"))
        await expect(option.or_(closed).first).to_be_visible()
    await option.click()  # says what is in the way
