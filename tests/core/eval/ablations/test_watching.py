"""Runs over stored episodes: the same as watching directly."""

import numpy as np
import torch

from core.engine.host import InlineHost
from core.eval.ablations.outcome import PARTS
from core.eval.ablations.variant import runs, variants
from core.eval.ablations.watching import outcome, resizer
from core.eval.episode_stream import direct_stream
from core.eval.programmes import watch
from core.eval.stored_episode import EpisodeRequest, StoredEpisode
from core.model.hub import stream_config
from core.programmes.catalogue import find
from core.video.resize import resize

FOOTBALL = find("football")
REQUEST = EpisodeRequest("football", 100_000, 12, 2.0, False)


def test_stored_frames_give_the_lines_of_the_frames_themselves(tiny_checkpoint, tmp_path):
    run = runs(variants(["modes"], {}, 12), {"model": str(tiny_checkpoint), "device": "cpu"})[0]
    stored = StoredEpisode(tmp_path, REQUEST)
    stored.draw(FOOTBALL, resizer(run.config))
    found = outcome(run.config, stored)
    direct = direct_stream(FOOTBALL, REQUEST.seed, REQUEST.seconds, REQUEST.fps, False)
    host = InlineHost(stream_config({"model": str(tiny_checkpoint), "greedy": True, "context": direct.context}))
    host.start()
    lines = watch(host, direct.chunks)
    host.close()
    assert found.lines == tuple((line.start, line.text) for line in lines if line.text)
    assert {f"part {n + 1}" for n in range(PARTS)} < set(found.counts)
    assert sum(found.counts[f"part {n + 1}"].events for n in range(PARTS)) == found.counts["all"].events
    assert 0 < found.cost.prefill_tokens < 1000


def test_frames_get_the_size_that_the_model_sees(tiny_checkpoint):
    frame = np.random.default_rng(0).integers(0, 256, (720, 1280, 3), np.uint8)
    config = stream_config({"model": str(tiny_checkpoint)})
    small = resizer(config)(frame)
    wanted = resize(torch.from_numpy(frame)[None], (small.shape[0], small.shape[1]))[0]
    assert np.array_equal(small, wanted.numpy())
    assert small.shape[0] % 28 == small.shape[1] % 28 == 0
    native = stream_config({"model": str(tiny_checkpoint), "size": "native"})
    assert resizer(native)(frame) is frame
