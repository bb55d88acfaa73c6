"""Personas as they are read from their files, and what a stream is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.personas.folders import find_persona, own_copy, own_folder, persona_names
from app.personas.persona import read_persona
from core.assets import PERSONAS
from core.config import QUERY, SamplingConfig, adjusted
from core.errors import UsageError

SHIPPED = ("colour-analyst", "deadpan", "hype", "play-by-play", "presenters-assistant", "screen-analyst")


def written(folder: Path, text: str, name: str = "own") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def test_six_are_shipped() -> None:
    assert tuple(sorted(path.stem for path in PERSONAS.glob("*"))) == SHIPPED
    assert persona_names() == list(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_of_them_has_all_that_makes_a_persona(name: str) -> None:
    persona = find_persona(name)
    file = persona.file
    assert len(file.style.split()) > 25
    assert len(file.vocabulary) >= 3
    assert len(file.never_say) >= 3
    assert file.words_per_minute
    assert file.language == "English"
    assert file.query != QUERY
    sampling = adjusted(SamplingConfig(), persona.limits())
    assert set(file.never_say) < set(sampling.bad_words)
    context = persona.context("Harbour v Union")
    assert context.endswith("Speak English.\nHarbour v Union")
    assert "{" not in context


def test_they_differ_in_what_they_say_and_how_much() -> None:
    limits = {name: find_persona(name).limits() for name in SHIPPED}
    assert len({find_persona(name).file.query for name in SHIPPED}) == len(SHIPPED)
    assert limits["hype"]["words_per_minute"] > limits["deadpan"]["words_per_minute"]
    assert limits["hype"]["silence_threshold"] > limits["deadpan"]["silence_threshold"]


def test_the_template_puts_the_parts_where_it_says(tmp_path: Path) -> None:
    text = 'style = "Be a pirate."\nlanguage = "German"\ncontext = "{known}\\n-- {style} {language}\\n{vocabulary}"'
    persona = read_persona(written(tmp_path, text))
    assert persona.context("A v B") == "A v B\n-- Be a pirate. Speak German."
    steer = persona.steer("A v B", bundled=False)
    assert (steer.query, steer.persona) == (QUERY, "own")
    assert persona.steer("A v B", "Only goals", bundled=False).query == "Only goals"


def test_the_bundled_model_is_told_nothing_that_it_was_not_trained_for() -> None:
    steer = find_persona("hype").steer("Harbour v Union", bundled=True)
    assert (steer.query, steer.context, steer.persona) == (QUERY, "Harbour v Union", "hype")


def test_a_banned_word_is_banned_at_the_beginning_of_a_line_too(tmp_path: Path) -> None:
    persona = read_persona(written(tmp_path, 'style = "x"\nnever_say = ["wow", "VAR"]'))
    assert persona.bans() == {"bad_words": ("wow", "Wow", "VAR")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("style = ", "own.toml"),
        ('query = "x"', "style"),
        ('style = "x"\nmood = "y"', "unknown: mood"),
        ('style = "x"\nverbosity = "loud"', "loud"),
        ('style = "x"\nwords_per_minute = -1', "words_per_minute"),
        ('style = "x"\ncontext = "{names}"', "the context has no {names}"),
        ('style = "x"\ncontext = "{style.parent}"', "own.toml"),
        ('style = "x"\ncontext = "{"', "own.toml"),
    ],
)
def test_a_file_without_sense_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_persona(written(tmp_path, text))
    assert told in str(refused.value)
    assert "own.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_name_is_told_with_the_list() -> None:
    with pytest.raises(UsageError, match="“nobody” is none of: colour-analyst, deadpan, hype"):
        find_persona("nobody")


@pytest.mark.parametrize("name", ["../hype", "/etc/passwd", "", "."])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    written(own_folder().parent, 'style = "x"', "hype")
    with pytest.raises(UsageError, match="No such persona"):
        find_persona(name)


def test_ones_own_stands_in_front_and_is_a_copy_at_first() -> None:
    path = own_copy("deadpan")
    assert path == own_folder() / "deadpan.toml"
    assert path.read_text() == (PERSONAS / "deadpan.toml").read_text()
    path.write_text('style = "Mine."')
    assert own_copy("deadpan") == path
    assert find_persona("deadpan").file.style == "Mine."
    written(own_folder(), 'style = "New."', "house-style")
    assert "house-style" in persona_names()
