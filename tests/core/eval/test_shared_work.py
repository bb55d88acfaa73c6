"""Parts done once, whoever is at them."""

from core.eval.results_folder import ResultsFolder
from core.eval.shared_work import do_parts, share


def test_what_is_done_is_not_done_again(tmp_path):
    folder = ResultsFolder(tmp_path, {})
    folder.save("a", {"by": "before"})
    asked = []
    do_parts(folder, ["a", "b"], lambda name: asked.append(name) or {"by": "now"})
    assert asked == ["b"]
    assert (folder.load("a"), folder.load("b")) == ({"by": "before"}, {"by": "now"})


def test_what_another_process_is_at_is_left_alone_unless_waited_for(tmp_path):
    folder = ResultsFolder(tmp_path, {})
    with ResultsFolder(tmp_path, {}).claimed("a"):
        do_parts(folder, ["a", "b"], lambda name: {}, wait=False)
    assert (folder.load("a"), folder.load("b")) == (None, {})
    do_parts(folder, ["a"], lambda name: {"late": True})
    assert folder.load("a") == {"late": True}


def test_one_process_works_on_the_device_asked_for(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "1")
    asked = []
    share(lambda *how: asked.append(how), "cpu")
    assert asked == [("", True)]
