"""What Courtside asks of OBS, answered by a process that can be stopped. Its port is its first line of stdout."""

from __future__ import annotations

import json
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

ANSWERS: dict[str, dict[str, Any]] = {
    "GetCurrentProgramScene": {"currentProgramSceneName": "Scene"},
    "GetRecordStatus": {"outputActive": False},
    "GetStreamStatus": {"outputActive": False},
}


def answer(connection: ServerConnection) -> None:
    """One connection, from the greeting to its end; each request is granted."""
    connection.send(json.dumps({"op": 0, "d": {"rpcVersion": 1}}))
    try:
        for message in connection:
            asked = json.loads(message)
            if asked["op"] == 1:
                connection.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
                continue
            kind = asked["d"]["requestType"]
            body = {"requestType": kind, "requestId": asked["d"]["requestId"], "requestStatus": {"result": True}}
            connection.send(json.dumps({"op": 7, "d": {**body, "responseData": ANSWERS.get(kind, {})}}))
    except ConnectionClosed:
        return


if __name__ == "__main__":
    with serve(answer, "127.0.0.1", 0, subprotocols=["obswebsocket.json"]) as server:  # type: ignore[list-item]
        print(server.socket.getsockname()[1], flush=True)
        server.serve_forever()
