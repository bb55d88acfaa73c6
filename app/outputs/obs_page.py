"""The overlay page in OBS: a browser source, found or made in its scene."""

from __future__ import annotations

from app.outputs.obs_scene import change_source, ensure_in_scene, in_scene, on_air
from app.outputs.obs_socket import ObsSocket
from core.errors import OutputError

SOURCE = "Courtside page"
KIND = "browser_source"


def place_page(socket: ObsSocket, scene: str, url: str) -> None:
    """Shows the page at an address in a scene ("": the one on air), over the whole picture.

    A source that exists keeps its size and its place. Raises OutputError for a scene that OBS does not have, and where
    OBS has no browser in it.
    """
    scene = scene or on_air(socket)
    if change_source(socket, SOURCE, {"url": url}):
        ensure_in_scene(socket, scene, SOURCE)
        return
    if KIND not in socket.ask("GetInputKindList")["inputKinds"]:
        fix = "Debian's is built without one: show the text instead, or install OBS from obsproject.com."
        raise OutputError("This OBS has no browser source", fix)
    video = socket.ask("GetVideoSettings")
    settings = {"url": url, "width": int(video["baseWidth"]), "height": int(video["baseHeight"])}
    in_scene(socket, "CreateInput", scene, inputName=SOURCE, inputKind=KIND, inputSettings=settings)
