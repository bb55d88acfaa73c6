"""`courtside sessions rerun`: a session's footage again, and both side by side."""

from __future__ import annotations

import argparse

from app.commands.watch import interruptible, run_until_interrupted
from app.commands.watch_arguments import given_settings
from app.folders import sessions_folder
from app.library.compare import pairs, side_by_side
from app.library.figures import figures, in_words
from app.library.rerun import planned, recorder, stream
from app.outputs.fanout import Fanout
from app.outputs.json_printer import JsonPrinter
from app.outputs.text_printer import TextPrinter
from app.session.events import Session, read_session
from app.session.plain_text import clean
from app.session.records import json_line


def run(args: argparse.Namespace, session: Session) -> int:
    """Watch again until the stretch ends or Ctrl-C. Raises CourtsideError."""
    from core.engine.host import InlineHost

    rerun = planned(session, given_settings(args), args.start or 0.0, args.until, args.persona)
    printer_kind = JsonPrinter if args.json else TextPrinter
    outputs = Fanout([printer_kind(lambda: again.request_stop(), waits=True)])
    again = stream(rerun, InlineHost(rerun.config), outputs.handle)
    try:
        recording = recorder(rerun, sessions_folder(), outputs.handle)
        outputs.add(recording)
        with interruptible():
            run_until_interrupted(again)
    finally:
        outputs.close()
    if again.error is not None:
        raise again.error
    _tell({"type": "rerun", "path": str(recording.folder)}, str(recording.folder), as_json=args.json)
    if args.compare:
        _compare(session, read_session(recording.folder), as_json=args.json)
    return 0


def _compare(first: Session, second: Session, *, as_json: bool) -> None:
    found = pairs(first, second)
    for pair, text in zip(found, side_by_side(found), strict=True):
        record = {"type": "pair", "start": pair.start, "first": pair.first, "second": pair.second, "same": pair.same}
        _tell(record, text, as_json=as_json)
    sides = {"first": figures(first).as_record(), "second": figures(second).as_record()}
    same = sum(pair.same for pair in found)
    table = "\n".join(f"{name:>24}  {_value(first, name):<28} {_value(second, name)}" for name in _names(first, second))
    summary = f"{same} of {len(found)} lines the same\n{table}"
    _tell({"type": "comparison", "pairs": len(found), "same": same, **sides}, summary, as_json=as_json)


def _names(first: Session, second: Session) -> list[str]:
    return list(dict.fromkeys(name for session in (first, second) for name, _ in in_words(figures(session))))


def _value(session: Session, name: str) -> str:
    return dict(in_words(figures(session))).get(name, "-")


def _tell(record: dict[str, object], text: str, *, as_json: bool) -> None:
    print(json_line(record) if as_json else clean(text), flush=True)
