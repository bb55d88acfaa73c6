"""A full-screen OpenGL game that shows a match: `python tests/full_screen_game.py`.

Says on stdout `ready`, and each click and key that reaches it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pygame

from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from core.types import Frame

TITLE = "Evening cup"
RGB = 0x1907
UNSIGNED_BYTE = 0x1401


def main() -> None:
    gl = ctypes.CDLL(ctypes.util.find_library("GL"))
    pygame.display.init()
    pygame.display.set_caption(TITLE)
    pygame.display.set_mode((0, 0), pygame.OPENGL | pygame.DOUBLEBUF | pygame.FULLSCREEN)
    match = open_source("arena:5", CaptureOptions(fps=2, preview_fps=10))
    match.open()
    print("ready", flush=True)
    while isinstance(frame := match.read(), Frame) and not told_to_end():
        height, width = frame.image.shape[:2]
        gl.glRasterPos2f(ctypes.c_float(-1), ctypes.c_float(1))
        gl.glPixelZoom(ctypes.c_float(1), ctypes.c_float(-1))
        gl.glDrawPixels(width, height, RGB, UNSIGNED_BYTE, frame.image.tobytes())
        pygame.display.flip()
    match.close()


def told_to_end() -> bool:
    """Whether its window is to be closed; tells of clicks and keys."""
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            return True
        if event.type == pygame.MOUSEBUTTONDOWN:
            print("click", *event.pos, flush=True)
        elif event.type == pygame.KEYDOWN:
            print("key", pygame.key.name(event.key), flush=True)
    return False


if __name__ == "__main__":
    main()
