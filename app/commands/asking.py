"""`courtside sessions ask` and `summary`: from the lines of a session, each sentence with those it rests on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from app.library.ask.answer import Answer
from app.library.ask.asking import asked, summary
from app.library.ask.writer import EndpointWriter, ModelWriter, Writer
from app.library.cues import Stretch
from app.session.events import Session
from app.session.records import json_line
from core.chat.endpoint import ChatEndpoint, EndpointSettings
from core.chat.key import endpoint_key
from core.chat.options import is_asked
from core.errors import UsageError


def add_writer(parser: argparse.ArgumentParser) -> None:
    """Who writes the sentences, where they are not to be the lines themselves."""
    group = parser.add_argument_group("the writer", "Without one, the lines themselves are the answer.")
    help = "a checkpoint that answers questions, directory or hub id (the bundled one does not)"
    group.add_argument("--model", metavar="PATH|ID", help=help)
    group.add_argument("--endpoint", metavar="URL", help="an OpenAI-compatible chat endpoint")
    group.add_argument("--endpoint-model", metavar="NAME", help="the endpoint's model")
    group.add_argument("--key-env", default="", metavar="VARIABLE", help="environment variable with the endpoint's key")


def run_ask(args: argparse.Namespace, session: Session, stretch: Stretch) -> int:
    """Raises CourtsideError."""
    if not args.question.strip():
        raise UsageError("Nothing was asked", 'give a question, as in "what happened between 14:00 and 14:20"')
    with _writer(args) as writer:
        _tell(asked(session, stretch, args.question, writer), as_json=args.json)
    return 0


def run_summary(args: argparse.Namespace, session: Session, stretch: Stretch) -> int:
    """Raises CourtsideError."""
    with _writer(args) as writer:
        _tell(summary(session, stretch, writer), as_json=args.json)
    return 0


@contextmanager
def _writer(args: argparse.Namespace) -> Iterator[Writer | None]:
    """What the options name; None for the lines themselves. Raises UsageError, CheckpointError."""
    if args.model is not None and args.endpoint:
        raise UsageError("Two writers", "give --model or --endpoint, not both")
    if args.model is not None:
        from core.engine.host import InlineHost

        model = ModelWriter(args.model, InlineHost)
        try:
            yield model
        finally:
            model.close()
    elif is_asked(args, "--endpoint", "--endpoint-model"):
        key = endpoint_key(args.endpoint, args.key_env)
        yield EndpointWriter(ChatEndpoint(EndpointSettings(args.endpoint, args.endpoint_model, key)))
    else:
        yield None


def _tell(answer: Answer, *, as_json: bool) -> None:
    print(json_line(answer.as_record()) if as_json else "\n".join(answer.in_words()))
