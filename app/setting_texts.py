"""What the parts of the tables in `settings.toml` mean: titles, descriptions and units, in one place. No Qt.

A setting outside of any table has them where it is declared (`app/settings.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.texts import noop


@dataclass(frozen=True, slots=True)
class SettingText:
    """What a person reads of one setting; `unit` is "" where it has none."""

    title: str
    description: str
    unit: str = ""


KEY_TITLES = (
    noop("Pause"),
    noop("Resume"),
    noop("Toggle pause"),
    noop("Show"),
    noop("Hide"),
    noop("Toggle captions"),
    noop("Panic"),
    noop("Mark"),
    noop("Say on"),
    noop("Say off"),
)
"""Of the actions that keys may have."""
CHOICES = (
    noop("auto"),
    noop("light"),
    noop("dark"),
    noop("normal"),
    noop("high"),
    noop("full"),
    noop("reduced"),
    noop("left"),
    noop("centre"),
    noop("right"),
    noop("en"),
    noop("de"),
)
"""Values that are words; the file has them in English."""
CAPTIONS = noop("Captions on the screen")
KEYS = noop("Keys in other programs")
TEXTS: dict[tuple[str, ...], SettingText] = {
    ("captions", "font"): SettingText(noop("Font"), noop("family; empty: the one of the windows")),
    ("captions", "pixels"): SettingText(
        noop("Size"), noop("height of the letters; 0: as large as the band allows"), noop("pixels")
    ),
    ("captions", "colour"): SettingText(noop("Colour"), noop("colour of the letters")),
    ("captions", "outline_colour"): SettingText(noop("Outline colour"), noop("colour of the letters' outline")),
    ("captions", "plate"): SettingText(noop("Plate"), noop("colour of what lies below the letters")),
    ("captions", "opacity"): SettingText(noop("Opacity"), noop("of the plate"), noop("share, 0 to 1")),
    ("captions", "outline"): SettingText(noop("Outline"), noop("width of the outline"), noop("share of the size")),
    ("captions", "lines"): SettingText(noop("Lines"), noop("how many may stand there at once"), noop("lines")),
    ("captions", "hold_s"): SettingText(noop("Stays"), noop("for how long each line stays at least"), noop("s")),
    ("captions", "align"): SettingText(noop("Alignment"), noop("left, centre or right")),
    ("outputs", "video", "on"): SettingText(noop("Video"), noop("whether sessions have what was watched as video")),
    ("outputs", "video", "keep_days"): SettingText(
        noop("Videos kept"), noop("older ones are deleted at a start; 0: none is"), noop("days")
    ),
    ("outputs", "video", "keep_gb"): SettingText(
        noop("Room for videos"), noop("the oldest of more than that are deleted at a start; 0: none is"), noop("GB")
    ),
    ("outputs", "video", "sound"): SettingText(
        noop("Sound of videos"), noop("where the source has none: desktop, microphone, or nothing")
    ),
    ("outputs", "text_file", "path"): SettingText(noop("Path"), noop("the file that OBS or another program reads")),
    ("outputs", "text_file", "on"): SettingText(noop("Text file"), noop("whether it is written")),
    ("outputs", "text_file", "lines"): SettingText(
        noop("Lines"), noop("how many of the last lines it has"), noop("lines")
    ),
    ("outputs", "text_file", "keep"): SettingText(noop("Keep"), noop("whether its lines stay when the stream ends")),
    ("outputs", "page", "port"): SettingText(noop("Port"), noop("where it listens; 0: any that is free")),
    ("outputs", "page", "on"): SettingText(noop("Overlay page"), noop("whether it is served")),
    ("outputs", "obs", "url"): SettingText(
        noop("Address"), noop("ws://:PASSWORD@HOST:PORT/SCENE; empty: OBS on this machine, by its own settings")
    ),
    ("outputs", "obs", "scene"): SettingText(
        noop("Scene"), noop("in which it is shown; empty: the one in the address, or else the one on air")
    ),
    ("outputs", "obs", "shows"): SettingText(noop("Shows"), noop("the last lines as text, or the overlay page (page)")),
    ("outputs", "obs", "on"): SettingText(noop("OBS"), noop("whether OBS is given what is said")),
    ("outputs", "obs", "lines"): SettingText(
        noop("Lines"), noop("how many of the last lines are shown"), noop("lines")
    ),
    ("outputs", "obs", "captions"): SettingText(
        noop("Stream captions"), noop("whether lines go out with OBS's stream as captions, too")
    ),
    ("outputs", "obs", "chapters"): SettingText(
        noop("Chapters"), noop("whether a big moment becomes a chapter of OBS's recording")
    ),
    ("outputs", "obs", "big_words"): SettingText(
        noop("Big words"), noop("words and phrases that make a line a big moment, besides the persona's own")
    ),
    ("outputs", "obs", "marks"): SettingText(
        noop("Marks"), noop("whether a session is marked when OBS begins, pauses or ends a recording or a stream")
    ),
    ("outputs", "chat", "channel"): SettingText(
        noop("Channel"), noop("a Twitch channel, or ircs://HOST[:PORT]/CHANNEL; it is read, and nothing is posted")
    ),
    ("outputs", "chat", "on"): SettingText(noop("Chat"), noop("whether it is read")),
    ("outputs", "chat", "command"): SettingText(noop("Command"), noop("what stands in front of a question")),
    ("outputs", "chat", "name"): SettingText(noop("Name"), noop("who may be asked as @name instead; empty: nobody")),
    ("outputs", "chat", "questions"): SettingText(noop("Questions"), noop("whether viewers' questions are answered")),
    ("outputs", "chat", "context"): SettingText(
        noop("As context"), noop("whether what viewers write is told to a full model, too")
    ),
    ("outputs", "chat", "every_s"): SettingText(noop("A question every"), noop("at most, whoever asks"), noop("s")),
    ("outputs", "chat", "each_s"): SettingText(
        noop("A person's every"), noop("at most, of the same person"), noop("s")
    ),
    ("outputs", "chat", "characters"): SettingText(noop("Length"), noop("what is longer is cut"), noop("characters")),
    ("outputs", "chat", "context_every_s"): SettingText(
        noop("Context every"), noop("how often what viewers write may change it"), noop("s")
    ),
    ("outputs", "speech", "voice"): SettingText(
        noop("Voice"), noop("one of flite's, a folder with a neural voice, or its name on the hub")
    ),
    ("outputs", "speech", "speaker"): SettingText(
        noop("Speaker"), noop("which one of a neural voice's speakers; 0: the first")
    ),
    ("outputs", "speech", "on"): SettingText(noop("Speech"), noop("whether the commentary is spoken")),
    ("outputs", "speech", "device"): SettingText(
        noop("Sound output"), noop("a part of its name; empty: the system's own")
    ),
    ("outputs", "speech", "rate"): SettingText(noop("Pace"), noop("2 is twice as fast"), noop("times")),
    ("outputs", "speech", "volume"): SettingText(noop("Volume"), noop("1 is the voice's own"), noop("times")),
    ("outputs", "speech", "duck"): SettingText(
        noop("Others meanwhile"),
        noop("how loud other programs are while the voice speaks; 1: as they are"),
        noop("share, 0 to 1"),
    ),
    ("outputs", "speech", "max_age_s"): SettingText(
        noop("Oldest picture"), noop("no sentence begins when its line's picture is older than this"), noop("s")
    ),
}
OUTPUTS = {
    "video": noop("Video of sessions"),
    "text_file": noop("Text file"),
    "page": noop("Overlay page"),
    "obs": noop("OBS"),
    "speech": noop("Speech"),
    "chat": noop("Chat"),
}
"""The heading of each output's table."""


def plain_title(name: str) -> str:
    """For a setting that nobody has named yet."""
    return name.replace("_", " ").capitalize()
