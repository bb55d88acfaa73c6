"""One level of Freedoom, running in ViZDoom without a window.

ViZDoom starts its game as a process of its own and steps it tic by tic, so that play is as fast as the machine allows
and the same for the same seed. Even one player is a "host" here: after a death that is how the game goes on.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import SourceError, UsageError
from core.programmes.freedoom.level import Level

if TYPE_CHECKING:
    import vizdoom

TICS_PER_S = 35
ATTEMPTS = 5  # at starting: a port that was free may be taken by the time the game asks for it
WIDTHS = ((256, 144), (320, 180), (512, 288), (640, 360), (1024, 576), (1280, 720), (1920, 1080))
STRETCHED = 3  # vid_aspect: pictures fill the screen as those of a 4:3 screen do, the status bar from edge to edge
DOUBLED_FROM = 512  # pixels of width; con_scaletext 3 doubles what is written, which would fill a smaller picture
YELLOW = 10  # msg0color, of what is picked up
WHITE = 9  # msg1color, of who died
DECISION_TICS = 5
"""Tics between two decisions of a player, a reaction time of a seventh of a second; notices are kept as long."""
BUTTONS = (
    "ATTACK", "USE", "MOVE_FORWARD", "MOVE_BACKWARD", "MOVE_LEFT", "MOVE_RIGHT", "SPEED", "TURN_LEFT_RIGHT_DELTA",
    *(f"SELECT_WEAPON{slot}" for slot in range(1, 8)),
)  # fmt: skip
VARIABLES = (
    "HEALTH", "ARMOR", "KILLCOUNT", "FRAGCOUNT", "DEATHCOUNT", "DAMAGECOUNT", "DAMAGE_TAKEN", "DEAD",
    "SELECTED_WEAPON", "SELECTED_WEAPON_AMMO", "POSITION_X", "POSITION_Y", "ANGLE",
    *(f"WEAPON{slot}" for slot in range(1, 8)),
    *(f"AMMO{slot}" for slot in range(1, 8)),
    *(f"PLAYER{number}_FRAGCOUNT" for number in range(1, 9)),
)  # fmt: skip


def vizdoom_module() -> Any:
    """ViZDoom. UsageError without it: it comes with the extra `train`."""
    try:
        import vizdoom
    except ImportError as error:
        raise UsageError(
            "ViZDoom is not installed", "Freedoom is played in it; pip install 'courtside[train]', or vizdoom==1.3.2"
        ) from error
    return vizdoom


def resolution(width: int, height: int) -> tuple[int, int]:
    """The smallest picture ViZDoom draws that has at least these sides; its largest when none has."""
    return next((size for size in WIDTHS if size[0] >= width and size[1] >= height), WIDTHS[-1])


def start(level: Level, size: tuple[int, int], sectors: bool = True) -> vizdoom.DoomGame:
    """A level about to begin, drawn at one of WIDTHS, its states with or without sectors. The caller closes it."""
    vzd = vizdoom_module()
    for attempt in range(ATTEMPTS):
        game = _configured(vzd, level, size)
        game.set_sectors_info_enabled(sectors)
        game.add_game_args(_arguments(level, size, _free_port()))
        try:
            game.init()
        except (vzd.ViZDoomErrorException, vzd.ViZDoomUnexpectedExitException) as error:
            game.close()
            if attempt == ATTEMPTS - 1:
                raise SourceError("Freedoom did not start", f"ViZDoom says: {error}") from error
        else:
            break
    game.send_game_command("removebots")
    for name in level.bots:
        game.send_game_command(f"addbot {name}")
    return game


def _configured(vzd: Any, level: Level, size: tuple[int, int]) -> vizdoom.DoomGame:
    folder = Path(vzd.__file__).parent
    own = level.wad.startswith("freedoom")
    game = vzd.DoomGame()
    game.set_doom_config_path(os.devnull)  # else it writes one into the folder it is started from
    game.set_doom_game_path(str(folder / f"{level.wad if own else 'freedoom2'}.wad"))
    if not own:
        game.set_doom_scenario_path(str(folder / "scenarios" / f"{level.wad}.wad"))
    game.set_doom_map(level.map)
    game.set_doom_skill(level.skill)
    game.set_seed(level.seed)
    game.set_episode_timeout(0)
    game.set_mode(vzd.Mode.PLAYER)
    game.set_screen_resolution(getattr(vzd.ScreenResolution, f"RES_{size[0]}X{size[1]}"))
    game.set_screen_format(vzd.ScreenFormat.RGB24)
    game.set_window_visible(False)
    game.set_sound_enabled(False)
    game.set_console_enabled(False)
    game.set_render_hud(True)
    game.set_render_messages(True)
    game.set_render_screen_flashes(True)
    game.set_render_crosshair(True)
    game.set_labels_buffer_enabled(True)
    game.set_objects_info_enabled(True)
    game.set_notifications_buffer_enabled(True)
    game.set_notifications_buffer_size(DECISION_TICS)
    game.set_available_buttons([getattr(vzd.Button, name) for name in BUTTONS])
    game.set_available_game_variables([getattr(vzd.GameVariable, name) for name in VARIABLES])
    return game


def _arguments(level: Level, size: tuple[int, int], port: int) -> str:
    """The game's own options. What is written and the status bar are as large as a player can have them, in the game's
    bright colours, so that they can still be read in a small picture; at every size of picture they look the same."""
    rules = "-deathmatch +sv_nomonsters 1 +timelimit 0 +fraglimit 0 +sv_spawnfarthest 1" if level.bots else ""
    text = 1 if size[0] < DOUBLED_FROM else 3
    look = f"+con_scaletext {text} +vid_aspect {STRETCHED} +msg0color {YELLOW} +msg1color {WHITE}"
    return f"-host 1 -port {port} {rules} +name {level.player} {look}"


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
