"""The one list of what steers a running Courtside from outside its window: keys, tray and `courtside ctl` read it."""

from __future__ import annotations

from dataclasses import dataclass

from app.texts import noop
from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class RemoteAction:
    """Something that can be asked for at any moment.

    Attributes:
        name: as `courtside ctl` and the settings of the keys call it.
        purpose: what it does, in a few words.
        takes: what must stand behind the name; "" where nothing may.
        choices: the only texts it takes; empty where any will do.
    """

    name: str
    purpose: str
    takes: str = ""
    choices: tuple[str, ...] = ()


ACTIONS: dict[str, RemoteAction] = {
    action.name: action
    for action in (
        RemoteAction("pause", noop("rest; what is remembered stays")),
        RemoteAction("resume", noop("go on after a pause or a panic")),
        RemoteAction("toggle-pause", noop("pause, or resume")),
        RemoteAction("show", noop("show the captions on the screen")),
        RemoteAction("hide", noop("hide the captions on the screen")),
        RemoteAction("toggle-captions", noop("show the captions, or hide them")),
        RemoteAction("panic", noop("clear every output at once, hide the captions and pause")),
        RemoteAction("mark", noop("mark this moment in the recording")),
        RemoteAction("seek", noop("go elsewhere in a film: to a moment, or so much on or back"), takes="[+|-]H:MM:SS"),
        RemoteAction("back", noop("10 s back in a film")),
        RemoteAction("forward", noop("10 s on in a film")),
        RemoteAction("ask", noop("a question about what is on the screen"), takes="TEXT"),
        RemoteAction("persona", noop("let another persona speak"), takes="NAME"),
        RemoteAction("say", noop("spoken commentary"), takes="on|off", choices=("on", "off")),
        RemoteAction("listen", noop("a spoken question begins, or ends"), takes="on|off", choices=("on", "off")),
        RemoteAction("raise", noop("bring the window to the front")),
        RemoteAction("status", noop("what it is doing")),
    )
}


def checked(name: str, text: str) -> RemoteAction:
    """The action of that name, if it takes such a text. Raises UsageError."""
    action = ACTIONS.get(name)
    if action is None:
        raise UsageError("Unknown action", f"“{name}” is none of: {', '.join(ACTIONS)}")
    if bool(text) != bool(action.takes):
        wanted = f"{name} {action.takes}" if action.takes else f"{name}, and nothing behind it"
        raise UsageError("Wrong use", f"it is: {wanted}")
    if action.choices and text not in action.choices:
        raise UsageError("Wrong use", f"{name} takes {' or '.join(action.choices)}, not “{text}”")
    return action
