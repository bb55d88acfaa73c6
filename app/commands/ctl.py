"""`courtside ctl`: steers the Courtside that runs. A key of the desktop, a Stream Deck or a script calls it."""

from __future__ import annotations

import argparse
import json
from typing import Any

from app.remote import client
from app.remote.actions import ACTIONS, checked
from app.remote.wire import Request

SHOWN_FIRST = ("phase", "source", "model", "persona", "age_s", "lines")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    listed = "; ".join(f"{' '.join(filter(None, (a.name, a.takes)))}: {a.purpose}" for a in ACTIONS.values())
    parser.add_argument("action", metavar="ACTION", choices=list(ACTIONS), help=listed)
    parser.add_argument("text", metavar="TEXT", nargs="*", help="what belongs to it")
    parser.add_argument("--json", action="store_true", help="the whole reply as one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Returns 0 when it was done. Raises UsageError for wrong use, CourtsideError when nothing runs or it refuses."""
    text = " ".join(args.text).strip()
    checked(args.action, text)
    reply = client.ask(Request(args.action, text))
    print(json.dumps(reply, ensure_ascii=False) if args.json else shown(reply))
    return 0


def shown(reply: dict[str, Any]) -> str:
    """For people: what was done, or one line for each figure."""
    if "said" in reply:
        return str(reply["said"])
    names = [*SHOWN_FIRST, *(name for name in reply if name not in SHOWN_FIRST)]
    given = {name.replace("_", " "): reply[name] for name in names if reply.get(name) not in (None, "")}
    width = max(map(len, given), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in given.items())
