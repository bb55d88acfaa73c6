"""The planted heads find the name beside a colour, whatever the rest of the student is like."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer

from core.programmes.football.kit import Fixture
from core.train.drill import Drills
from core.train.lookup import plant
from core.train.shape import TINY, Shape, model_config
from core.train.student import Student
from core.train.transcript import Scribe

FIXTURES = 40
FAR = 700  # positions between the context and the question


def right(student: Student, scribe: Scribe) -> float:
    """Share of fixtures in which, behind a team's colour, its name is likelier than the other's."""
    encode = scribe.template.encode
    found = 0
    for seed in range(FIXTURES):
        fixture = Fixture(seed)
        team = seed % 2
        context = [token for span in scribe.template.opening(fixture.context()) for token in span.tokens]
        ids = torch.tensor([*context, *encode("user\nTime=7.0-8.0s"), *encode(f" In {fixture.colours[team]},")])
        places = torch.arange(float(len(ids)))
        places[len(context) :] += FAR * (seed % 3) / 2
        hidden = student.think_plainly(student.decoder.embed(ids[None]), places.expand(3, 1, -1))
        logits = student.logits(hidden)[0, -1]
        name, other = (encode(f" {fixture.names[side]}")[0] for side in (team, 1 - team))
        found += bool(logits[name] > logits[other])
    return found / FIXTURES


@torch.no_grad()
def test_names_are_looked_up_at_any_distance(tokenizer: Tokenizer, scribe: Scribe) -> None:
    student = Student(model_config(Shape(), tokenizer))
    names = Drills(scribe, 0, 0, torch.device("cpu")).names()
    before = right(student, scribe)
    plant(student, names)
    assert before < 0.8
    assert right(student, scribe) > 0.9


def test_a_tiny_student_has_room_for_the_heads(tokenizer: Tokenizer) -> None:
    student = Student(model_config(TINY, tokenizer))
    plant(student, [5, 6, 7, *range(100, 140)])
    assert all(weight.isfinite().all() for weight in student.parameters())
