"""The desktop application: the only place that builds the parts and wires them together."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import theme
from app.addresses import shown_address
from app.bridge.gui_output import GuiOutput
from app.bridge.signals import StreamSignals
from app.controllers.film_control import FilmControl
from app.controllers.gauge_level import GaugeLevel
from app.controllers.model_choice import ModelChoice
from app.controllers.output_choices import OutputChoices
from app.controllers.outside import Outside
from app.controllers.preferences import Preferences
from app.controllers.screen_captions import ScreenCaptions
from app.controllers.source_choice import SourceChoice
from app.controllers.stream_builder import Build, build_stream
from app.controllers.switching import Switching
from app.controllers.unknown_pictures import UnknownPictures
from app.outputs.chosen_outputs import ChosenOutputs
from app.overlay.band import CaptionBand
from app.overlay.output import caption_output
from app.remote.client import raise_window
from app.remote.stream_status import BUNDLED_NAME, StreamStatus
from app.settings import Rect, Settings
from app.settings_file import SettingsFile
from app.translation import install_language, tr
from app.window.interrupts import Interrupts
from app.window.library_windows import LibraryWindows
from app.window.main_window import MainWindow
from app.window.phase import Phase
from app.window.remote_control import RemoteControl
from app.window.stream_session import StreamSession
from core.assets import ICON
from core.closing_deadline import ClosingDeadline
from core.heaps import share_one_heap
from core.messages import Command, Loading, Message, Paused, Ready, Resumed


def run() -> int:
    """Opens the window and returns the exit status when it is closed."""
    share_one_heap()  # every stream has threads of its own
    application = QApplication.instance() or QApplication(["courtside"])
    assert isinstance(application, QApplication)
    application.setApplicationName("courtside")
    application.setApplicationDisplayName("Courtside")
    application.setDesktopFileName("courtside")
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application)
    courtside = Courtside(SettingsFile())
    remote = RemoteControl(courtside.outside.steering.perform)
    if not remote.open():  # another one was quicker
        raise_window()
        return 0
    courtside.ended.connect(application.quit)
    interrupts = Interrupts(courtside.window.close)
    courtside.open()
    courtside.models.open_first_page_once()
    try:
        return application.exec()
    finally:
        remote.close()
        interrupts.restore()


class Courtside(QObject):
    """The window, the overlay and at most one session at a time.

    Attributes:
        window: the main window. captions: those on the screen. library: recorded sessions.
        session: the stream under way, None at rest. outputs: where the commentary goes besides the window.
        fanout: the outputs of the stream. switching: goes on with another source or model.
        status: what `courtside ctl status` tells of that stream, None before the first.
        film: goes back and forth in it. gauge_level: how much the gauges show. outside: keys and icon that steer it.
        settings: as they will be saved. preferences: what changes them.
        paused: whether the stream is paused, or will be as soon as it can.

    Signals:
        ended: everything has stopped and the settings are saved.
    """

    ended = Signal()

    def __init__(self, file: SettingsFile, build: Build | None = None):
        super().__init__()
        self._build = build or build_stream
        self.settings, problem = file.load()
        install_language(self.settings.language)
        self.window = MainWindow(self.settings)
        self.captions = ScreenCaptions(self.settings, self.window.user_actions, self)
        self.window.status.add_warnings([problem, self.captions.problem])
        self.library = LibraryWindows(self)
        self.models = ModelChoice(lambda: self.settings, self)
        self.outputs = OutputChoices(self.settings, self)
        self.sources = SourceChoice(self)
        self.session: StreamSession | None = None
        self.status: StreamStatus | None = None
        self.preferences = Preferences(self, file)
        self.outside = Outside(self)
        self.paused = False
        self.fanout = ChosenOutputs()
        self.switching = Switching(self)
        self.film = FilmControl(self)
        self.gauge_level = GaugeLevel(self)
        UnknownPictures(self.gauge_level.feed, self.window.status, self)
        self._gui_outputs: list[GuiOutput] = []
        self._wire()

    def open(self) -> None:
        """Shows the window; once it is up, the demo match starts by itself if that was watched last (or never any)."""
        self.window.setWindowIcon(QIcon(str(ICON)))
        self.window.show()
        if self.settings.source.partition(":")[0] == "arena":
            QTimer.singleShot(0, self.window.user_actions.start.trigger)
        self.outside.open()
        self.window.status.add_warnings(self.library.news())

    def start(self) -> None:
        """Watches what the window says, unless something is being watched already."""
        if self.session is not None:
            return
        self.models.keep()
        self.settings = self.outputs.current_settings(self.window.current_settings(self.settings))
        self._clear_window()
        if self.captions.on_start:
            self.captions.show(True)
        self.captions.check_mask(self.settings.source, self.own_windows, self.window)
        self._gui_outputs = [caption_output(self.captions.band, self), self._connected(StreamSignals()).output(self)]
        settings = self.settings
        self.status = StreamStatus(shown_address(settings.source), settings.model or BUNDLED_NAME)
        outputs = self.fanout = ChosenOutputs([self.status, *self._gui_outputs])
        exclusions = self.sources.exclusions()
        session = self.session = StreamSession(lambda: self._build(settings, exclusions, outputs), outputs.handle)
        self.gauge_level.feed.start(lambda: session.frame_counts)
        self.window.preview.watch(session.latest)
        session.start()

    def stop(self) -> None:
        """Ends the session after the round in progress; the window stays usable meanwhile."""
        if self.session is not None:
            self.window.set_phase(Phase.STOPPING)
            self.session.request_stop()

    def pause(self, paused: bool) -> None:
        """The model rests and remembers, and the captions stay; or all goes on. A panic is over then."""
        if self.session is None or not self.window.phase.running:
            return
        if not paused and self.captions.show_again():
            self.window.status.set_notice("")
        self.paused = paused
        self.session.pause(paused)
        self._show_paused()

    def panic(self) -> None:
        """What was said goes from every output at once, the captions too; nothing more is said until `pause(False)`."""
        self.captions.clear_and_hide()
        if self.session is None:
            self.captions.forget_panic()
            return
        self.paused = True
        self.session.panic()
        self._show_paused()
        self.window.status.set_notice(tr("Everything is cleared; Resume brings it back"))

    def mark(self) -> None:
        """Marks this moment in the recording, and says so."""
        if self.session is not None:
            self.session.mark()
            self.window.status.set_notice(tr("Marked"), passing=True)

    def close(self) -> None:
        """Ends everything and waits for it, then saves the settings."""
        with ClosingDeadline():
            if self.session is not None:
                self.session.request_stop()  # it ends while all else does
            for part in (self.models, self.sources, self.preferences, self.outside, self.captions, self.library):
                part.close()
            self.outputs.close()
            self._finished()
        self.ended.emit()

    @property
    def overlay(self) -> CaptionBand:
        """The captions on the screen."""
        return self.captions.band

    def own_windows(self) -> list[Rect]:
        """Where our own windows are, for pictures of the screen to leave out. From any thread."""
        parts = (self.captions, self.window.place, self.library, self.models, self.outputs, self.sources)
        return [rect for part in (*parts, self.preferences) for rect in part.rects()]

    # Wiring

    def _wire(self) -> None:
        window = self.window
        user_actions = self.window.user_actions
        window.start_requested.connect(self.start)
        window.stop_requested.connect(self.stop)
        window.pause_requested.connect(self.pause)
        window.command_requested.connect(self.send)
        window.closed.connect(self.close, Qt.ConnectionType.QueuedConnection)  # the window is gone by then
        user_actions.mark.triggered.connect(self.mark)
        user_actions.panic.triggered.connect(self.panic)
        user_actions.show_library.triggered.connect(self.library.open_library)
        user_actions.show_models.triggered.connect(self.models.open)
        user_actions.show_first_page.triggered.connect(self.models.open_first_page)
        self.models.changed.connect(self._model_changed)
        self.models.start_wanted.connect(self.start)
        window.banner.action_wanted.connect(self.models.start_safely)
        user_actions.show_outputs.triggered.connect(self.outputs.open)
        self.outputs.changed.connect(lambda: self.fanout.change(self.outputs.current_settings(self.settings)))

    def _connected(self, signals: StreamSignals) -> StreamSignals:
        """Connects the parts of the window that show a stream."""
        signals.message.connect(self.gauge_level.feed.handle)
        signals.message.connect(self._follow_outputs)
        signals.loading.connect(self._loading)
        signals.ready.connect(self._ready)
        signals.piece.connect(self.window.transcript.write)
        signals.line.connect(self.window.transcript.finish)
        signals.command_sent.connect(self.window.transcript.follow)
        signals.message.connect(self.window.status.follow)
        signals.message.connect(self.window.banner.follow)
        signals.failure.connect(lambda e: self.window.banner.show_error(e.title, e.message, self.models.remedy(e)))
        signals.finished.connect(self._finished)
        return signals

    def _clear_window(self) -> None:
        self.overlay.clear()
        self.window.start_over()
        self.window.status.set_remark(self.settings.source)

    def _model_changed(self, settings: Settings) -> None:
        """From the next start on."""
        if settings.model != self.settings.model:
            notice = tr("{value}: from the next start on, or by Switch").format(value=settings.model or BUNDLED_NAME)
            self.window.status.set_notice(notice, passing=True)
        self.settings = settings
        self.switching.offer()
        self.window.commentator.set_model(settings.model)

    # What the stream says

    def _loading(self, loading: Loading) -> None:
        if self.window.phase.pausable:  # another model, after a switch
            self.window.set_phase(Phase.LOADING)
        if self.window.phase is Phase.LOADING:
            self.window.status.set_loading(loading)

    def _ready(self, ready: Ready) -> None:
        if self.window.phase.running:
            self.window.set_phase(Phase.LIVE)
            self.window.status.set_remark(f"{ready.model} on {ready.device}")
            self._show_paused()

    def _follow_outputs(self, message: Message) -> None:
        """A dock of the overlay page may have paused or resumed it."""
        if isinstance(message, Paused | Resumed) and self.paused != isinstance(message, Paused):
            self.paused = isinstance(message, Paused)
            self._show_paused()

    def _show_paused(self) -> None:
        """In the window, once the stream has come so far; the captions stay at once."""
        self.overlay.hold(self.paused)
        if self.status is not None:
            self.status.paused = self.paused
        if self.window.phase.pausable:
            self.window.set_phase(Phase.PAUSED if self.paused else Phase.LIVE)

    def _finished(self) -> None:
        """The session is over, whoever ended it; Start is there again."""
        if self.session is None:
            return
        self.session.join()
        self.fanout.join()
        self.gauge_level.feed.stop()
        self.session = None
        for output in self._gui_outputs:
            output.mute()
            output.deleteLater()
        self._gui_outputs = []
        self.paused = False
        self.captions.forget_panic()
        self.overlay.hold(False)
        self.window.preview.watch(None)
        self.window.status.set_notice("")
        self.window.set_phase(Phase.STOPPED)
        self.window.status.clear_warnings()
        self.window.status.set_remark("")

    def send(self, command: Command) -> None:
        """A command for the next round of the stream under way."""
        if self.session is not None:
            self.session.send(command)
