"""`courtside doctor`: what works on this machine, what does not, why, and the fix."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from core.errors import CourtsideError

QT_PACKAGES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
}
"""The Debian package of each library that Qt's xcb plugin wants."""
ENOUGH_MEMORY = 2e9
ENOUGH_DISK = 1e9


@dataclass(frozen=True, slots=True)
class Part:
    """One thing Courtside uses.

    Attributes:
        state: "ok", "missing", or "limited" (it works, not as well as it could).
        why: what was found.  fix: what to do ("" when nothing).
        needed: without it nothing works.
    """

    name: str
    state: Literal["ok", "missing", "limited"]
    why: str
    fix: str = ""
    needed: bool = False


def run(*, as_json: bool) -> int:
    """Print every part. Returns 1 when one that is needed is missing, else 0."""
    parts = run_checks()
    broken = any(part.needed and part.state == "missing" for part in parts)
    if as_json:
        print(json.dumps({"ok": not broken, "parts": [asdict(part) for part in parts]}))
    else:
        print(table(parts))
    return int(broken)


def run_checks() -> list[Part]:
    """Every part, in the order of the road of a frame."""
    return [part for check in CHECKS for part in check()]


def table(parts: list[Part]) -> str:
    """For people: one line a part, and the fix under those that need one."""
    marks = {"ok": "ok     ", "missing": "MISSING", "limited": "limited"}
    width = max(len(part.name) for part in parts)
    lines = []
    for part in parts:
        lines.append(f"{marks[part.state]}  {part.name:<{width}}  {part.why}")
        if part.fix:
            lines.append(f"{'':7}  {'':<{width}}  -> {part.fix}")
    return "\n".join(lines)


def _python() -> list[Part]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return [Part("Python", "ok", found, needed=True)]


def _memory() -> list[Part]:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    if not total:
        return [Part("Memory", "limited", "the system does not tell")]
    state: Literal["ok", "limited"] = "ok" if total > ENOUGH_MEMORY else "limited"
    return [Part("Memory", state, f"{total / 1e9:.1f} GB", "" if state == "ok" else "2 GB are advised")]


def _torch() -> list[Part]:
    missing = [name for name in ("torch", "transformers", "safetensors", "tokenizers") if not _installed(name)]
    if missing:
        return [Part("PyTorch", "missing", f"no {', '.join(missing)}", f"pip install {' '.join(missing)}", needed=True)]
    import torch

    engine = Part("PyTorch", "ok", torch.__version__, needed=True)
    if not torch.cuda.is_available():
        why = "none that PyTorch can use; the small bundled model runs on the CPU"
        fix = "install a CUDA build of PyTorch" if shutil.which("nvidia-smi") else ""
        return [engine, Part("GPU", "limited", why, fix)]
    name = torch.cuda.get_device_name(0)
    memory = torch.cuda.get_device_properties(0).total_memory
    return [engine, Part("GPU", "ok", f"{name}, {memory / 1e9:.0f} GB"), _triton()]


def _triton() -> Part:
    if _installed("triton"):
        return Part("Triton", "ok", "installed")
    return Part("Triton", "limited", "not installed; plain PyTorch serves, several times slower", "pip install triton")


def _checkpoint() -> list[Part]:
    from core.assets import BUNDLED

    fix = "install Courtside again, or give --model PATH"
    if not (BUNDLED / "config.json").is_file():
        return [Part("Bundled model", "missing", f"nothing in {BUNDLED}", fix, needed=True)]
    try:
        import torch

        from core.model.checkpoint import load

        checkpoint = load(BUNDLED, torch.device("cpu"), torch.float32)
    except (CourtsideError, ImportError) as error:
        return [Part("Bundled model", "missing", str(error), fix, needed=True)]
    weights = sum(parameter.numel() for parameter in checkpoint.model.parameters())
    return [Part("Bundled model", "ok", f"{checkpoint.name}, {weights / 1e6:.1f} M parameters", needed=True)]


def _screen() -> list[Part]:
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        why = (
            "Wayland without X: only X11 screens can be captured" if os.environ.get("WAYLAND_DISPLAY") else "no DISPLAY"
        )
        return [
            Part("Screen capture", "missing", why, "log in to an X11 session, or watch a camera, a file or the arena")
        ]
    if not _installed("mss"):
        return [Part("Screen capture", "missing", "no mss", "pip install mss")]
    import mss

    try:
        with mss.MSS() as screen:
            monitor = screen.monitors[1]
            screen.grab(monitor)
            begun = time.perf_counter()
            screen.grab(monitor)
    except mss.ScreenShotError as error:
        return [Part("Screen capture", "missing", str(error), "a screen of 24 bit depth that this user may read")]
    took = (time.perf_counter() - begun) * 1e3
    size = f"{monitor['width']} x {monitor['height']}"
    return [Part("Screen capture", "ok", f"{len(screen.monitors) - 1} screen(s), {size}, {took:.1f} ms a grab")]


def _desktop() -> list[Part]:
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return []
    try:
        from Xlib import display, error
    except ImportError:
        return [Part("Desktop", "limited", "no python-xlib", "pip install python-xlib")]
    try:
        server = display.Display()
    except (error.DisplayError, OSError) as trouble:
        return [Part("Desktop", "missing", str(trouble), "check DISPLAY and XAUTHORITY")]
    try:
        return [_compositor(server), _window_manager(server)]
    finally:
        server.close()


def _compositor(server: object) -> Part:
    from app.capture.own_window_mask import has_compositor

    if has_compositor(server):
        return Part("Compositor", "ok", "captions are translucent; what lies under them is captured")
    why = "none: captions stand on black, and what lies under them is filled in from around"
    return Part("Compositor", "limited", why, "start one, for example picom")


def _window_manager(server: object) -> Part:
    from app.capture.own_window_mask import window_manager

    name = window_manager(server)
    if name:
        return Part("Window manager", "ok", name)
    return Part("Window manager", "limited", "none: captions may not stay on top", "start one, for example openbox")


def _qt() -> list[Part]:
    found = importlib.util.find_spec("PySide6")
    if found is None or not found.submodule_search_locations:
        return [Part("Window toolkit", "missing", "no PySide6", "pip install PySide6-Essentials; watch works without")]
    plugin = Path(found.submodule_search_locations[0]) / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if sys.platform != "linux" or not plugin.is_file() or not shutil.which("ldd"):
        return [Part("Window toolkit", "ok", "PySide6")]
    listed = subprocess.run(["ldd", plugin], capture_output=True, text=True, timeout=20, check=False).stdout
    missing = [line.split()[0] for line in listed.splitlines() if "not found" in line]
    if missing:
        packages = " ".join(sorted({QT_PACKAGES.get(name, name) for name in missing}))
        return [Part("Window toolkit", "missing", f"Qt lacks {', '.join(missing)}", f"apt install {packages}")]
    return [Part("Window toolkit", "ok", "PySide6, and every library of its X11 plugin")]


def _cameras() -> list[Part]:
    from app.capture.camera import cameras

    found = cameras()
    if found:
        return [Part("Cameras", "ok", ", ".join(found))]
    return [Part("Cameras", "limited", "none found", "plug one in, or watch an rtsp or http stream")]


def _video() -> list[Part]:
    if not _installed("av"):
        return [Part("Video files", "missing", "no PyAV", "pip install av")]
    import av

    return [Part("Video files", "ok", f"PyAV {av.__version__} with FFmpeg {av.ffmpeg_version_info}")]


def _sound() -> list[Part]:
    if not _installed("sounddevice"):
        return [Part("Sound", "missing", "no sounddevice", "pip install sounddevice")]
    try:
        import sounddevice

        devices = [device["name"] for device in sounddevice.query_devices() if device["max_output_channels"]]
    except OSError as error:  # sounddevice is there, PortAudio is not
        return [Part("Sound", "missing", str(error), "apt install libportaudio2")]
    if devices:
        return [Part("Sound", "ok", f"{len(devices)} output(s): {', '.join(devices[:3])}")]
    return [Part("Sound", "limited", "no output device", "connect one; the commentary can still be read")]


def _disk() -> list[Part]:
    from app.settings import sessions_folder

    try:
        folder = sessions_folder()
    except ImportError:
        return [Part("Sessions", "limited", "no platformdirs", "pip install platformdirs, or give --session DIR")]
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        return [
            Part("Sessions", "missing", f"{place} cannot be written", "give this user the right to, or --session DIR")
        ]
    if free < ENOUGH_DISK:
        return [Part("Sessions", "limited", f"{free / 1e9:.1f} GB free for {folder}", "free some space")]
    return [Part("Sessions", "ok", f"{free / 1e9:.0f} GB free for {folder}")]


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


CHECKS: tuple[Callable[[], list[Part]], ...] = (
    _python,
    _memory,
    _torch,
    _checkpoint,
    _qt,
    _desktop,
    _screen,
    _cameras,
    _video,
    _sound,
    _disk,
)
