"""What an OBS that does more than Debian's would answer, over a real websocket; it keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

ANSWERS: dict[str, dict[str, Any]] = {
    "GetCurrentProgramScene": {"currentProgramSceneName": "Scene"},
    "GetRecordStatus": {"outputActive": True},
    "GetStreamStatus": {"outputActive": True},
    "GetInputKindList": {"inputKinds": ["text_ft2_source_v2", "browser_source"]},
    "GetVideoSettings": {"baseWidth": 1920, "baseHeight": 1080},
}


class ObsPeer:
    """Records and streams from the start.

    Attributes:
        url: where it listens. refused: codes for requests that it does not grant. asked: each request and its data.
    """

    def __init__(self, refused: Mapping[str, int] | None = None) -> None:
        self.refused = dict(refused or {})
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._server = serve(self._answer, "127.0.0.1", 0, subprotocols=["obswebsocket.json"])  # type: ignore
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def of(self, kind: str, key: str) -> list[str]:
        """That part of each request of a kind."""
        return [data[key] for asked, data in self.asked if asked == kind]

    def _answer(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"op": 0, "d": {"rpcVersion": 1}}))
        try:
            for message in connection:
                told = json.loads(message)
                if told["op"] == 1:
                    connection.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
                    continue
                kind = told["d"]["requestType"]
                self.asked.append((kind, told["d"]["requestData"]))
                code = self.refused.get(kind, 100)
                status = {"result": code == 100, "code": code}
                body = {"requestType": kind, "requestId": told["d"]["requestId"], "requestStatus": status}
                connection.send(json.dumps({"op": 7, "d": {**body, "responseData": ANSWERS.get(kind, {})}}))
        except ConnectionClosed:
            return
