"""The few gauges that fit below the captions. No Qt but for its translations."""

from __future__ import annotations

from app.gauges import figures
from app.gauges.meters import Meters
from app.translation import tr


def overlay_line(meters: Meters) -> tuple[str, ...]:
    """The most important first; what is not known is left out."""
    gauges = []
    if meters.age_s is not None:
        gauges.append(tr("{age} old").format(age=figures.seconds(meters.age_s)))
    compute_s = meters.compute_s[-1] if meters.compute_s else None
    if compute_s is not None and meters.budget_s is not None:
        budget = figures.seconds(meters.budget_s)
        gauges.append(tr("{compute} of {budget}").format(compute=figures.seconds(compute_s), budget=budget))
    if meters.frames_per_s is not None:
        gauges.append(tr("{rate} fps").format(rate=figures.rate(meters.frames_per_s)))
    gauges.append(tr("{count} dropped").format(count=figures.count(meters.frames_dropped)))
    if (memory := meters.memory_bytes()) is not None:
        gauges.append(tr("{size} memory").format(size=figures.size(memory)))
    return tuple(gauges)
