"""What is known about one round of a recorded session: its frames, its cost, what the cache held."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.library.cache_contents import CacheContents
from app.library.session_view import Entry, SessionView
from app.session.records import Record, clock
from app.texts import noop
from app.translation import tr
from app.window.reader import Reader
from app.window.widgets import label

Seen = list[tuple[Path, float]]
"""Pictures, and the second of video time that each shows."""
FRAME_WIDTH = 150
MAX_FRAMES = 16
SHOWN = (
    ("compute_s", noop("time for the round"), "{:.3f} s"),
    ("first_token_s", noop("first token after the last frame"), "{:.3f} s"),
    ("vision_s", noop("of that for the picture"), "{:.3f} s"),
    ("decode_s", noop("of that for the words"), "{:.3f} s"),
    ("new_tokens", noop("tokens said"), "{:,}"),
    ("kv_tokens", noop("tokens in the cache"), "{:,}"),
    ("remembers_s", noop("words remembered back to"), "{:.0f} s"),
    ("rss_bytes", noop("memory of the engine"), "{:.2f} GB"),
)
"""Of the statistics of a round: the record's field, and how a person reads it."""


class RoundPanel(QScrollArea):
    """Shows an entry of the transcript, or a round without words; frames are read in a thread, the newest wish alone.

    Attributes:
        details: what was said and what it cost. cache: what the cache held. frames: what the model saw, one each.
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = label("note")
        self.cache = label("note")
        self.frames: list[QLabel] = []
        self._no_frames = label("note")
        self._frame_heading = label("heading", tr("What the model saw"))
        self._cache_heading = label("heading", tr("What its cache held then"))
        self._strip = QHBoxLayout()
        self._wanted: Seen = []
        self._ratio = 1.0
        self._is_closed = False
        self._reader = Reader(self._read, self)
        self._reader.read.connect(self._show_read)
        self._lay_out()

    def show_entry(self, view: SessionView, entry: Entry) -> None:
        """An entry; for a mark, a note or a question what is known of the round it falls into."""
        told = [tr("{kind} at {clock}").format(kind=entry.kind, clock=clock(entry.at)), entry.text]
        if entry.said:
            told.append(tr("the model said: {said}").format(said=entry.said))
        number = view.round_at(entry.at) if entry.round is None else entry.round
        self._show(view, told, number)

    def show_silence(self, view: SessionView, number: int) -> None:
        """A round in which nothing was said."""
        at = view.clocks.video(view.lines[number].start)
        self._show(view, [tr("silence at {clock}").format(clock=clock(at))], number)

    def close_reader(self) -> None:
        """Waits for the frames under way; no others come."""
        self._is_closed = True
        self._reader.join()

    def _show(self, view: SessionView, told: list[str], number: int | None) -> None:
        line = None if number is None else view.lines.get(number)
        if number is not None and line is not None:
            told = [*told, f"round {number}", f"age {line.shown_at - line.captured_at:.2f} s"]
            told += _costs(view.stats.get(number, {}))
        self.details.setText("\n".join(part for part in told if part))
        held = None if number is None else view.cache.at(number)
        self.cache.setText("" if held is None else "\n".join(_held(held)))
        self._cache_heading.setVisible(held is not None)
        self._show_frames(view, number)

    def _show_frames(self, view: SessionView, number: int | None) -> None:
        found = [] if number is None else view.seen_in(number)[:MAX_FRAMES]
        self._wanted = [(picture.path, view.clocks.video(picture.at)) for picture in found]
        beside = tr("; the video shows the moment") if view.film is not None else ""
        self._no_frames.setText(tr("The frames of this round were not kept{beside}.").format(beside=beside))
        self._no_frames.setVisible(not found)
        if found:
            self._ratio = self.devicePixelRatioF()
            self._reader.start()
        else:
            self._replace_frames([])

    def _read(self) -> tuple[Seen, list[QImage]]:
        """In the thread: what was wanted, and those pictures as wide as they are shown."""
        wanted = self._wanted
        images = [QImage(str(path)) for path, _ in wanted]
        width = round(FRAME_WIDTH * self._ratio)
        smooth = Qt.TransformationMode.SmoothTransformation
        return wanted, [image if image.isNull() else image.scaledToWidth(width, smooth) for image in images]

    def _show_read(self, answer: tuple[Seen, list[QImage]]) -> None:
        wanted, images = answer
        if wanted is self._wanted and not self._is_closed:  # else others are on their way
            frames = zip(images, wanted, strict=True)
            self._replace_frames([_frame(image, self._ratio, at) for image, (_, at) in frames])

    def _replace_frames(self, frames: list[QLabel]) -> None:
        for shown in self.frames:
            self._strip.removeWidget(shown)
            shown.deleteLater()
        self.frames = frames
        for place, shown in enumerate(frames):
            self._strip.insertWidget(place, shown)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setObjectName("sheet")
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 4, 12, 8)
        self._strip.addStretch(1)
        column.addWidget(self._frame_heading)
        column.addLayout(self._strip)
        column.addWidget(self._no_frames)
        column.addWidget(label("heading", tr("This round")))
        column.addWidget(self.details)
        column.addWidget(self._cache_heading)
        column.addWidget(self.cache)
        column.addStretch(1)
        for text in (self.details, self.cache):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._cache_heading.hide()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("This round"))


def _frame(image: QImage, ratio: float, at: float) -> QLabel:
    made = label("picture")
    picture = QPixmap.fromImage(image)
    picture.setDevicePixelRatio(ratio)
    if not picture.isNull():
        made.setPixmap(picture)
    made.setToolTip(tr("given to the model at {clock}.{value}").format(clock=clock(at), value=int(at * 10) % 10))
    made.setAccessibleName(made.toolTip())
    return made


def _costs(stats: Record) -> list[str]:
    """The statistics of a round that are there, in words."""
    numbers = {field: value for field, value in stats.items() if isinstance(value, int | float)}
    gigabytes = {field: value / 1e9 for field, value in numbers.items() if field.endswith("_bytes")}
    values = {**numbers, **gigabytes}
    return [f"{tr(name)} {form.format(values[field])}" for field, name, form in SHOWN if field in values]


def _held(held: CacheContents) -> list[str]:
    """What the cache held, one thing a line."""
    about = "" if held.exact else tr("about ")
    mode = [] if held.mode == "streaming" else [tr("mode {mode}").format(mode=held.mode)]
    return [
        *mode,
        tr("pictures of {rounds}").format(rounds=_rounds(held.vision_from, held.round)),
        tr("words in their own turns: {rounds}").format(rounds=_rounds(held.text_from, held.round)),
        tr("sink, {about}{sink_tokens} tokens: {value}").format(
            about=about, sink_tokens=held.sink_tokens, value=held.sink or "-"
        ),
        tr("window, {about}{window_tokens} tokens: {value}").format(
            about=about, window_tokens=held.window_tokens, value=held.window or "-"
        ),
    ]


def _rounds(first: int, last: int) -> str:
    return f"round {last}" if first == last else f"rounds {first} to {last}"
