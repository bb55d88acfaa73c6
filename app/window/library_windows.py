"""The windows of recorded sessions: one library, and a player for each session opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from app.folders import sessions_folder
from app.session.last_session import broken_off
from app.settings import Rect
from app.translation import tr
from app.window.reader import Reader
from core.errors import CourtsideError

if TYPE_CHECKING:
    from app.window.comparison_window import ComparisonWindow
    from app.window.library_window import LibraryWindow
    from app.window.own_window import OwnWindow
    from app.window.player_window import PlayerWindow
    from app.window.rerun_window import RerunWindow


class LibraryWindows(QObject):
    """Opens them, holds them while they are open, closes them. Nothing of them is imported before.

    Attributes:
        library: the library's window, None while it is closed. players: by session folder. comparisons, reruns: those
            open.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library: LibraryWindow | None = None
        self.players: dict[Path, PlayerWindow] = {}
        self.comparisons: list[ComparisonWindow] = []
        self.reruns: list[RerunWindow] = []
        self._target = Path()
        self._mover = Reader(self._move, self)
        self._mover.read.connect(self._moved)

    def news(self) -> list[str]:
        """What a person should know at the start: that the last session was broken off, and where to look at it."""
        folder = broken_off(sessions_folder())
        return (
            [tr("the last session ({name}) was broken off: Ctrl+Shift+L shows it").format(name=folder.name)]
            if folder
            else []
        )

    def open_library(self) -> None:
        """Shows the library, brought up to date."""
        from app.window.library_window import LibraryWindow

        if self.library is None:
            self.library = LibraryWindow(sessions_folder())
            self.library.session_chosen.connect(self.open_session)
            self.library.comparison_chosen.connect(self.open_comparison)
            self.library.move_wanted.connect(self.move_library)
            self.library.closed.connect(self._forget_library)
        else:
            self.library.reread()
        _raise(self.library)

    def open_session(self, folder: Path, at: float = 0.0) -> None:
        """Shows that session from the source second `at` on."""
        from app.window.player_window import PlayerWindow

        player = self.players.get(folder)
        if player is None:
            player = PlayerWindow(folder, at)
            player.closed.connect(lambda: self._forget_player(folder))
            player.rerun_wanted.connect(lambda at: self.open_rerun(folder, at))
            self.players[folder] = player
        else:
            player.go_to_source(at)
        _raise(player)

    def open_comparison(self, first: Path, second: Path) -> None:
        """Shows both side by side; what cannot be opened is said."""
        from app.window.comparison_window import ComparisonWindow

        try:
            comparison = ComparisonWindow(first, second)
        except CourtsideError as error:
            QMessageBox.warning(self.library, tr("Courtside"), str(error))
            return
        comparison.closed.connect(lambda: self._forget_comparison(comparison))
        self.comparisons.append(comparison)
        _raise(comparison)

    def open_rerun(self, folder: Path, at: float) -> None:
        """Asks how that session is to be watched again from the source second `at` on; then both side by side."""
        from app.window.rerun_window import RerunWindow

        rerun = RerunWindow(folder, at)
        rerun.closed.connect(lambda: self._forget_rerun(rerun))
        rerun.done.connect(lambda new: self._show_rerun(folder, new))
        self.reruns.append(rerun)
        _raise(rerun)

    def move_library(self, target: Path) -> None:
        """Moves all sessions, in a thread; their windows are closed before, and the library is opened anew there."""
        self.close()
        self._target = target
        self._mover.start()

    def _moved(self, problem: str) -> None:
        self.open_library()
        if problem and self.library is not None:
            self.library.problem.setText(problem)
            self.library.problem.show()

    def _move(self) -> str:
        """In the thread. Why it could not be, "" when all went well."""
        from app.library.moving import move_library

        try:
            move_library(sessions_folder(), self._target)
        except CourtsideError as error:
            return str(error)
        return ""

    def rects(self) -> list[Rect]:
        """Where these windows are, for pictures of the screen to leave out. From any thread."""
        library = self.library
        windows: list[OwnWindow] = [*self.players.values(), *self.comparisons, *self.reruns]
        windows += [] if library is None else [library]
        return [rect for window in windows for rect in window.place.rects()]

    def close(self) -> None:
        """Closes all of them; waits for a library that is being moved."""
        self._mover.join()
        for window in (*self.players.values(), *self.comparisons, *self.reruns):
            window.close()
        if self.library is not None:
            self.library.close()

    def _forget_library(self) -> None:
        if self.library is not None:
            self.library.deleteLater()
            self.library = None

    def _forget_comparison(self, comparison: ComparisonWindow) -> None:
        self.comparisons.remove(comparison)
        comparison.deleteLater()

    def _show_rerun(self, first: Path, second: Path) -> None:
        self.open_comparison(first, second)
        if self.library is not None:
            self.library.reread()

    def _forget_rerun(self, rerun: RerunWindow) -> None:
        self.reruns.remove(rerun)
        rerun.deleteLater()

    def _forget_player(self, folder: Path) -> None:
        if (player := self.players.pop(folder, None)) is not None:
            player.deleteLater()


def _raise(window: OwnWindow) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
