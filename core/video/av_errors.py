"""What PyAV and FFmpeg say when something fails, in words."""

from __future__ import annotations

import errno
import os

WORDS = {
    errno.EIO: "reading failed",
    errno.EINVAL: "the data make no sense",
    errno.ENOMEM: "it wants more memory than there is",
    errno.ETIMEDOUT: "no answer in time",
    errno.ECONNREFUSED: "nothing answers at that address",
    errno.ECONNRESET: "the other side closed the connection",
    errno.EPIPE: "the other side closed the connection",
    errno.ENOSYS: "this FFmpeg cannot do that",
}
"""Instead of the system's words, where these would not help."""
AV_WORDS = {
    "ExitError": "no answer in time",
    "EOFError": "it ends before the first picture",
    "InvalidDataError": "the data are damaged or of no known kind",
    "ProtocolNotFoundError": "this kind of address is not supported",
    "DecoderNotFoundError": "there is no decoder for its pictures",
    "DemuxerNotFoundError": "there is no reader for this kind of file",
    "HTTPBadRequestError": "the server calls the request bad (400)",
    "HTTPUnauthorizedError": "the server wants another user or password (401)",
    "HTTPForbiddenError": "the server forbids it (403)",
    "HTTPNotFoundError": "the server has no such page (404)",
    "HTTPTooManyRequestsError": "the server is asked too often (429)",
    "HTTPOtherClientError": "the server refuses the request (4xx)",
    "HTTPServerError": "the server has a fault of its own (5xx)",
    "PatchWelcomeError": "this variant is not supported",
    "ExperimentalError": "this variant is not supported",
    "OptionNotFoundError": "this FFmpeg lacks an option that is needed",
    "BufferTooSmallError": "the data make no sense",
}
"""By the name of PyAV's error."""


def is_want_of_resources(error: BaseException) -> bool:
    """Whether this process has no memory, or can start no thread: nothing is wrong with the data."""
    return isinstance(error, MemoryError) or getattr(error, "errno", None) in (errno.EAGAIN, errno.ENOMEM)


def reason(error: Exception) -> str:
    """Why FFmpeg or the system refused, in words without an address."""
    if (words := AV_WORDS.get(type(error).__name__)) is not None:
        return words
    number = getattr(error, "errno", None)
    if isinstance(number, int) and number in WORDS:
        return WORDS[number]
    if isinstance(error, OSError) and isinstance(number, int) and number > 0:
        return os.strerror(number).lower()
    said = getattr(error, "strerror", None) or str(error)
    return " ".join(str(said).split()) or type(error).__name__
