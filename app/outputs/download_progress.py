"""How far the download of a checkpoint is, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.outputs.queued_output import QueuedOutput
from core.messages import Loading, Message

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class DownloadProgress(QueuedOutput):
    """A bar on stderr while files come. Use it only where stderr is a terminal."""

    name = "The progress of the download"

    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def wants(self, message: Message) -> bool:
        return isinstance(message, Loading) or self._progress is not None

    def write(self, message: Message) -> None:
        if not isinstance(message, Loading) or message.stage != "downloading":
            self.end()
            return
        if self._progress is None or self._task is None:
            self._begin(message)
        assert self._progress is not None
        assert self._task is not None
        size = f"{message.done_bytes / 1e9:.2f} of {message.total_bytes / 1e9:.2f} GB"
        self._progress.update(self._task, completed=message.done_bytes, total=message.total_bytes, size=size)

    def end(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _begin(self, loading: Loading) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        missing = (loading.total_bytes - loading.done_bytes) / 1e9
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"Downloading {self._model}: {missing:.2f} GB to fetch, {loading.free_bytes / 1e9:.2f} GB free")
        size = TextColumn("{task.fields[size]}")
        self._progress = Progress(BarColumn(), size, TimeRemainingColumn(), console=console)
        self._task = self._progress.add_task(self._model, total=loading.total_bytes, size="")
        self._progress.start()
