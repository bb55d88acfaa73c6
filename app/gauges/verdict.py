"""What the gauges come to, in one line. No Qt but for its translations."""

from __future__ import annotations

from app.gauges import figures
from app.gauges.meters import Meters
from app.translation import tr

NEARLY = 0.75
"""Of a round's time: from here on there is little left for a busy moment."""
QUIET_ROUNDS = 20


def verdict(meters: Meters) -> str:
    """Whether it keeps up, and why not; "" before the first round."""
    budget_s = meters.budget_s
    compute_s = meters.usual_compute_s()
    if budget_s is None or compute_s is None:
        return ""
    taken = tr("a round takes {compute} of {budget}").format(
        compute=figures.seconds(compute_s), budget=figures.seconds(budget_s)
    )
    if compute_s > budget_s or meters.late_of_late:
        return tr("Too slow here, pictures are left out: {taken}").format(taken=taken)
    if meters.reduced:
        return tr("Works with less to stay under the memory limit: {taken}").format(taken=taken)
    if compute_s > NEARLY * budget_s:
        return tr("Only just keeps up: {taken}").format(taken=taken)
    if meters.silent_rounds and meters.silenced == "words_per_minute":
        return tr("Keeps up, silent as its words of this minute are used up: {taken}").format(taken=taken)
    if meters.does_not_know():
        quiet = figures.span(meters.silent_s())
        return tr("Keeps up, silent for {quiet} as this does not seem to be anything it knows: {taken}").format(
            quiet=quiet, taken=taken
        )
    if meters.silent_rounds >= QUIET_ROUNDS:
        quiet = figures.span(meters.silent_s())
        if meters.silenced:
            return tr("Keeps up, but nothing came above its threshold for {quiet}: {taken}").format(
                quiet=quiet, taken=taken
            )
        return tr("Keeps up, and has had nothing to say for {quiet}: {taken}").format(quiet=quiet, taken=taken)
    return tr("Keeps up: {taken}").format(taken=taken)
