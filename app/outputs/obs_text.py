"""The text source in OBS: found or made in its scene."""

from __future__ import annotations

from app.outputs.obs_scene import change_source, ensure_in_scene, in_scene, on_air
from app.outputs.obs_socket import Data, ObsSocket
from core.errors import OutputError

SOURCE = "Courtside captions"
KINDS = ("text_gdiplus_v3", "text_gdiplus_v2", "text_ft2_source_v2")
"""Text sources of OBS on Windows and elsewhere; the first that it has is used."""
BOTTOM_CENTRE = 8
"""OBS_ALIGN_BOTTOM, and neither left nor right."""


def place_text(socket: ObsSocket, scene: str, text: str) -> None:
    """Shows a text in a scene ("": the one on air), in a source that is made where there is none.

    One that exists keeps its look and its place. Raises OutputError for a scene that OBS does not have.
    """
    scene = scene or on_air(socket)
    if change_source(socket, SOURCE, {"text": text}):
        ensure_in_scene(socket, scene, SOURCE)
    else:
        _create(socket, scene, text)


def set_text(socket: ObsSocket, text: str) -> None:
    """Without waiting for OBS."""
    socket.tell("SetInputSettings", inputName=SOURCE, inputSettings={"text": text}, overlay=True)


def _create(socket: ObsSocket, scene: str, text: str) -> None:
    video = socket.ask("GetVideoSettings")
    width = int(video["baseWidth"])
    height = int(video["baseHeight"])
    known = socket.ask("GetInputKindList")["inputKinds"]
    kind = next((kind for kind in KINDS if kind in known), None)
    if kind is None:
        raise OutputError("This OBS has no text source", "Its plugin for text is missing: Debian's is in obs-plugins.")
    settings = {**_look(kind, width, height), "text": text}
    made = in_scene(socket, "CreateInput", scene, inputName=SOURCE, inputKind=kind, inputSettings=settings)
    place = {"positionX": width / 2, "positionY": height * 0.96, "alignment": BOTTOM_CENTRE}
    socket.ask("SetSceneItemTransform", sceneName=scene, sceneItemId=made["sceneItemId"], sceneItemTransform=place)


def _look(kind: str, width: int, height: int) -> Data:
    """White with an outline, wrapped at nine tenths of the picture."""
    font = {"face": "DejaVu Sans", "style": "Bold", "size": max(16, height // 18), "flags": 1}
    if kind.startswith("text_gdiplus"):
        font["face"] = "Segoe UI"
        box = {"extents": True, "extents_cx": int(width * 0.9), "extents_cy": height // 3, "extents_wrap": True}
        return {"font": font, "outline": True, "outline_size": 4, "align": "center", "valign": "bottom", **box}
    return {"font": font, "outline": True, "custom_width": int(width * 0.9), "word_wrap": True}
