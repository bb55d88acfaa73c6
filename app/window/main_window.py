"""The main window: the picture, what is said about it, and the controls."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from app.addresses import shown_address
from app.gauges.strip import GaugeStrip
from app.kept_secrets import keep_secret
from app.overlay.desktop import publish_place, rect_of, usable_areas
from app.settings import Settings
from app.translation import tr
from app.window.actions import Actions
from app.window.banner import Banner
from app.window.commentator_panel import CommentatorPanel
from app.window.film_bar import FilmBar
from app.window.first_place import MIN_SIZE, first_rect
from app.window.menu_button import menu_button
from app.window.own_window import SPACING, OwnWindow
from app.window.phase import Phase
from app.window.preview import Preview
from app.window.question_row import hold_button, question_row
from app.window.screen_keeper import ScreenKeeper
from app.window.source_picker import SourcePicker
from app.window.status_line import StatusLine
from app.window.transcript import Transcript
from app.window.transcript_view import TranscriptView
from app.window.widgets import button_for, label
from core.messages import Ask

HEADER_FROM = 860  # pixels of width; below, the menu alone has what is not needed in a hurry
SIDE_BY_SIDE_FROM = 860  # pixels of width; below, the transcript lies under the picture
ROOMY_FROM = {True: 500, False: 600}  # pixels of height, side by side or not; below, the gauges go,
# and where the picture lies above the words, it goes as well


class MainWindow(OwnWindow):
    """Shows a stream and says what the user wants; runs nothing itself.

    Attributes:
        user_actions: the actions. switch_button: offered where something else is chosen than what runs.
        preview, film_bar, strip, transcript, banner, status: the parts that main feeds.
        phase: what the stream is doing, as last set.

    Signals:
        start_requested: watch what `current_settings` tells. stop_requested: end the stream.
        pause_requested: whether to pause, or to resume.
        command_requested: a question, or how the stream that runs should change.
        phase_changed: the Phase that has been set.
    """

    start_requested = Signal()
    stop_requested = Signal()
    pause_requested = Signal(bool)
    command_requested = Signal(object)
    phase_changed = Signal(object)

    def __init__(self, settings: Settings) -> None:
        super().__init__(tr("Courtside"))
        self.setMinimumSize(*MIN_SIZE)
        self.user_actions = Actions(self)
        self.preview = Preview()
        self.film_bar = FilmBar(self.user_actions)
        self.strip = GaugeStrip()
        self.transcript = Transcript(self)
        self.banner = Banner()
        self.status = StatusLine()
        self.picker = SourcePicker()
        self.commentator = CommentatorPanel(button_for(self.user_actions.apply, "apply"))
        self.question = QLineEdit()
        self.hold_to_ask = hold_button()
        self.phase = Phase.IDLE
        self._differs = False
        self._columns = settings.columns
        self._keeper = ScreenKeeper(self)
        self._choose = button_for(self.user_actions.choose_source, "flat")
        self._start = button_for(self.user_actions.start, "start")
        self.switch_button = button_for(self.user_actions.switch, "pause")
        self._pause = button_for(self.user_actions.pause, "pause")
        self._stop = button_for(self.user_actions.stop, "stop")
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()
        self._order_tabs()
        self._restore(settings)
        self.view.setFocus()
        self.set_phase(Phase.IDLE)

    def set_phase(self, phase: Phase) -> None:
        """Shows the phase and offers what makes sense in it."""
        self.phase = phase
        publish_place(self, self.place)  # by now the frame has its size, which no event tells
        self.user_actions.set_phase(phase)
        self.status.set_phase(phase)
        self._start.setVisible(phase.at_rest)
        self._pause.setVisible(not phase.at_rest)
        self._stop.setVisible(not phase.at_rest)
        self.commentator.set_running(phase.running)
        self.picker.setEnabled(phase.at_rest or phase.pausable)
        self.offer_switch(self._differs)
        self.question.setEnabled(phase.running)
        self.hold_to_ask.setEnabled(phase.running)
        if phase is Phase.LOADING:
            self.preview.set_hint(tr("Loading the model…"))
        elif phase is Phase.IDLE:
            self.preview.set_hint(tr("Choose a source and press Start"))
        self.phase_changed.emit(phase)

    def hide_password(self) -> None:
        self.picker.set_spec(shown_address(self.picker.spec()))

    def start_over(self) -> None:
        """An empty window for a new stream, with no password in it."""
        self.hide_password()
        self.banner.hide()
        self.transcript.clear()
        self.status.set_notice("")
        self.set_phase(Phase.LOADING)

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what the window knows better."""
        inside = self.normalGeometry() if self.isMaximized() else self.geometry()
        columns = tuple(self._splitter.sizes()) if self._side_by_side() else self._columns
        return replace(
            self.commentator.current_settings(settings),
            source=keep_secret(self.picker.spec() or settings.source),
            file_start_s=self.picker.start_s(),
            window_rect=rect_of(inside),
            window_maximized=self.isMaximized(),
            columns=columns if columns and len(columns) == 2 and min(columns) > 0 else None,
        )

    def take(self, before: Settings, settings: Settings) -> None:
        """Shows what the settings say now; tells a stream what of it can be had while it runs."""
        if (self.phase.at_rest or self.phase.pausable) and settings.source != before.source:
            self.picker.set_spec(settings.source)
        self.commentator.take(before, settings)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= SIDE_BY_SIDE_FROM
        if wide != self._side_by_side():
            self._set_side_by_side(wide)
        roomy = event.size().height() >= ROOMY_FROM[wide]
        self.strip.setVisible(roomy)
        self.preview.setVisible(roomy or wide)
        for part in self._wide_header:
            part.setVisible(event.size().width() >= HEADER_FROM)

    # Building

    def _lay_out(self) -> None:
        column = self.lay_out()
        column.addLayout(self._header())
        column.addWidget(self.banner)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(SPACING)
        self._splitter.addWidget(self._watching())
        self._splitter.addWidget(self._commentary())
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        column.addWidget(self._splitter, 1)
        column.addWidget(self.strip)

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(label("brand", tr("Courtside")))
        row.addSpacing(14)
        row.addWidget(self.status, 1)
        do = self.user_actions
        self._library = button_for(do.show_library, "flat")
        self._models = button_for(do.show_models, "flat")
        self._outputs = button_for(do.show_outputs, "flat")
        self._captions_heading = label("heading", tr("Captions on screen"))
        actions = (do.show_overlay, do.hide_overlay, do.move_overlay, do.style_overlay)
        self._caption_buttons = [button_for(action, "flat") for action in actions]
        self._panic = button_for(do.panic, "panic")
        self._menu = menu_button(do)
        windows = (self._library, self._models, self._outputs)
        for part in (*windows, self._captions_heading, *self._caption_buttons):
            row.addWidget(part)
        row.addWidget(self._panic)
        row.addWidget(self._menu)
        self._wide_header = (*windows, self._captions_heading, *self._caption_buttons[2:])
        return row

    def _watching(self) -> QWidget:
        """The picture and what is to be watched."""
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING - 2)
        column.addWidget(self.preview, 1)
        column.addWidget(self.film_bar)
        row = QHBoxLayout()
        row.addWidget(self.picker, 1)
        row.addWidget(self._choose)
        row.addWidget(self._start)
        row.addWidget(self.switch_button)
        row.addWidget(self._pause)
        row.addWidget(self._stop)
        column.addLayout(row)
        column.addWidget(self.commentator)
        return side

    def _commentary(self) -> QWidget:
        """What is said, and the field to ask."""
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING - 2)
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 8, 1, 8)
        self.view = TranscriptView(self.transcript)
        inside.addWidget(self.view)
        column.addWidget(card, 1)
        column.addLayout(question_row(self.question, self.hold_to_ask, self.commentator.tokens))
        side.setMinimumWidth(260)
        return side

    def _connect(self) -> None:
        user_actions = self.user_actions
        self.addActions(user_actions.all())
        user_actions.start.triggered.connect(self._ask_start)
        user_actions.stop.triggered.connect(self.stop_requested)
        user_actions.pause.triggered.connect(self.pause_requested)
        user_actions.apply.triggered.connect(self.commentator.send_texts)
        user_actions.focus_source.triggered.connect(self.picker.field.setFocus)
        user_actions.focus_question.triggered.connect(self.question.setFocus)
        user_actions.quit.triggered.connect(self.close)
        self.picker.submitted.connect(self._submitted)
        self.question.returnPressed.connect(self._ask_question)
        self.question.textChanged.connect(partial(self.commentator.tokens.set_text, "question"))
        self.closed.connect(self.commentator.tokens.close)
        self.commentator.command_requested.connect(self.command_requested)
        self.commentator.failed.connect(lambda error: self.banner.show_error(error.title, error.message))

    def _order_tabs(self) -> None:
        """From what to watch to what was said; the captions' buttons last."""
        panel = self.commentator
        order = [*self.film_bar.parts, *self.picker.parts, self._choose, self._start, self.switch_button, self._pause]
        order += [self._stop, panel.fold, panel.persona.names, panel.persona.edit, panel.query, panel.context]
        order += [panel.words, panel.speech, panel.memory, panel.apply, self.view, self.question, self.hold_to_ask]
        order += [self._library, self._models, self._outputs, *self._caption_buttons, self._panic, self._menu]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _restore(self, settings: Settings) -> None:
        self.picker.set_spec(settings.source)
        self.picker.set_start(settings.file_start_s)
        self.commentator.set_settings(settings)
        self._keeper.restore(settings.window_rect or first_rect(usable_areas()[0]))
        if settings.window_maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self._splitter.setSizes(list(settings.columns or (680, 440)))

    def offer_switch(self, differs: bool) -> None:
        """Whether something else has been chosen than what runs."""
        self._differs = differs
        self.switch_button.setVisible(self.phase.pausable and differs)

    # What happens

    def _submitted(self) -> None:
        do = self.user_actions
        (do.switch if do.switch.isEnabled() else do.start).trigger()

    def _ask_start(self) -> None:
        if self.picker.spec():
            self.start_requested.emit()
        else:
            self.picker.field.setFocus()

    def _ask_question(self) -> None:
        if text := self.question.text().strip():
            self.question.clear()
            self.command_requested.emit(Ask(text))

    def _side_by_side(self) -> bool:
        return self._splitter.orientation() == Qt.Orientation.Horizontal

    def _set_side_by_side(self, wide: bool) -> None:
        if wide:
            self._splitter.setOrientation(Qt.Orientation.Horizontal)
            self._splitter.setSizes(list(self._columns or (680, 440)))
        else:
            sizes = self._splitter.sizes()
            self._columns = (sizes[0], sizes[1])
            self._splitter.setOrientation(Qt.Orientation.Vertical)
            self._splitter.setSizes([500, 400])
