"""The one page that lists every method of the Web API that the workspace knows."""

from sandbox.api import auth, chat, conversations, files, history, marks, users, views
from sandbox.api.call import Method

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **history.METHODS,
    **marks.METHODS,
    **users.METHODS,
    **views.METHODS,
}

DEPRECATED = frozenset(
    {
        "channels.list",
        "dialog.open",
        "files.upload",
        "groups.list",
        "im.list",
        "im.open",
        "mpim.open",
        "rtm.connect",
        "rtm.start",
    }
)
