"""Rich text: what a composer's formatting looks like as blocks."""

from sandbox.blockkit.composition import ACTION_ID
from sandbox.blockkit.rules import Rule, Shape, array, boolean, by_type, integer, matching, one_of, string, url

_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean))
_STYLED: dict[str, Rule] = {"style": _STYLE}
_MENTION_STYLE: dict[str, Rule] = {
    "style": Shape({}, {**_STYLE.optional, "client_highlight": boolean, "unlink": boolean})
}
_ID = string(255, 1)

_INLINE = by_type(
    {
        "text": Shape({"text": string(None, 1)}, _STYLED),
        "link": Shape({"url": url()}, {"text": string(), "unsafe": boolean, **_STYLED}),
        "emoji": Shape({"name": string(None, 1)}, {"unicode": string(), "skin_tone": integer(1, 6), **_STYLED}),
        "user": Shape({"user_id": _ID}, _MENTION_STYLE),
        "usergroup": Shape({"usergroup_id": _ID}, _MENTION_STYLE),
        "channel": Shape({"channel_id": _ID}, _MENTION_STYLE),
        "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, _STYLED),
        "color": Shape({"value": matching(r"#[0-9a-fA-F]{6}", "must be a hex color")}, _STYLED),
        "date": Shape(
            {"timestamp": integer(0, 9_999_999_999), "format": string(None, 1)},
            {"url": url(), "fallback": string(), **_STYLED},
        ),
    }
)
_BORDER: dict[str, Rule] = {"border": integer(0, 1)}
_SECTION = Shape({"elements": array(_INLINE)})

_PARTS = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_preformatted": Shape({"elements": array(_INLINE)}, {**_BORDER, "language": string()}),
        "rich_text_quote": Shape({"elements": array(_INLINE)}, _BORDER),
        "rich_text_list": Shape(
            {"style": one_of("bullet", "ordered"), "elements": array(by_type({"rich_text_section": _SECTION}))},
            {"indent": integer(0, 8), "offset": integer(0, 10_000), **_BORDER},
        ),
    }
)

RICH_TEXT = Shape({"elements": array(_PARTS)}, {"block_id": ACTION_ID})
