"""The options of commands that ask a chat endpoint, said the same way everywhere. Loads nothing heavy."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core.chat.cost import Price
from core.errors import UsageError
from core.option_values import count, not_negative, positive

if TYPE_CHECKING:
    from core.chat.endpoint import EndpointSettings


def add_request_options(group: argparse._ArgumentGroup, parallel: int, patience_s: float) -> None:
    """The key, the cost and how requests are sent; the two numbers are defaults."""
    group.add_argument(
        "--key-env", default="", metavar="NAME", help="environment variable with the key (default: COURTSIDE_API_KEY)"
    )
    group.add_argument("--yes", action="store_true", help="go on without asking whether the cost is right")
    group.add_argument("--price", type=price, metavar="IN,OUT", help="dollars per million tokens, for the estimate")
    group.add_argument("--parallel", type=count, default=parallel, metavar="N", help="requests under way at once")
    group.add_argument("--timeout-s", type=positive, default=120.0, metavar="S", help="for one answer")
    group.add_argument(
        "--patience-s", type=not_negative, default=patience_s, metavar="S", help="for an endpoint that does not answer"
    )


def request_settings(args: argparse.Namespace, url: str, model: str) -> EndpointSettings:
    """An endpoint with the options of `add_request_options`. Raises EndpointError where the key is missing."""
    from core.chat.endpoint import EndpointSettings
    from core.chat.key import endpoint_key

    key = endpoint_key(url, args.key_env)
    return EndpointSettings(url, model, key, timeout_s=args.timeout_s, patience_s=args.patience_s)


def is_asked(args: argparse.Namespace, endpoint: str, model: str) -> bool:
    """Whether an endpoint is given, by the names of the options for it and its model ("--judge", "--judge-model").

    Raises UsageError where only one of them is.
    """
    url, name = (getattr(args, option.removeprefix("--").replace("-", "_")) for option in (endpoint, model))
    if name and not url:
        raise UsageError("No endpoint", f"{model} is the model of an endpoint; give {endpoint} URL, too")
    if url and not name:
        raise UsageError("No model", f"an endpoint is asked for a model by name; give {model} NAME")
    return bool(url)


def price(text: str) -> Price:
    """IN,OUT: dollars per million tokens. Raises ArgumentTypeError, as argparse wants it."""
    prompt, comma, completion = text.partition(",")
    if not comma:
        raise argparse.ArgumentTypeError(f"{text!r} is not IN,OUT")
    return Price(not_negative(prompt), not_negative(completion))
