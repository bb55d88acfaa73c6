"""What is left out is told once and counted."""

from core.errors import SourceError
from core.eval.published.skipped import KINDS, SkippedItems


def test_each_thing_is_told_once() -> None:
    told: list[str] = []
    skipped = SkippedItems(told.append)
    skipped.add("bad_line", "x.jsonl, line 2", "it is\nno object")
    skipped.add("bad_line", "x.jsonl, line 2", "it is no object")
    skipped.add_video("a.mp4", SourceError("No such video", "a.mp4 does not exist"))
    skipped.add_video("b.mp4", SourceError("Damaged video", "b.mp4 cannot be decoded"))
    assert told == [
        "left out (bad_line): x.jsonl, line 2: it is no object",
        "left out (missing_video): a.mp4: a.mp4 does not exist",
        "left out (undecodable): b.mp4: b.mp4 cannot be decoded",
    ]
    assert set(skipped.counts()) == set(KINDS)
    assert sum(skipped.counts().values()) == 3


def test_other_processes_add_theirs() -> None:
    first = SkippedItems(lambda line: None)
    second = SkippedItems(lambda line: None)
    first.add("bad_line", "x", "y")
    second.add("bad_line", "x", "y")
    second.add("too_short", "v", "w")
    first.extend(second.records())
    assert [item.kind for item in first.items] == ["bad_line", "too_short"], "both have read the same file"
