"""Episodes drawn once: what is read back is what was drawn."""

import shutil
from collections import namedtuple

import numpy as np
import pytest

from core.errors import DataError
from core.eval.episode_stream import direct_stream
from core.eval.stored_episode import EpisodeRequest, StoredEpisode
from core.programmes.catalogue import find

FOOTBALL = find("football")
REQUEST = EpisodeRequest("football", 100_000, 12, 2.0, False)


def small(frame):
    return frame[::40, ::40]


def test_frames_and_truth_come_back(tmp_path):
    stored = StoredEpisode(tmp_path, REQUEST)
    assert not stored.is_drawn()
    stored.draw(FOOTBALL, small)
    assert stored.is_drawn()
    wanted = direct_stream(FOOTBALL, REQUEST.seed, REQUEST.seconds, REQUEST.fps, False)
    with stored.stream(FOOTBALL) as stream:
        for ours, theirs in zip(stream.chunks, wanted.chunks, strict=True):
            assert (ours.index, ours.start, ours.end) == (theirs.index, theirs.start, theirs.end)
            assert all(np.array_equal(a, small(b)) for a, b in zip(ours.frames, theirs.frames, strict=True))
        assert stream.context == wanted.context
        assert tuple(stream.events()) == tuple(wanted.events()) != ()
        line = "In red, nobody knows."
        assert stream.mentions(line) == wanted.mentions(line)
    stored.delete()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_before_it_is_filled(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 1000))
    with pytest.raises(DataError, match=r"the frames of football 100000 need 0\.3 GB, 0\.0 GB are free"):
        StoredEpisode(tmp_path, REQUEST).draw(FOOTBALL, small)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_truth_is_told(tmp_path):
    stored = StoredEpisode(tmp_path, REQUEST)
    (tmp_path / "football-100000.json").write_text("{", "utf-8")
    with pytest.raises(DataError, match="Damaged episode"), stored.stream(FOOTBALL):
        pass
