"""`courtside doctor`: what works on this machine, what does not, why, and the fix."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from app.capture import mask_test, private_windows
from app.capture.source_kind import Check
from app.capture.spec import KINDS
from app.commands.doctor_desktop import captions, desktop
from app.commands.doctor_keys import global_keys
from app.outputs.kinds import KINDS as OUTPUTS
from core.errors import CourtsideError
from core.paths import user_path

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
MARKS = {"ok": "ok     ", "missing": "MISSING", "limited": "limited"}
ENOUGH_MEMORY = 2e9
ENOUGH_DISK = 1e9


def run(*, as_json: bool, report: str | None = None) -> int:
    """Print every part, and write a report to the file of that name. Returns 1 when a needed one is missing, else 0."""
    parts = run_checks()
    if report is not None:
        from app.commands.doctor_report import write_report

        write_report(user_path(report), table(parts))
    broken = any(part.needed and part.state == "missing" for part in parts)
    if as_json:
        print(json.dumps({"ok": not broken, "parts": [asdict(part) for part in parts]}))
    elif sys.stdout.isatty() and is_installed("rich"):
        _print_coloured(parts)
    else:
        print(table(parts))
    return int(broken)


def run_checks() -> list[Check]:
    """Every part, in the order of the road of a frame."""
    return [part for check in CHECKS for part in check()]


def table(parts: list[Check]) -> str:
    """For people: one line a part, and the fix under those that need one."""
    width = max(len(part.name) for part in parts)
    lines = []
    for part in parts:
        lines.append(f"{MARKS[part.state]}  {part.name:<{width}}  {part.why}")
        if part.fix:
            lines.append(f"{'':7}  {'':<{width}}  -> {part.fix}")
    return "\n".join(lines)


def _print_coloured(parts: list[Check]) -> None:
    """The same for a terminal: coloured, and wrapped to its width."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colours = {"ok": "green", "missing": "bold red", "limited": "yellow"}
    grid = Table.grid(padding=(0, 2))
    for part in parts:
        found = Text(part.why)
        if part.fix:
            found.append(f"\n-> {part.fix}", style="cyan")
        grid.add_row(Text(MARKS[part.state].strip(), style=colours[part.state]), Text(part.name), found)
    Console().print(grid)


def _python() -> list[Check]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return [Check("Python", "ok", found, needed=True)]


def _memory() -> list[Check]:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    if not total:
        return [Check("Memory", "limited", "the system does not tell")]
    state: Literal["ok", "limited"] = "ok" if total > ENOUGH_MEMORY else "limited"
    return [Check("Memory", state, f"{total / 1e9:.1f} GB", "" if state == "ok" else "2 GB are advised")]


def pytorch() -> list[Check]:
    missing = [name for name in ("torch", "transformers", "safetensors", "tokenizers") if not is_installed(name)]
    if missing:
        return [
            Check("PyTorch", "missing", f"no {', '.join(missing)}", f"pip install {' '.join(missing)}", needed=True)
        ]
    import torch

    engine = Check("PyTorch", "ok", torch.__version__, needed=True)
    if not torch.cuda.is_available():
        why = "none that PyTorch can use; the small bundled model runs on the CPU"
        fix = "install a CUDA build of PyTorch" if shutil.which("nvidia-smi") else ""
        return [engine, Check("GPU", "limited", why, fix)]
    return [engine, _gpu(), _triton(), _attention()]


def _gpu() -> Check:
    """The first GPU that PyTorch sees, and what NVIDIA's driver, which may number GPUs differently, reports of it."""
    import torch

    from app.gauges.gpu_meter import own_processes
    from app.gauges.gpu_probe import open_gpu
    from core.engine.device import uuid_of

    found = f"{torch.cuda.get_device_name(0)}, {torch.cuda.get_device_properties(0).total_memory / 1e9:.0f} GB"
    probe = open_gpu(uuid_of(torch.device("cuda", 0)))
    if probe is None:
        return Check("GPU", "ok", found)
    reading = probe.read(own_processes())
    probe.close()
    used = "" if reading.used_bytes is None else f", {reading.used_bytes / 1e9:.1f} GB of it in use"
    busy = "" if reading.busy is None else f", {reading.busy:.0%} busy"
    return Check("GPU", "ok", f"{found}{used}{busy}; driver {probe.driver}")


def _triton() -> Check:
    if is_installed("triton"):
        return Check("Triton", "ok", "installed")
    return Check("Triton", "limited", "not installed; plain PyTorch serves, several times slower", "pip install triton")


def _attention() -> Check:
    """Which attention over the KV cache `--attention auto` takes on the first GPU."""
    import torch

    from core.engine.backends import flash, select

    name = select.default_gpu_attention(torch.device("cuda", 0), torch.bfloat16)
    if name != "sdpa":
        return Check("Attention", "ok", name)
    fix = "" if flash.is_installed() else 'pip install "courtside[gpu]" (flash-attn)'
    return Check("Attention", "limited", "sdpa, PyTorch's own: our kernels are not tuned for this GPU", fix)


def bundled_model() -> list[Check]:
    from core.assets import BUNDLED

    fix = "install Courtside again, or give --model PATH"
    if not (BUNDLED / "config.json").is_file():
        return [Check("Bundled model", "missing", f"nothing in {BUNDLED}", fix, needed=True)]
    try:
        import torch

        from core.model.checkpoint import load

        checkpoint = load(BUNDLED, torch.device("cpu"), torch.float32)
    except (CourtsideError, ImportError) as error:
        return [Check("Bundled model", "missing", str(error), fix, needed=True)]
    weights = sum(parameter.numel() for parameter in checkpoint.model.parameters())
    return [Check("Bundled model", "ok", f"{checkpoint.name}, {weights / 1e6:.1f} M parameters", needed=True)]


def _qt() -> list[Check]:
    found = importlib.util.find_spec("PySide6")
    if found is None or not found.submodule_search_locations:
        return [Check("Window toolkit", "missing", "no PySide6", "pip install PySide6-Essentials; watch works without")]
    plugin = Path(found.submodule_search_locations[0]) / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if sys.platform != "linux" or not plugin.is_file() or not shutil.which("ldd"):
        return [Check("Window toolkit", "ok", "PySide6")]
    listed = subprocess.run(["ldd", plugin], capture_output=True, text=True, timeout=20, check=False).stdout
    missing = [line.split()[0] for line in listed.splitlines() if "not found" in line]
    if missing:
        packages = " ".join(sorted({QT_PACKAGES.get(name, name) for name in missing}))
        return [Check("Window toolkit", "missing", f"Qt lacks {', '.join(missing)}", f"apt install {packages}")]
    return [Check("Window toolkit", "ok", "PySide6, and every library of its X11 plugin")]


def _sources() -> list[Check]:
    return [check for kind in KINDS for check in kind.checks()]


def _outputs() -> list[Check]:
    return [check for kind in OUTPUTS for check in kind.checks()]


def _disk() -> list[Check]:
    from app.folders import sessions_folder

    try:
        folder = sessions_folder()
    except ImportError:
        return [Check("Sessions", "limited", "no platformdirs", "pip install platformdirs, or give --session DIR")]
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        return [
            Check("Sessions", "missing", f"{place} cannot be written", "give this user the right to, or --session DIR")
        ]
    if free < ENOUGH_DISK:
        return [Check("Sessions", "limited", f"{free / 1e9:.1f} GB free for {folder}", "free some space")]
    return [Check("Sessions", "ok", f"{free / 1e9:.0f} GB free for {folder}")]


def is_installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


CHECKS: tuple[Callable[[], list[Check]], ...] = (
    _python,
    _memory,
    pytorch,
    bundled_model,
    _qt,
    desktop,
    captions,
    _sources,
    mask_test.checks,
    private_windows.checks,
    _outputs,
    global_keys,
    _disk,
)
