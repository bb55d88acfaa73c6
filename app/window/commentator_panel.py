"""Request, context and limits for the commentator, before the start and live; collapsed by default."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.settings import Settings
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.limit_choices import OTHER, SPEECH, WORDS, choose, speech_rules
from app.window.memory_field import MemoryField
from app.window.persona_picker import PersonaPicker
from app.window.token_counting import TokenCounting
from app.window.token_label import counted
from app.window.widgets import button, label
from core.config import StreamConfig
from core.errors import CourtsideError
from core.messages import Adjust, LimitMemory, Steer

TITLE = noop("Direct the commentator")
CONTEXT_HEIGHT = 62
MIN_HEIGHT = 76
QUERY = StreamConfig().query


class CommentatorPanel(QWidget):
    """A heading that unfolds the fields. Lists count at once; texts once they are applied, or at the next start.

    Attributes:
        fold, apply: the heading, and the button shown while the texts differ from those of the running stream.
        persona, query, context, words, speech, memory: the fields.
        tokens: counts what is typed.

    Signals:
        command_requested: a Steer, Adjust or LimitMemory for a stream that runs.
        failed: a CourtsideError about a persona.
    """

    command_requested = Signal(object)
    failed = Signal(object)

    def __init__(self, apply: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fold = button("fold", "", tr(TITLE))
        self.fold.setCheckable(True)
        self.apply = apply
        self.persona = PersonaPicker()
        self.query = QLineEdit()
        self.context = QPlainTextEdit()
        self.words = ComboBox()
        self.speech = ComboBox()
        self.memory = MemoryField()
        self.tokens = TokenCounting(self)
        self._sheet = QScrollArea()
        self._bundled = True
        self._sent: Steer | None = None  # None while nothing runs
        self._describe()
        self._lay_out()
        self._connect()
        self._show_sheet(False)
        self._offer_apply()

    def set_settings(self, settings: Settings) -> None:
        self._bundled = not settings.model
        self._set_persona(settings.persona)
        self.query.setText(settings.query)
        self.context.setPlainText(settings.context)
        choose(self.words, settings.words_per_minute, OTHER["words_per_minute"])
        choose(self.speech, settings.silence_threshold, OTHER["silence_threshold"])
        self.memory.show_megabytes(settings.memory_limit_mb)
        self.set_open(settings.commentator_open)
        self.tokens.set_model(settings.model)
        self._count_tokens()

    def take(self, before: Settings, settings: Settings) -> None:
        """Shows other settings, and tells a stream what has changed."""
        self._bundled = not settings.model
        self.query.setText(settings.query)
        self.context.setPlainText(settings.context)
        if settings.persona != before.persona:
            self._choose_persona(settings.persona)
        self.send_texts()
        limits = {"words_per_minute": self.words, "silence_threshold": self.speech}
        for name, choice in limits.items():
            if (value := getattr(settings, name)) != getattr(before, name):
                choose(choice, value, OTHER[name])
                self._adjust(name, choice)
        if settings.memory_limit_mb != before.memory_limit_mb:
            self.memory.show_megabytes(settings.memory_limit_mb)
            self._tell_limit()

    def set_model(self, model: str) -> None:
        """Which model is going to speak: the bundled one follows no style."""
        self._bundled = not model
        self.tokens.set_model(model)
        self._count_tokens()
        self._show_request()

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with the values of these fields."""
        return replace(
            settings,
            persona=self.persona.name(),
            query=self.query.text().strip(),
            context=self.context.toPlainText().strip(),
            words_per_minute=self.words.currentData(),
            silence_threshold=self.speech.currentData(),
            memory_limit_mb=self.memory.megabytes(),
            commentator_open=self.is_open(),
        )

    def is_open(self) -> bool:
        return self.fold.isChecked()

    def set_open(self, unfolded: bool) -> None:
        self.fold.setChecked(unfolded)

    def set_running(self, running: bool) -> None:
        """Whether a stream runs; it started with the texts as they were then."""
        if running and self._sent is None:
            self._sent = self._texts()
        elif not running:
            self._sent = None
        self._offer_apply()

    def send_texts(self) -> None:
        """The texts, as they are now, to the stream that runs."""
        texts = self._texts()
        if self._sent is None or texts == self._sent:
            return
        changed_query = texts.query if texts.query != self._sent.query else None
        changed_context = texts.context if texts.context != self._sent.context else None
        self._sent = texts
        self._offer_apply()
        self.command_requested.emit(Steer(changed_query, changed_context))

    # Building

    def _describe(self) -> None:
        self.query.setAccessibleName(tr("Standing request"))
        self.query.setPlaceholderText(QUERY)
        self.query.setMaxLength(500)
        self.context.setAccessibleName(tr("What the commentator knows"))
        self.context.setPlaceholderText(tr("Who plays, in which colours; names; what it is about; the tone you want"))
        self.context.setTabChangesFocus(True)
        self.context.setFixedHeight(CONTEXT_HEIGHT)
        for choice, entries in ((self.words, WORDS), (self.speech, SPEECH)):
            for value, text in entries.items():
                choice.addItem(tr(text).format(value), value)
            choice.setMinimumContentsLength(8)
            choice.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.words.setAccessibleName(tr("Most words a minute"))
        self.words.setToolTip(tr("Silent once that much was said in the last minute"))
        self.speech.setAccessibleName(tr("How readily it speaks"))
        self.speech.setToolTip(speech_rules())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.fold)
        head.addStretch(1)
        head.addWidget(self.apply)
        inside = QWidget()
        inside.setObjectName("sheet")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows: dict[str, QWidget | QHBoxLayout | QVBoxLayout] = {
            tr("Persona"): self.persona,
            tr("Request"): counted(self.query, "request", self.tokens),
            tr("Context"): counted(self.context, "context", self.tokens),
            tr("Limits"): self._limits(),
        }
        for row, (name, field) in enumerate(rows.items()):
            grid.addWidget(label("heading", name), row, 0)
            if isinstance(field, QWidget):
                grid.addWidget(field, row, 1)
            else:
                grid.addLayout(field, row, 1)
        self._sheet.setWidget(inside)
        self._sheet.setWidgetResizable(True)
        self._sheet.setFrameShape(QFrame.Shape.NoFrame)
        self._sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._sheet.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._sheet.setMinimumHeight(MIN_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._sheet)

    def _limits(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.words, 3)
        row.addWidget(self.speech, 3)
        row.addWidget(self.memory, 2)
        return row

    def _connect(self) -> None:
        self.persona.chosen.connect(self._persona_chosen)
        self.persona.failed.connect(self.failed)
        self.fold.toggled.connect(self._show_sheet)
        self.query.returnPressed.connect(self.send_texts)
        self.query.textChanged.connect(self._offer_apply)
        self.context.textChanged.connect(self._offer_apply)
        for changed in (self.query.textChanged, self.context.textChanged, self.persona.chosen):
            changed.connect(self._count_tokens)
        self.words.activated.connect(lambda: self._adjust("words_per_minute", self.words))
        self.speech.activated.connect(lambda: self._adjust("silence_threshold", self.speech))
        self.memory.editingFinished.connect(self._limit)

    # What happens

    def _count_tokens(self) -> None:
        """Of the texts as they are sent: a persona's own words count, too."""
        texts = self._texts()
        self.tokens.set_text("request", texts.query or "")
        self.tokens.set_text("context", texts.context or "")

    def _show_sheet(self, unfolded: bool) -> None:
        self.fold.setText(f"{'▾' if unfolded else '▸'}  {tr(TITLE)}")
        self._sheet.setVisible(unfolded)
        self._offer_apply()

    def _offer_apply(self) -> None:
        self.apply.setVisible(self.is_open() and self._sent is not None and self._texts() != self._sent)

    def _texts(self) -> Steer:
        query = self.query.text().strip()
        known = self.context.toPlainText().strip()
        if (persona := self.persona.persona) is not None:
            return persona.steer(known, query, bundled=self._bundled)
        return Steer(query or QUERY, known, "")

    def _set_persona(self, name: str) -> None:
        """One whose file has gone or makes no sense is told of when a stream starts with it."""
        with suppress(CourtsideError):
            self.persona.set_name(name)
        self._show_request()

    def _persona_chosen(self) -> None:
        """Its limits go to the fields, where they may be changed; all of it counts at once."""
        persona = self.persona.persona
        self._show_request()
        limits: dict[str, Any] = {"bad_words": ()} if persona is None else persona.limits()
        if persona is not None:
            choose(self.words, limits["words_per_minute"], OTHER["words_per_minute"])
            choose(self.speech, limits["silence_threshold"], OTHER["silence_threshold"])
        if self._sent is not None:
            self._sent = self._texts()
            self.command_requested.emit(self._sent)
            self.command_requested.emit(Adjust(limits))
        self._offer_apply()

    def _show_request(self) -> None:
        persona = self.persona.persona
        own = persona.file.query if persona is not None and not self._bundled else ""
        self.query.setPlaceholderText(own or QUERY)

    def _adjust(self, name: str, choice: ComboBox) -> None:
        self.command_requested.emit(Adjust({name: choice.currentData()}))

    def _choose_persona(self, name: str) -> None:
        """As a person does, who is told where that name is none."""
        try:
            self.persona.choose(name)
        except CourtsideError as error:
            self.failed.emit(error)

    def _limit(self) -> None:
        if self.memory.isModified():
            self.memory.show_megabytes(self.memory.megabytes())
            self._tell_limit()

    def _tell_limit(self) -> None:
        limit = self.memory.megabytes()
        self.command_requested.emit(LimitMemory(None if limit is None else limit * 1_000_000))
