"""Two habits of the libraries that a workspace on one's own machine needs otherwise."""

import os

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State


class PatientWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which at shutdown would send a close to a connection that is closing already, and raise."""

    def shutdown(self) -> None:
        if self.handshake_complete and self.conn.state is not State.OPEN:
            self.stop_keepalive()
            self.transport.close()
        else:
            super().shutdown()


class FreshFiles(StaticFiles):
    """Static files that a browser asks for again: after an update nobody wants yesterday's page."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response
