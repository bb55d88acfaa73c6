"""The actions of the window: each with its shortcut, its words and its state."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from app.translation import tr
from app.window.phase import Phase


class Actions(QObject):
    """Everything a user can do with a key. Buttons follow these actions.

    Attributes:
        start, stop: the stream. switch: it goes on with another source or model. pause: checkable; checked, it resumes.
        back, forward: ten seconds in the film that is watched.
        panic: everything said goes from every output and nothing more comes; resuming ends it.
        mark: this moment, for whoever looks at the recording later.
        apply: what was written for the commentator counts from now on.
        show_overlay, hide_overlay: separate, so that one is always sure of the outcome.
        move_overlay: checkable; the overlay takes the mouse while it is on. style_overlay: how it looks.
        focus_source, focus_question: put the cursor there. choose_source: what can be watched, with pictures.
        show_library, show_models: all sessions; models, in windows of their own.
        show_outputs: where the commentary goes besides the window.
        show_settings: every setting. gauges: the next level of them; reset_gauges: what adds up begins anew.
        overlay_gauges: checkable; some of them in one line below the captions.
        show_first_page: what was found here.
        quit: closes the window.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.start = self._action(tr("Start"), tr("Start watching"), "Ctrl+R")
        self.stop = self._action(tr("Stop"), tr("Stop watching"), "Ctrl+.")
        self.pause = self._action(tr("Pause"), tr("Pause the commentary"), "Ctrl+P")
        self.pause.setCheckable(True)
        self.switch = self._action(
            tr("Switch"), tr("Go on with this source and model; what was said is remembered"), "Ctrl+Shift+R"
        )
        self.mark = self._action(tr("Mark"), tr("Mark this moment in the recording"), "Ctrl+D")
        self.back = self._action(tr("-10 s"), tr("Ten seconds back in the film"), "Alt+Left")
        self.forward = self._action(tr("+10 s"), tr("Ten seconds on in the film"), "Alt+Right")
        self.panic = self._action(
            tr("Panic"), tr("Clear every output at once, hide the captions and pause"), "Ctrl+Shift+X"
        )
        self.apply = self._action(tr("Apply"), tr("Tell the commentator now"), "Ctrl+Return")
        self.show_overlay = self._action(tr("Show"), tr("Show captions on the screen"), "Ctrl+Shift+S")
        self.hide_overlay = self._action(tr("Hide"), tr("Hide captions on the screen"), "Ctrl+Shift+H")
        self.move_overlay = self._action(tr("Move"), tr("Move or resize the captions"), "Ctrl+Shift+M")
        self.move_overlay.setCheckable(True)
        self.style_overlay = self._action(tr("Style"), tr("Choose how the captions look"), "Ctrl+Shift+T")
        self.focus_source = self._action(tr("Source"), tr("Choose a source"), "Ctrl+L")
        self.choose_source = self._action(tr("Choose…"), tr("Choose what to watch, with pictures"), "Ctrl+Shift+G")
        self.focus_question = self._action(tr("Ask"), tr("Ask about what is on screen"), "Ctrl+K")
        self.show_library = self._action(tr("Library"), tr("All recorded sessions"), "Ctrl+Shift+L")
        self.show_models = self._action(tr("Model"), tr("Choose the model that commentates"), "Ctrl+Shift+K")
        self.show_outputs = self._action(
            tr("Outputs"), tr("Video, text file, overlay page, OBS, speech and chat"), "Ctrl+Shift+O"
        )
        self.show_settings = self._action(tr("Settings"), tr("Every setting, to be searched and changed"), "Ctrl+,")
        self.show_first_page = self._action(
            tr("First page"), tr("What was found on this machine, and what suits it"), "F1"
        )
        self.gauges = self._action(tr("Gauges"), tr("Show more of the gauges, or none"), "Ctrl+G")
        self.reset_gauges = self._action(tr("Reset gauges"), tr("Count anew what adds up"), "Ctrl+Shift+E")
        self.overlay_gauges = self._action(
            tr("Gauges on the screen"), tr("Show the main gauges in one line below the captions"), "Ctrl+Shift+B"
        )
        self.overlay_gauges.setCheckable(True)
        self.quit = self._action(tr("Quit"), tr("Quit"), "Ctrl+Q")
        self.set_phase(Phase.IDLE)
        self.set_overlay_shown(False)
        self.set_film(False)

    def all(self) -> list[QAction]:
        return self.findChildren(QAction)

    def set_phase(self, phase: Phase) -> None:
        self.start.setEnabled(phase.at_rest)
        self.choose_source.setEnabled(phase.at_rest or phase.pausable)
        self.stop.setEnabled(phase.running)
        self.pause.setEnabled(phase.pausable)
        self.pause.setChecked(phase is Phase.PAUSED)
        self.pause.setText(tr("Resume") if phase is Phase.PAUSED else tr("Pause"))
        self.pause.setToolTip(tr("Resume the commentary") if phase is Phase.PAUSED else tr("Pause the commentary"))
        self.switch.setEnabled(phase.pausable)
        self.mark.setEnabled(phase.pausable)
        self.apply.setEnabled(phase.running)

    def set_film(self, is_film: bool) -> None:
        """Whether one can go back and forth in what is watched."""
        self.back.setEnabled(is_film)
        self.forward.setEnabled(is_film)

    def set_overlay_shown(self, shown: bool) -> None:
        self.show_overlay.setEnabled(not shown)
        self.hide_overlay.setEnabled(shown)
        self.move_overlay.setEnabled(shown)

    def _action(self, text: str, purpose: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(purpose)
        action.setShortcut(QKeySequence(keys))
        return action
