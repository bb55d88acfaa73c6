"""The overlay page as a source of OBS's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.outputs.obs import OBS, ObsOptions, ObsOutput
from app.outputs.obs_address import parse_address
from app.outputs.obs_page import SOURCE, place_page
from app.outputs.obs_scene import look
from app.outputs.obs_socket import NOT_FOUND, connected
from app.outputs.output_kind import StreamRun
from app.outputs.page_token import page_token
from app.settings import Settings
from core.config import resolve
from core.errors import OutputError, UsageError
from core.messages import Message
from tests.obs_peer import ObsPeer
from tests.obs_studio import obs_or_skip
from tests.waiting import until

URL = "http://127.0.0.1:5123/secret/"


@pytest.fixture
def peer() -> Iterator[ObsPeer]:
    """An OBS that has a browser, and nothing from before."""
    peer = ObsPeer({"SetInputSettings": NOT_FOUND})
    yield peer
    peer.close()


@pytest.fixture
def opened() -> Iterator[Callable[[dict[str, Any]], ObsOutput]]:
    outputs: list[ObsOutput] = []

    def open_(tables: dict[str, Any]) -> ObsOutput:
        told: list[Message] = []
        run = StreamRun("arena", "arena", resolve({}), told.append, lambda line: None)
        output = OBS.from_settings(Settings(outputs=tables), run)
        assert isinstance(output, ObsOutput)
        outputs.append(output)
        return output

    yield open_
    for output in outputs:
        output.close()


def test_the_page_is_made_over_the_whole_picture_of_the_scene_that_was_chosen(
    peer: ObsPeer, opened: Callable[[dict[str, Any]], ObsOutput]
) -> None:
    opened({"obs": {"url": peer.url, "scene": "Game", "shows": "page"}, "page": {"port": 5123}})
    until(lambda: peer.of("CreateInput", "inputName"), "the source")
    (made,) = [data for asked, data in peer.asked if asked == "CreateInput"]
    assert (made["sceneName"], made["inputName"], made["inputKind"]) == ("Game", SOURCE, "browser_source")
    shown = made["inputSettings"]
    assert (shown["width"], shown["height"]) == (1920, 1080)
    assert "5123" in shown["url"]
    assert page_token() in shown["url"]


def test_one_that_is_there_gets_the_address_and_keeps_its_place(peer: ObsPeer) -> None:
    peer.refused.clear()
    with connected(parse_address(peer.url)) as socket:
        place_page(socket, "Game", URL)
    assert peer.of("SetInputSettings", "inputSettings") == [{"url": URL}]
    assert peer.of("GetSceneItemId", "sceneName") == ["Game"]
    assert not peer.of("CreateInput", "inputName")


@pytest.mark.parametrize("page", [{}, {"page": {"on": False, "port": 5123}}, {"page": {"port": 0}}])
def test_a_page_that_is_not_served_cannot_be_shown(
    peer: ObsPeer, opened: Callable[[dict[str, Any]], ObsOutput], page: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="Switch the overlay page on"):
        opened({"obs": {"url": peer.url, "shows": "page"}, **page})


def test_what_it_shows_is_text_or_the_page() -> None:
    assert ObsOptions().shows == "text"
    with pytest.raises(UsageError, match="shows"):
        OBS.from_settings(Settings(outputs={"obs": {"shows": "nothing"}}), None)  # type: ignore[arg-type]


@pytest.mark.real
def test_debians_obs_says_that_it_has_no_browser_and_which_scenes_it_has(
    virtual_screen: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    obs = obs_or_skip(tmp_path_factory.mktemp("obs"), virtual_screen.display)
    try:
        obs.start()
        obs.ask("CreateScene", sceneName="Half time")
        found = look(obs.address)
        assert (set(found.scenes), found.on_air) == ({"Scene", "Half time"}, "Scene")
        assert found.version.startswith(("29.", "30.", "31.", "32."))
        with connected(obs.address) as socket:
            if "browser_source" in socket.ask("GetInputKindList")["inputKinds"]:
                place_page(socket, "", URL)
            else:
                with pytest.raises(OutputError, match="no browser source"):
                    place_page(socket, "", URL)
    finally:
        obs.kill()
    with pytest.raises(OutputError, match="OBS does not answer"):
        look(obs.address)
