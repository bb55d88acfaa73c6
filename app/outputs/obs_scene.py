"""Scenes of OBS, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass

from app.outputs.obs_address import ObsAddress
from app.outputs.obs_socket import NOT_FOUND, Data, ObsSocket, RequestFailed, connected, unanswered
from core.errors import OutputError

AGAIN = "In OBS: Tools, WebSocket Server Settings."


@dataclass(frozen=True, slots=True)
class ObsFound:
    """An OBS that answered.

    Attributes:
        shown: where. version: OBS's own. scenes: their names, the topmost first. on_air: the one that is.
    """

    shown: str
    version: str
    scenes: tuple[str, ...]
    on_air: str


def look(address: ObsAddress) -> ObsFound:
    """Asks the OBS at an address. Raises OutputError where none answers, or refuses."""
    from websockets.exceptions import WebSocketException

    try:
        with connected(address) as socket:
            version = str(socket.ask("GetVersion").get("obsVersion", ""))
            return ObsFound(address.shown, version, tuple(scenes(socket)), on_air(socket))
    except (OSError, TimeoutError, WebSocketException, RequestFailed) as error:
        raise OutputError("OBS does not answer", f"{unanswered(address, error)} {AGAIN}") from error


def on_air(socket: ObsSocket) -> str:
    """The name of the scene that is on air."""
    return str(socket.ask("GetCurrentProgramScene")["currentProgramSceneName"])


def scenes(socket: ObsSocket) -> list[str]:
    """Names of the scenes, the topmost in OBS's list first, which it tells last."""
    return [str(known["sceneName"]) for known in reversed(socket.ask("GetSceneList")["scenes"])]


def in_scene(socket: ObsSocket, kind: str, scene: str, **data: object) -> Data:
    """Asks something of a scene. Raises OutputError for one that OBS does not have, and RequestFailed."""
    try:
        return socket.ask(kind, sceneName=scene, **data)
    except RequestFailed as failed:
        known = scenes(socket)
        if failed.code != NOT_FOUND or scene in known:
            raise
        raise OutputError(f"OBS has no scene “{scene}”", f"It has: {', '.join(known)}.") from None


def ensure_in_scene(socket: ObsSocket, scene: str, source: str) -> None:
    """A source that exists stands in a scene, too. Raises as `in_scene`."""
    try:
        in_scene(socket, "GetSceneItemId", scene, sourceName=source)
    except RequestFailed as failed:
        if failed.code != NOT_FOUND:
            raise
        in_scene(socket, "CreateSceneItem", scene, sourceName=source)


def change_source(socket: ObsSocket, source: str, settings: Data) -> bool:
    """Sets some of a source's settings; False where there is no such source. Raises RequestFailed."""
    try:
        socket.ask("SetInputSettings", inputName=source, inputSettings=settings, overlay=True)
    except RequestFailed as failed:
        if failed.code != NOT_FOUND:
            raise
        return False
    return True
