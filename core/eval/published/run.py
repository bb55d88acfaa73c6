"""What one run of a published benchmark is made of: its model, its processes, its judge, what it leaves out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from core.assets import BUNDLED
from core.chat.consent import confirm_cost, is_local
from core.chat.cost import Cost
from core.chat.endpoint import ChatEndpoint
from core.chat.options import is_asked, request_settings
from core.chat.replies import ReplyCache
from core.config import QUERY, StreamConfig, resolve
from core.data.atomic import read_json, write_json
from core.errors import EndpointError, UsageError
from core.eval.published.layout import safe_name
from core.eval.published.loaded_model import LoadedModel
from core.eval.published.prompts import Prompts
from core.eval.published.ranks import Ranks
from core.eval.published.skipped import SkippedItems
from core.eval.results_folder import checkpoint_digest

WORK = "work"


@dataclass(slots=True)
class Run:
    """One run of a benchmark.

    Attributes:
        args: its options. out: where all goes. ranks: its processes. prompts: its wording.
        skipped: what could not be used.
        judging: what is said of the judge in the result; empty without one.
    """

    args: argparse.Namespace
    ranks: Ranks
    prompts: Prompts
    skipped: SkippedItems
    judging: dict[str, Any] = field(default_factory=dict)
    _model: LoadedModel | None = None

    @classmethod
    def of(cls, args: argparse.Namespace) -> Run:
        """Raises DataError for data or prompts that are not there."""
        ranks = Ranks.join()
        return cls(args, ranks, Prompts.read(args.prompts), SkippedItems(tell))

    @property
    def out(self) -> Path:
        return Path(self.args.out)

    @property
    def name(self) -> str:
        """What files and figures call the model."""
        return safe_name(self.args.name or (self.args.model.rstrip("/").rpartition("/")[2]) or "bundled")

    def config(self, **changes: Any) -> StreamConfig:
        """Stream settings: the checkpoint's own, then the options', then `changes`. Raises UsageError."""
        from core.model.hub import settings_folder

        args = self.args
        given: dict[str, Any] = {"model": args.model, "device": self.ranks.device(args.device), "dtype": args.dtype}
        given |= {"seed": args.seed, "fps": args.fps, "size": _size(getattr(args, "size", None))}
        for option in ("mode", "temperature", "repetition_penalty"):
            given[option] = getattr(args, option, None)
        if hasattr(args, "greedy"):
            given["greedy"] = args.greedy
        return resolve(given | changes, settings_folder(args.model))

    def query(self, published: str) -> str:
        """The standing request: --query, else the protocol's; for the bundled model the one it was trained with."""
        given = getattr(self.args, "query", None)
        if given:
            return str(given)
        return QUERY if self.config().model_path() == BUNDLED else published

    def said_by(self, config: StreamConfig) -> dict[str, Any]:
        """What decides what is said: the settings of a stream, without what differs from video to video, the
        checkpoint and the wording."""
        found = asdict(config)
        for name in ("context", "persona", "device", "memory_limit_bytes", "attention"):
            del found[name]
        place = config.model_path()
        digest = checkpoint_digest(place) if place.is_dir() else ""
        return found | {"checkpoint": digest, "prompts": self.prompts.version}

    def model(self) -> LoadedModel:
        """The model, loaded when it is needed. Raises CheckpointError, UsageError or EngineError."""
        if self._model is None:
            self._model = LoadedModel.load(self.config())
        return self._model

    def gather_skipped(self) -> None:
        """Meet the other processes; the first one then knows what all of them left out."""
        path = self.out / WORK / "skipped"
        write_json(path / f"{self.ranks.number}.json", self.skipped.records())
        self.ranks.wait()
        if self.ranks.first:
            for number in range(1, self.ranks.count):
                self.skipped.extend(read_json(path / f"{number}.json") or ())

    def endpoint(self, temperature: float = 0.0, seed: int | None = 0) -> ChatEndpoint | None:
        """The judge's endpoint; None where none is asked for. Raises UsageError or EndpointError."""
        args = self.args
        if not is_asked(args, "--judge", "--judge-model"):
            return None
        settings = request_settings(args, args.judge, args.judge_model)
        settings = replace(settings, temperature=temperature, seed=seed)
        self.judging = {"url": settings.address(), "model": settings.model, "prompts": self.prompts.version}
        self.judging |= {"temperature": temperature, "seed": seed}
        return ChatEndpoint(settings, lambda line: tell(f"courtside: {line}"))

    def replies(self) -> ReplyCache:
        """Answers of endpoints that are kept."""
        return ReplyCache(self.out / WORK / "replies")

    def agree(self, step: str, cost: Cost) -> None:
        """Say what asking will cost, and ask whether that is right. Raises UsageError where it is not.

        An endpoint on this machine costs nothing: it is not asked about.
        """
        args = self.args
        if self.ranks.first:
            confirm_cost(step, cost, args.price, args.judge, yes=args.yes or is_local(args.judge))


def opponents(given: Sequence[str], folder: Path, pattern: str) -> dict[str, Path]:
    """Other models' answers by name: those given, else all in a folder of the data set. Raises UsageError."""
    paths = [Path(path) for path in given] or sorted(folder.glob(pattern))
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise UsageError("No such answers", f"--against {path} does not exist")
        name = path.parent.name if path.name == "merged_result.jsonl" else path.stem if path.is_file() else path.name
        found[safe_name(name)] = path
    return found


def require_judged(judged: int, unjudged: int) -> None:
    """Raise EndpointError where a judge was asked and none of its answers made sense."""
    if unjudged and not judged:
        raise EndpointError("The judge makes no sense", f"none of its answers on {unjudged} pairs says A or B")


def tell(line: str) -> None:
    """One line for people, on stderr."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _size(text: str | None) -> Any:
    """WxH as two numbers. Raises UsageError."""
    if text is None or text in ("native", "auto"):
        return text
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageError("Impossible size", f"{text!r} is not native, auto or WxH")
    return int(width), int(height)
