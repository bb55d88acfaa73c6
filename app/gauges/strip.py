"""The gauges under the picture: one row of quiet tiles, painted in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.colours import Role
from app.gauges import figures
from app.gauges.gpu_probe import GpuReading
from app.gauges.meters import ROUNDS_SHOWN, Meters
from app.gauges.verdict import verdict
from app.translation import tr

MOST = 4
"""Levels: 0 nothing, 1 the verdict, 2 the usual tiles as well, 3 first word, rates, causes, the whole GPU, 4 curves."""
USUAL = 2
VERDICT_HEIGHT = 22
TILE_WIDTH = 136
TILE_HEIGHT = 74
GAP = 8
LEAST_CURVE = 16  # pixels of width


@dataclass(frozen=True, slots=True)
class Tile:
    """One gauge as words: what it is, the figure, and what it means."""

    title: str
    figure: str
    remark: str


class GaugeStrip(QWidget):
    """Paints `Meters`. Repaints only when told that they changed.

    Attributes:
        meters: the figures shown; replaced for each stream. level: how much of them, see MOST.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meters = Meters()
        self.level = USUAL
        self.setAccessibleName(tr("Gauges"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title_font = theme.pixel_font(11.5)
        self._figure_font = theme.pixel_font(19, theme.QFont.Weight.DemiBold)

    def show_meters(self, meters: Meters) -> None:
        self.meters = meters
        self.refresh()

    def set_level(self, level: int) -> None:
        self.level = level
        self.refresh()

    def reset(self) -> None:
        """What adds up begins anew."""
        self.meters.reset()
        self.refresh()

    def refresh(self) -> None:
        """The figures changed; with a GPU there is one tile more."""
        if (height := self._height_for(self.width())) != self.height():
            self.setFixedHeight(height)
        told = [verdict(self.meters), *(f"{t.title}: {t.figure}, {t.remark}" for t in self.tiles())]
        self.setAccessibleDescription("; ".join(filter(None, told)))
        self.update()

    def tiles(self) -> list[Tile]:
        """The gauges, in order, as they read now; nothing of a GPU where none is used."""
        m = self.meters
        if self.level < USUAL:
            return []
        last_compute = m.compute_s[-1] if m.compute_s else None
        gpu = [Tile(tr("GPU memory"), *_gpu(m))] if m.has_gpu() else []
        if gpu and self.level > USUAL and m.gpu is not None and m.gpu.machine_busy is not None:
            gpu.append(_whole_gpu(m.gpu, m.gpu.machine_busy))
        return [
            Tile(tr("Age of last line"), figures.seconds(m.age_s), _bound(m)),
            Tile(tr("Compute"), figures.seconds(last_compute), _budget(m)),
            Tile(
                tr("Tokens/s"),
                figures.rate(m.tokens_per_s()),
                tr("{count} words so far").format(count=figures.count(m.words)),
            ),
            Tile(
                tr("Frames"),
                figures.count(m.frames_in),
                tr("{count} dropped").format(count=figures.count(m.frames_dropped)),
            ),
            *(self._more() if self.level > USUAL else []),
            Tile(tr("KV cache"), figures.size(m.kv_bytes), _remembered(m)),
            Tile(tr("Memory"), figures.size(_sum(m.engine_bytes, m.window_bytes)), _engine_share(m)),
            *gpu,
        ]

    def _more(self) -> list[Tile]:
        m = self.meters
        dropped = m.dropped
        causes = tr("{late} late, {cut} cut, {hidden} hidden").format(
            late=dropped["behind"], cut=dropped["incomplete"], hidden=dropped["guard"]
        )
        return [
            Tile(tr("First word"), figures.seconds(m.first_token_s), tr("after the last picture")),
            Tile(
                tr("Captured, fps"),
                figures.rate(m.captured_per_s),
                tr("{skipped} skipped, {missed} missed").format(
                    skipped=figures.count(m.frames_skipped), missed=figures.count(m.frames_missed)
                ),
            ),
            Tile(tr("To the model, fps"), figures.rate(m.frames_per_s), causes),
        ]

    def sizeHint(self) -> QSize:
        return QSize(len(self.tiles()) * (TILE_WIDTH + GAP), self._height_for(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(
            2 * (TILE_WIDTH + GAP), self._height_for(2 * (TILE_WIDTH + GAP)) if self.level < USUAL else TILE_HEIGHT
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self._height_for(event.size().width()))
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tiles = self.tiles()
        if self.level:
            painter.setFont(self._title_font)
            painter.setPen(theme.colour(Role.MUTED))
            line = QRectF(2, 0, self.width() - 4, VERDICT_HEIGHT)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, verdict(self.meters))
        columns = self._columns(self.width())
        width = (self.width() - GAP * (columns - 1)) / columns
        for index, tile in enumerate(tiles):
            row, column = divmod(index, columns)
            top = VERDICT_HEIGHT + row * (TILE_HEIGHT + GAP)
            box = QRectF(column * (width + GAP), top, width, TILE_HEIGHT)
            self._paint_tile(painter, box, tile)
            self._paint_curve(painter, self._beside(box, tile.figure), self.curve(tile.title))
        painter.end()

    def curve(self, title: str) -> Sequence[float]:
        """What stands beside that gauge's figure: its last two minutes, oldest first."""
        m = self.meters
        if title == tr("Compute"):
            return m.compute_s
        if self.level < MOST:
            return ()
        memory = tr("GPU memory") if m.has_gpu() else tr("Memory")
        curves: dict[str, Sequence[float]] = {
            tr("Age of last line"): m.ages_s,
            tr("To the model, fps"): m.frame_rates,
            tr("KV cache"): m.kv_history,
            memory: m.memory_history,
        }
        return curves.get(title, ())

    def _beside(self, box: QRectF, figure: str) -> QRectF:
        """Where a curve lies, right of the figure."""
        figure_end = box.left() + 13 + QFontMetricsF(self._figure_font).horizontalAdvance(figure) + 8
        left = max(figure_end, box.right() - box.width() * 0.42 - 10)
        return QRectF(left, box.top() + 14, box.right() - 10 - left, box.height() - 44)

    def _paint_tile(self, painter: QPainter, box: QRectF, tile: Tile) -> None:
        painter.setPen(QPen(theme.colour(Role.EDGE), 1))
        painter.setBrush(theme.colour(Role.CARD))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        inside = box.adjusted(13, 9, -8, -9)
        painter.setFont(self._title_font)
        painter.setPen(theme.colour(Role.MUTED))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, tile.title)
        painter.setPen(theme.colour(Role.FAINT))
        remark = QFontMetricsF(self._title_font).elidedText(tile.remark, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom, remark)
        painter.setFont(self._figure_font)
        painter.setPen(theme.colour(Role.FAINT if tile.figure == figures.UNKNOWN else Role.TEXT))
        painter.drawText(inside.adjusted(0, -1, 0, -1), Qt.AlignmentFlag.AlignVCenter, tile.figure)

    def _paint_curve(self, painter: QPainter, field: QRectF, rounds: Sequence[float]) -> None:
        """Oldest left, scaled to the greatest but at least to 0.1; none where there is no room for it."""
        if len(rounds) < 2 or field.width() < LEAST_CURVE:
            return
        roof = max(0.1, max(rounds))
        step = field.width() / (min(ROUNDS_SHOWN, max(20, len(rounds))) - 1)
        left = field.right() - step * (len(rounds) - 1)
        scale = field.height() / roof
        points = [QPointF(left + i * step, field.bottom() - spent * scale) for i, spent in enumerate(rounds)]
        painter.setPen(QPen(theme.colour(Role.ACCENT), 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.ACCENT, 0.12))
        painter.drawPolygon(QPolygonF([QPointF(left, field.bottom()), *points, field.bottomRight()]))

    def _columns(self, width: int) -> int:
        """All in a row, or as even rows as fit."""
        count = max(1, len(self.tiles()))
        fit = max(1, min(count, (width + GAP) // (TILE_WIDTH + GAP)))
        rows = -(-count // fit)
        return -(-count // rows)

    def _height_for(self, width: int) -> int:
        rows = -(-len(self.tiles()) // self._columns(width))
        tiles = rows * TILE_HEIGHT + max(0, rows - 1) * GAP
        return tiles + (VERDICT_HEIGHT if self.level else 0)


def _sum(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _budget(meters: Meters) -> str:
    return (
        tr("per round")
        if meters.budget_s is None
        else tr("of {budget}").format(budget=figures.seconds(meters.budget_s))
    )


def _bound(meters: Meters) -> str:
    bound_s = meters.age_bound_s()
    return tr("picture to text") if bound_s is None else tr("at most {bound}").format(bound=figures.seconds(bound_s))


def _remembered(meters: Meters) -> str:
    """How far back."""
    if meters.reduced:
        return tr("reduced to its limit")
    if meters.remembers_s is None:
        return tr("nothing yet")
    pictures = figures.span(meters.pictures_s)
    return tr("{pictures} picture, {words} words").format(pictures=pictures, words=figures.span(meters.remembers_s))


def _engine_share(meters: Meters) -> str:
    return (
        tr("engine {size}").format(size=figures.size(meters.engine_bytes))
        if meters.engine_bytes is not None
        else tr("this window")
    )


def _gpu(meters: Meters) -> tuple[str, str]:
    """Memory of our own processes on the GPU, else PyTorch's peak; and how busy the GPU is."""
    reading = meters.gpu
    memory = meters.memory_bytes()
    if reading is None or reading.busy is None:
        return figures.size(memory), meters.device or ""
    return figures.size(memory), tr("{share} busy").format(share=f"{reading.busy:.0%}")


def _whole_gpu(reading: GpuReading, busy: float) -> Tile:
    taken = tr("{used} of {total}").format(
        used=figures.size(reading.used_bytes), total=figures.size(reading.total_bytes)
    )
    return Tile(tr("GPU, all programs"), f"{busy:.0%}", taken)
