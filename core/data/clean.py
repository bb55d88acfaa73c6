"""Step 2: keep, edit or delete each sentence, over segments of 120 s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.chat.cost import Cost, tokens_of
from core.chat.endpoint import ChatEndpoint
from core.chat.replies import ReplyCache
from core.data.check import Checked
from core.data.cleaning_prompt import clean_messages, read_verdicts
from core.data.rules import clean_by_rule
from core.data.sample import QuestionAnswer, Word
from core.data.step import run_all
from core.data.transcript import sentences, text_of
from core.data.verdict import Sentence, Verdict

SEGMENT_S = 120.0
TOKENS_PER_VERDICT = 12
EDITED_SHARE = 0.38
"""Of the published data's sentences (StreamingVLM); for the estimate."""
LONGEST_LIST = 400
"""Changes of one recording that are kept to look at."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A recording after the cleaning.

    Attributes:
        name, end, qa_stream, query, context, heard: as checked.
        words: what is left.
        counts: sentences by "keep", "edit", "delete", and "nonsense": kept because the answer made no sense.
        reasons: edited and deleted sentences by reason.
        changes: [seconds, action, before, after] of the first of them, to look at.
    """

    name: str
    end: float
    words: tuple[Word, ...]
    qa_stream: tuple[QuestionAnswer, ...] = ()
    query: str = ""
    context: str = ""
    heard: bool = True
    counts: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    changes: tuple[tuple[float, str, str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        lists = {"words": self.words, "qa_stream": self.qa_stream, "changes": self.changes}
        rest = {name: getattr(self, name) for name in ("name", "end", "query", "context", "heard", "counts", "reasons")}
        return rest | {name: [list(entry) for entry in entries] for name, entries in lists.items()}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Cleaned:
        return cls(
            **found
            | {
                "words": tuple(Word(*word) for word in found["words"]),
                "qa_stream": tuple(QuestionAnswer(*question) for question in found["qa_stream"]),
                "changes": tuple(tuple(change) for change in found["changes"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Asking:
    """A language model that cleans.

    Attributes:
        parallel: requests under way at once.
    """

    endpoint: ChatEndpoint
    replies: ReplyCache
    parallel: int = 4


def clean(checked: Checked, title: str, asking: Asking | None) -> tuple[Cleaned, Cost]:
    """Clean one recording, by the rules or by asking; and what asking cost. Raises EndpointError."""
    segments = list(segmented(checked.words))
    if asking is None:
        found = clean_by_rule([sentence for segment in segments for sentence in segment])
        return _cleaned(checked, segments, found, 0), Cost()
    answers, cost = _asked(segments, title, asking)
    judged = [read_verdicts(answer, segment) for answer, segment in zip(answers, segments, strict=True)]
    verdicts = [verdict for verdicts, _ in judged for verdict in verdicts]
    return _cleaned(checked, segments, verdicts, sum(nonsense for _, nonsense in judged)), cost


def segmented(words: Sequence[Word]) -> Iterator[list[Sentence]]:
    """The sentences, by the 120 s in which they begin."""
    segment: list[Sentence] = []
    for sentence in sentences(words):
        if segment and sentence[0].start // SEGMENT_S != segment[0][0].start // SEGMENT_S:
            yield segment
            segment = []
        segment.append(sentence)
    if segment:
        yield segment


def estimate(checked: Checked, title: str, asking: Asking) -> Cost:
    """What cleaning a recording will cost; answers that are kept already cost nothing."""
    total = Cost()
    for segment in segmented(checked.words):
        messages = clean_messages(title, segment)
        if asking.replies.get(asking.endpoint, messages) is None:
            said = sum(tokens_of(text_of(sentence)) for sentence in segment)
            asked = sum(tokens_of(message["content"]) for message in messages)
            total += Cost(1, asked, round(EDITED_SHARE * said) + TOKENS_PER_VERDICT * len(segment))
    return total


def _asked(segments: list[list[Sentence]], title: str, asking: Asking) -> tuple[list[str], Cost]:
    """The answer for each segment, and what those cost that were not kept already."""
    answers: dict[int, str] = {}
    costs: list[Cost] = []

    def ask(number: int) -> str:
        messages = clean_messages(title, segments[number])
        reply = asking.replies.get(asking.endpoint, messages)
        if reply is None:
            reply = asking.endpoint.ask(messages)
            costs.append(Cost(1, reply.prompt_tokens, reply.completion_tokens))
            if read_verdicts(reply.text, segments[number])[1] < len(segments[number]):
                asking.replies.put(asking.endpoint, messages, reply)
        return reply.text

    run_all(range(len(segments)), ask, asking.parallel, answers.__setitem__, asking.endpoint.stop)
    return [answers[number] for number in range(len(segments))], sum(costs, Cost())


def _cleaned(checked: Checked, segments: list[list[Sentence]], verdicts: list[Verdict], nonsense: int) -> Cleaned:
    before = [sentence for segment in segments for sentence in segment]
    counts = {action: sum(v.action == action for v in verdicts) for action in ("keep", "edit", "delete")}
    changed = [(s, v) for s, v in zip(before, verdicts, strict=True) if v.action != "keep"]
    reasons: dict[str, int] = {}
    for _, verdict in changed:
        reasons[verdict.reason] = reasons.get(verdict.reason, 0) + 1
    return Cleaned(
        name=checked.name,
        end=checked.end,
        words=tuple(word for verdict in verdicts for word in verdict.words),
        qa_stream=checked.qa_stream,
        query=checked.query,
        context=checked.context,
        heard=checked.heard,
        counts=counts | {"nonsense": nonsense},
        reasons=reasons,
        changes=tuple((s[0].start, v.action, text_of(s), text_of(v.words)) for s, v in changed[:LONGEST_LIST]),
    )
