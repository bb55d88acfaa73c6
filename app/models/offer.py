"""One line of the window's list of models: what it is, whether it is here, whether it fits."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.catalogue import KNOWN, KnownModel
from app.models.fit import Machine, fitting_dtype, verdict
from core.errors import CourtsideError
from core.model.hub import HubName, parse
from core.model.store import Stored, stored

BUNDLED_TITLE = "Bundled model"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as it stands here.

    Attributes:
        name: as for `--model`. about: what it is. here: None when it can be no checkpoint; `problem` says why.
        from_hub: it can be fetched and deleted; else it is bundled, or lies in a folder of the user's own.
        parameters: number of weights, 0 when unknown. download_bytes: of all of it, 0 when unknown.
    """

    name: str
    about: str
    here: Stored | None
    problem: str
    from_hub: bool
    parameters: float
    download_bytes: float

    @property
    def title(self) -> str:
        return self.name or BUNDLED_TITLE

    def state(self) -> str:
        """Whether it is here, in a few words."""
        if self.here is None:
            return self.problem
        whole = f" of {self.download_bytes / 1e9:.1f} GB" if self.download_bytes else ""
        match self.here.state:
            case "ready":
                return f"ready, {_size(self.here.here_bytes)}"
            case "incomplete":
                return f"incomplete: {_size(self.here.here_bytes)}{whole}"
        return f"not here: {self.download_bytes / 1e9:.1f} GB to download" if self.download_bytes else "not here"

    def fit(self, machine: Machine) -> str:
        """What it needs of this machine; "" while that is unknown."""
        return verdict(self.parameters, machine) if self.parameters else ""

    def fits(self, machine: Machine) -> bool:
        return not self.parameters or bool(fitting_dtype(self.parameters, machine))


def offers(added: tuple[str, ...]) -> list[Offer]:
    """The known ones, then those that the user has added. Looks at the disk, asks no network."""
    known = [_offer(model.name, model.about, model) for model in KNOWN]
    names = {model.name for model in KNOWN}
    return known + [_offer(name, "added by you", None) for name in added if name not in names]


def _offer(name: str, about: str, model: KnownModel | None) -> Offer:
    try:
        here = stored(name)
    except CourtsideError as error:
        return Offer(name, about, None, str(error), False, 0.0, 0.0)
    parameters = model.parameters if model is not None else 0.0
    if not parameters and here.state == "ready":
        parameters = here.here_bytes / 2  # weights in bfloat16, as nearly all are
    from_hub = bool(name) and isinstance(parse(name), HubName)
    return Offer(name, about, here, "", from_hub, parameters, model.download_bytes if model is not None else 0.0)


def _size(number: float) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e8 else f"{number / 1e6:.0f} MB"
