"""What is compared, and which streams that takes."""

import pytest

from core.errors import UsageError
from core.eval.ablations.variant import BASE, GROUPS, parse_models, runs, variants


def names(groups, models=None):
    return [variant.name for variant in variants(groups, models or {}, 60)]


def test_every_group_has_the_lengths_of_the_paper():
    assert names(["modes"]) == ["streaming", "full", "window", "recompute", "native"]
    assert names(["vision"]) == [BASE, "vision_0s", "vision_1s", "vision_4s", "vision_8s", "vision_16s", "vision_32s"]
    assert names(["sink"]) == [BASE, *(f"sink_{n}" for n in (0, 64, 256, 512, 1024))]
    assert names(["text"]) == [BASE, *(f"text_{n}" for n in (0, 64, 256, 512, 1024)), "text_all"]
    assert names(["models"], {"no-overlap": "x"}) == [BASE, "model_no-overlap"]


def test_variants_with_the_same_settings_are_watched_once(tiny_checkpoint):
    found = runs(variants(list(GROUPS), {"same": str(tiny_checkpoint)}, 60), {"model": str(tiny_checkpoint)})
    shared = {run.name: [v.name for v in run.variants] for run in found if len(run.variants) > 1}
    assert shared["vision_0s"] == ["vision_0s", "vision_1s"]
    assert {"vision_16s", "model_same"} < set(shared[BASE])
    assert len({run.config for run in found}) == len(found)
    sink = next(run for run in found if run.name == "sink_64")
    assert (sink.config.cache.sink_tokens, sink.config.sampling.greedy) == (64, True)


def test_a_checkpoint_that_sees_other_pictures_is_refused(tiny_checkpoint, tmp_path):
    (tmp_path / "courtside.json").write_text('{"fps": 4.0}', "utf-8")
    with pytest.raises(UsageError, match=r"Not comparable: .* watches 4 frames a second"):
        runs(variants(["models"], {"other": str(tmp_path)}, 60), {"model": str(tiny_checkpoint)})


def test_models_are_given_as_name_and_folder():
    assert parse_models(["no-overlap=/a/b=c"]) == {"no-overlap": "/a/b=c"}
    for word in ("alone", "=dir", "a b=dir", "name="):
        with pytest.raises(UsageError, match="is not NAME=DIR"):
            parse_models([word])
