"""The engine's host as a stream of a person has it: in a process of its own that is started again when it ends."""

from __future__ import annotations

from functools import partial

from app.folders import CRASH_FILE, config_folder
from core.config import StreamConfig
from core.engine.child_host import ChildHost
from core.engine.supervised_host import SupervisedHost
from core.messages import TextMemory


def supervised_host(config: StreamConfig, earlier: TextMemory | None = None, first_round: int = 0) -> SupervisedHost:
    """A host not yet started, which keeps why an engine ended for `courtside doctor --report`."""
    make_host = partial(ChildHost, crash_file=config_folder() / CRASH_FILE)
    return SupervisedHost(config, make_host, earlier=earlier, first_round=first_round)
