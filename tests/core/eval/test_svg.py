"""The parts of pictures."""

from xml.etree import ElementTree

from core.eval.svg import label, moved, picture, ticks


def test_words_are_never_markup():
    root = ElementTree.fromstring(picture(10, 20, [moved(1, 2, [label(0, 0, "<b>&", colour="#123456")])]))
    assert root.get("viewBox") == "0 0 10 20"
    assert root.find(".//{*}g/{*}text").text == "<b>&"


def test_ticks_are_round_and_few():
    assert ticks(1.0) == [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]
    assert ticks(730) == [0, 200, 400, 600]
    assert ticks(0.0) == [0.0]
