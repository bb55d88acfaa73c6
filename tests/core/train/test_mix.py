"""Mixes of programmes, as they are typed."""

import pytest

from core.errors import UsageError
from core.train.mix import Mix, parse_mix


def test_programmes_left_out_have_no_chunks():
    mix = parse_mix("football=28,unknown=8")
    assert mix == Mix(football=28, unknown=8)
    assert mix.batch == 36


@pytest.mark.parametrize("text", ["", "football", "football=", "football=-1", "handball=2", "football=1,,unknown=2"])
def test_anything_else_is_refused(text: str):
    with pytest.raises(UsageError, match="NAME=CHUNKS"):
        parse_mix(text)


def test_an_empty_mix_is_refused():
    with pytest.raises(UsageError, match="at least one programme"):
        parse_mix("football=0")
