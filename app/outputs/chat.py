"""A chat that is read: viewers' questions, and what they talk about: `--chat CHANNEL`. Nothing is ever posted."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.outputs.output_kind import OutputKind, StreamRun
from core.errors import CourtsideError, UsageError
from core.messages import Failure, Message, Paused, Resumed

if TYPE_CHECKING:
    import argparse

    from app.outputs.irc import IrcMessage
    from app.settings import Settings

CLOSE_WITHIN_S = 2.0
CONTEXT_MESSAGES = 6
COMMAND = "!ask"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """`[outputs.chat]`.

    Attributes:
        channel: a Twitch channel, or an IRC server's address, as `app.outputs.chat_address` reads it.
        on: whether it is read. command: what stands in front of a question. name: who may be asked as @name instead.
        questions, context: whether it gives questions, and whether what is written goes into the context.
        every_s, each_s: seconds between two questions, and between two of the same person.
        characters: of a question at most. context_every_s: seconds between two changes of the context.
    """

    channel: str
    on: bool = True
    command: str = COMMAND
    name: str = "courtside"
    questions: bool = True
    context: bool = False
    every_s: float = 10.0
    each_s: float = 60.0
    characters: int = 200
    context_every_s: float = 30.0

    def __post_init__(self) -> None:
        limits = {"every_s": (1, 3600), "each_s": (1, 86_400), "characters": (20, 400), "context_every_s": (10, 3600)}
        for name, (least, most) in limits.items():
            if not least <= (value := getattr(self, name)) <= most:
                raise UsageError("Impossible chat", f"{name} is from {least} to {most}, not {value}")
        if not (self.command or self.name):
            raise UsageError("Impossible chat", "a question needs a command in front of it, or a name")


class ChatInput:
    """Stands among the outputs, since it needs to know when the stream rests, and ends with it."""

    name = "The chat"

    def __init__(self, options: ChatOptions, run: StreamRun) -> None:
        """Connects in a thread of its own. Raises UsageError for an address that makes no sense."""
        from app.outputs.chat_address import parse_chat
        from app.outputs.chat_filter import ChatLimits, QuestionFilter, RecentChat
        from app.outputs.chat_link import ChatLink

        limits = ChatLimits(options.every_s, options.each_s, options.characters)
        self._questions = QuestionFilter(limits, options.command, options.name) if options.questions else None
        self._recent = RecentChat(CONTEXT_MESSAGES, options.context_every_s, options.characters)
        self._run = run
        self._adds_context = options.context and bool(run.config.model)
        self._paused = False
        if options.context and not self._adds_context:
            why = "The bundled model knows names alone from its context. Questions are asked all the same."
            run.emit(Failure("The chat is no context", why, fatal=False))
        self._link = ChatLink(parse_chat(options.channel), self._take, run.emit)

    def handle(self, message: Message) -> None:
        if isinstance(message, Paused | Resumed):
            self._paused = isinstance(message, Paused)

    def close(self) -> None:
        self._link.close(CLOSE_WITHIN_S)

    def _take(self, message: IrcMessage) -> None:
        """In the thread of the connection. What is asked while the stream rests is left out."""
        if self._paused:
            return
        now = time.monotonic()
        if self._questions is not None and (question := self._questions.question(message, now)):
            try:
                self._run.control(f"ask {question}")
            except CourtsideError as error:
                log.info("chat: %s", error)
        elif self._adds_context:
            self._recent.take(message)
            if text := self._recent.news(now):
                self._run.add_context(text)


def _add_arguments(group: argparse._ArgumentGroup) -> None:
    about = "read a chat's questions (!ask ..., @courtside ...); a Twitch channel or ircs://HOST[:PORT]/NAME"
    group.add_argument("--chat", metavar="CHANNEL", help=about)
    group.add_argument("--chat-context", action="store_true", help="what is written there goes into the context, too")


def _from_arguments(args: argparse.Namespace, run: StreamRun) -> ChatInput | None:
    return None if args.chat is None else ChatInput(ChatOptions(args.chat, context=args.chat_context), run)


def _from_settings(settings: Settings, run: StreamRun) -> ChatInput | None:
    from app.settings import output_options

    options = output_options(settings, "chat", ChatOptions)
    return ChatInput(options, run) if options is not None and options.on else None


CHAT = OutputKind(_add_arguments, _from_arguments, _from_settings, table="chat", options=ChatOptions)
