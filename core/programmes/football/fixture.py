"""Who plays: names, colours, keepers. The simulation itself knows only teams 0 and 1."""

from dataclasses import dataclass, field
from random import Random

Colour = tuple[float, float, float]

TEAMS = """
    Harbour Union Foxley Marlow Ashby Castle Drayton Elmside Falcon Granite Hollow Ironside Juniper
    Kestrel Lantern Meadow Northgate Orchard Pinewood Quarry Raven Saxon Tidewell Upton Valley Westbrook
    Yarrow Zenith Albion Beacon Cedar Delta Ember Fenwick Glacier Hazel Island Jubilee Kingsway Lowland
    Mercer Nimbus Oakham Phoenix Quill Rowan Summit Thorne Ulster Vantage Willow Axton Yeoman Zephyr
    Anchor Bramble Comet Dunmore Everly Forge Garnet Heron Inver Jasper Kelso Linden Monarch Norwell
    Osprey Pilgrim
""".split()  # noqa: SIM905 (seventy lines of quotes read worse)

SURNAMES = """
    Voss Roth Adler Banks Costa Duarte Ekdal Ferro Gallo Haas Ibsen Jansen Keller Lund Moreau Novak
    Olsen Petrov Quinn Rossi Silva Toth Ulrich Varga Weber Xavier Yilmaz Zoric Almeida Berg Conti Dahl
    Eriksen Fischer Grant Horvat Ivanov Jonas Kovac Lopez Marin Nagy Ortiz Pavic Ramos Santos Torres
    Urban Vidal Wolff Yates Zeman Abbott Bauer Carver Doyle Engel Frost Greene Hayes Irving Jarvis
    Knight Larsen Mendes Nolan Owens Pryce
""".split()  # noqa: SIM905

COLOURS: dict[str, Colour] = {
    "orange": (0.98, 0.50, 0.06),
    "blue": (0.10, 0.26, 0.86),
    "red": (0.86, 0.09, 0.12),
    "white": (0.95, 0.95, 0.96),
    "black": (0.10, 0.10, 0.12),
    "yellow": (0.98, 0.86, 0.12),
    "purple": (0.48, 0.14, 0.68),
    "pink": (0.98, 0.52, 0.74),
    "cyan": (0.20, 0.82, 0.92),
    "brown": (0.45, 0.25, 0.12),
}
LOOK_ALIKE = ({"orange", "yellow"}, {"orange", "red"}, {"brown", "black"}, {"brown", "red"}, {"blue", "purple"})
KEEPER_COLOURS: tuple[Colour, ...] = ((0.62, 0.95, 0.25), (0.58, 0.60, 0.64), (0.78, 0.10, 0.55), (0.30, 0.78, 0.66))
REFEREE_COLOUR: Colour = (0.04, 0.36, 0.38)
JITTER = 0.035

PHRASINGS = (
    "This is a football match. In {ca}, {a}. In {cb}, {b}. In goal, {a} keeper {ka} and {b} keeper {kb}.",
    "Football tonight. In {ca}, {a} play. In {cb}, {b} play. We have {a} keeper {ka}, and {b} keeper {kb}.",
    "A match of football. {a} keeper {ka}, {b} keeper {kb}. In {ca}, {a}. In {cb}, {b}.",
    "Football tonight, {ca} {a} and {cb} {b}. In goal, {a} keeper {ka} and {b} keeper {kb}.",
    "A match of football, {ca} {a} against {cb} {b}. We have {a} keeper {ka}, and {b} keeper {kb}.",
    "This is a football match, {ca} {a} and {cb} {b}. In {ca}, {a} keeper {ka}. In {cb}, {b} keeper {kb}.",
)


@dataclass(frozen=True)
class Fixture:
    """Drawn from the seed; any fixture goes with any match.

    names, colours, rgb, keepers, keeper_rgb  one entry for each of teams 0 and 1
    first     the team named first in the context and in every score
    mirrored  whether the picture is mirrored, so that team 0 attacks to the left
    """

    seed: int
    names: tuple[str, str] = field(init=False)
    colours: tuple[str, str] = field(init=False)
    rgb: tuple[Colour, Colour] = field(init=False)
    keepers: tuple[str, str] = field(init=False)
    keeper_rgb: tuple[Colour, Colour] = field(init=False)
    first: int = field(init=False)
    mirrored: bool = field(init=False)
    phrasing: int = field(init=False)

    def __post_init__(self) -> None:
        rng = Random(f"fixture {self.seed}")
        colours = _colours(rng)
        drawn = {
            "names": tuple(rng.sample(TEAMS, 2)),
            "colours": colours,
            "rgb": tuple(_jittered(COLOURS[colour], rng) for colour in colours),
            "keepers": tuple(rng.sample(SURNAMES, 2)),
            "keeper_rgb": _keeper_colours(colours, rng),
            "first": rng.randrange(2),
            "mirrored": rng.random() < 0.5,
            "phrasing": rng.randrange(len(PHRASINGS)),
        }
        for name, value in drawn.items():
            object.__setattr__(self, name, value)

    def context(self) -> str:
        """What a viewer is told before the match: the only place that binds names to colours."""
        a = self.first
        b = 1 - self.first
        return PHRASINGS[self.phrasing].format(
            a=self.names[a],
            b=self.names[b],
            ca=self.colours[a],
            cb=self.colours[b],
            ka=self.keepers[a],
            kb=self.keepers[b],
        )

    def score_text(self, score: tuple[int, int]) -> str:
        """The one notation of a score, goals of teams 0 and 1 given: "Harbour 2, Union 1"."""
        a = self.first
        b = 1 - self.first
        return f"{self.names[a]} {score[a]}, {self.names[b]} {score[b]}"


def _colours(rng: Random) -> tuple[str, str]:
    while True:
        one, other = rng.sample(sorted(COLOURS), 2)
        if {one, other} not in LOOK_ALIKE:
            return one, other


def _keeper_colours(colours: tuple[str, str], rng: Random) -> tuple[Colour, Colour]:
    """The two keeper kits that differ most from what the teams wear, in any order."""

    def contrast(kit: Colour) -> float:
        return min(sum((a - b) ** 2 for a, b in zip(kit, COLOURS[colour], strict=True)) for colour in colours)

    one, other = rng.sample(sorted(KEEPER_COLOURS, key=contrast)[-2:], 2)
    return one, other


def _jittered(colour: Colour, rng: Random) -> Colour:
    red, green, blue = (min(max(part + rng.uniform(-JITTER, JITTER), 0.0), 1.0) for part in colour)
    return red, green, blue
