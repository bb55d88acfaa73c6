"""Spoken commentary: `--say [VOICE]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.outputs.output_kind import OutputKind, StreamRun
from app.outputs.queued_output import CLOSE_WITHIN_S, QueuedOutput
from app.quantities import counted
from core.errors import OutputError, UsageError
from core.messages import Ask, Cleared, CommandSent, Failure, Line, Message, Paused, Ready, Resumed
from core.output_messages import SpeechSwitched, Unspoken

if TYPE_CHECKING:
    import argparse

    from app.capture.source_kind import Check
    from app.outputs.ducking import Ducking
    from app.settings import Settings

VOICE = "slt"
SENTENCE_END = re.compile(r"(?<=[.!?…])[\s]+")


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """`[outputs.speech]`.

    Attributes:
        voice: one of flite's, a folder with a neural one, or a name of one on the hub. speaker: which of several.
        on: whether it speaks. device: a part of the name of an output, "" for the system's.
        rate: 2.0 is twice as fast. volume: 1.0 is the voice's own.
        max_age_s: no sentence begins when its line's picture is older than this.
        duck: how loud other programs are meanwhile, as a share of their own volume; 1.0 leaves them alone.
    """

    voice: str = VOICE
    on: bool = True
    device: str = ""
    rate: float = 1.0
    volume: float = 1.0
    max_age_s: float = 6.0
    speaker: int = 0
    duck: float = 1.0

    def __post_init__(self) -> None:
        limits = {"rate": (0.5, 3.0), "volume": (0.0, 4.0), "max_age_s": (1.0, 60.0), "duck": (0.0, 1.0)}
        for name, (least, most) in limits.items():
            if not least <= (value := getattr(self, name)) <= most:
                raise UsageError("Impossible voice", f"{name} is from {least} to {most}, not {value}")


class SpeechOutput(QueuedOutput):
    """Makes sound of lines in its thread, while the player's thread speaks the one before.

    Attributes:
        unspoken: lines that were not spoken, or not to their end.
    """

    name = "The voice"

    def __init__(self, options: SpeechOptions, run: StreamRun) -> None:
        """Raises UsageError for an unknown voice, OutputError where flite or PortAudio is missing."""
        from app.outputs.speech_player import SpeechPlayer
        from app.outputs.speech_schedule import SpeechSchedule
        from app.outputs.voice import open_voice

        super().__init__()
        self.unspoken = 0
        self._emit = run.emit
        self._voice = open_voice(options.voice, options.speaker, options.rate, run.emit)
        rate = self._voice.sample_rate
        self._schedule = SpeechSchedule(options.max_age_s, rate, self._dropped)
        self._ducking = _ducking(options.duck, run)
        others = {} if self._ducking is None else {"on_voice": self._ducking.set_lowered}
        self._player = SpeechPlayer(self._schedule, rate, options.device, options.volume, run.emit, **others)
        self._asked_at: list[float] = []
        self._on = True
        run.emit(SpeechSwitched(True))

    def wants(self, message: Message) -> bool:
        match message:
            case SpeechSwitched(on=on):
                self._on = on
                if not on:
                    self._schedule.clear()
            case Cleared():
                self._schedule.clear()
            case Paused() | Resumed():
                self._schedule.hold(isinstance(message, Paused))
            case CommandSent(command=Ask()):
                self._asked_at.append(message.asked_at)
        return isinstance(message, Ready) or (self._on and isinstance(message, Line) and bool(message.text))

    def begin(self) -> None:
        """When the model is there, or has something to say."""
        self._voice.begin()

    def write(self, message: Message) -> None:
        from app.outputs.speech_schedule import Utterance

        if not isinstance(message, Line):
            return
        utterance = Utterance(message.round, message.captured_at, self._answers(message))
        sentences = SENTENCE_END.split(message.text.strip())
        self._schedule.add(utterance)
        for number, sentence in enumerate(sentences, 1):
            self._schedule.append(utterance, self._voice.speak(sentence), last=number == len(sentences))

    def close(self) -> None:
        self._schedule.close()
        try:
            super().close()
        finally:
            self._player.close(CLOSE_WITHIN_S)
            self._voice.close()
            if self._ducking is not None:
                self._ducking.close(CLOSE_WITHIN_S)

    def _answers(self, line: Line) -> bool:
        """Whether it is the answer to a question: the first line of a picture taken after that was asked."""
        if self._asked_at and line.captured_at > self._asked_at[0]:
            self._asked_at.pop(0)
            return True
        return False

    def _dropped(self, round_: int, cause: str) -> None:
        self.unspoken += 1
        self._emit(Unspoken(round_, cause, self.unspoken))


def _ducking(share: float, run: StreamRun) -> Ducking | None:
    """What lowers others; None where they are to stay as they are, or cannot be lowered, which is told."""
    if share >= 1.0:
        return None
    from app.outputs.ducking import Ducking

    try:
        return Ducking(share)
    except OutputError as error:
        run.emit(Failure(error.title, error.message, fatal=False))
        return None


def _add_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--say",
        nargs="?",
        const=VOICE,
        metavar="VOICE",
        help="speak: slt (unless given), rms, awb, kal16; or a neural voice: a folder, or OWNER/NAME on the hub",
    )
    group.add_argument("--say-speaker", type=int, default=0, metavar="N", help="which one of a neural voice's speakers")
    group.add_argument("--say-device", default="", metavar="NAME", help="a part of the name of a sound output")
    group.add_argument("--say-rate", type=float, default=1.0, metavar="R", help="2 is twice as fast")
    group.add_argument("--say-volume", type=float, default=1.0, metavar="V", help="0 to 4; 1 is the voice's own")
    group.add_argument("--say-duck", type=float, default=1.0, metavar="S", help="others at S of their volume meanwhile")
    late = "no sentence begins when its line is older than S seconds"
    group.add_argument("--say-max-age", type=float, default=6.0, metavar="S", help=late)


def _from_arguments(args: argparse.Namespace, run: StreamRun) -> SpeechOutput | None:
    if args.say is None:
        return None
    sound = {"device": args.say_device, "rate": args.say_rate, "volume": args.say_volume, "duck": args.say_duck}
    options = SpeechOptions(args.say, **sound, max_age_s=args.say_max_age, speaker=args.say_speaker)
    return SpeechOutput(options, run)


def _from_settings(settings: Settings, run: StreamRun) -> SpeechOutput | None:
    from app.settings import output_options

    options = output_options(settings, "speech", SpeechOptions)
    return SpeechOutput(options, run) if options is not None and options.on else None


def _checks() -> list[Check]:
    from importlib.util import find_spec

    from app.capture.source_kind import Check
    from app.outputs.flite_voice import VOICES, FliteVoice

    try:
        FliteVoice(VOICE)
    except OutputError as error:
        found = [_sound(), Check("Voice", "missing", error.message.partition(". ")[0], "apt install libflite1")]
    else:
        found = [_sound(), Check("Voice", "ok", f"flite: {', '.join(VOICES)}")]
    how = "sherpa-onnx is here; each voice is a folder, or is fetched from the hub"
    for row, package, extra, works in (
        ("Neural voices", "sherpa_onnx", "voices", how),
        ("Spoken questions", "pocketsphinx", "questions", "PocketSphinx, English; Hold to ask in the window"),
    ):
        if find_spec(package) is None:
            why = f"{package.replace('_', '-')} is missing"
            found.append(Check(row, "limited", why, f'pip install "courtside[{extra}]"'))
        else:
            found.append(Check(row, "ok", works))
    return found


def _sound() -> Check:
    """The outputs there are."""
    from importlib.util import find_spec

    from app.capture.source_kind import Check

    if find_spec("sounddevice") is None:
        return Check("Sound", "missing", "no sounddevice", "pip install sounddevice")
    try:
        import sounddevice

        devices = [device["name"] for device in sounddevice.query_devices() if device["max_output_channels"]]
    except OSError as error:  # sounddevice is there, PortAudio is not
        return Check("Sound", "missing", str(error), "apt install libportaudio2")
    if devices:
        return Check("Sound", "ok", f"{counted(len(devices), 'output')}: {', '.join(devices[:3])}")
    return Check("Sound", "limited", "no output device", "connect one; the commentary can still be read")


SPEECH = OutputKind(_add_arguments, _from_arguments, _from_settings, _checks, table="speech", options=SpeechOptions)
