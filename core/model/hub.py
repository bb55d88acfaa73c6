"""Checkpoints by name: a directory here, or `owner/name[@revision]` from the hub, kept in the hub's own cache.

huggingface_hub is loaded when it is needed; torch never is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from threading import Event
from typing import Any

from core.assets import BUNDLED
from core.config import STREAM_DEFAULTS, StreamConfig, resolve
from core.errors import CheckpointError, UsageError
from core.messages import Loading
from core.model.blob_hash import BLOB, holds
from core.model.byte_meter import ByteMeter
from core.model.completeness import find_lack
from core.paths import user_path

NOT_THE_HUB = "answers with a page that is not the hub's; log in to this network in a browser, then try again"
TRIES = 2
"""For a file whose contents are not what the hub says."""
_NAME = re.compile(r"([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*?)(?:@(\w[\w.-]*(?:/\w[\w.-]*)*))?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")

Say = Callable[[Loading], None]


@dataclass(frozen=True, slots=True)
class HubName:
    """A checkpoint on the hub. `revision`: a branch, a tag or a commit's 40 hexadecimal digits."""

    repo: str
    revision: str = "main"

    def __str__(self) -> str:
        return self.repo if self.revision == "main" else f"{self.repo}@{self.revision}"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the hub: `blob` is the name of its contents in the cache, `size` is in bytes."""

    name: str
    blob: str
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a repository is fetched.

    Attributes:
        wanted: patterns of names. Nothing that could carry code. needed: those that must have a file.
        lack: what a directory lacks of it, None where it is whole.
    """

    wanted: tuple[str, ...]
    needed: tuple[str, ...]
    lack: Callable[[Path], object]


CHECKPOINT = Contents(("*.safetensors", "*.json", "merges.txt", "*.jinja"), ("config.json", "*.safetensors"), find_lack)


def parse(name: str) -> Path | HubName:
    """What `--model` means. Raises CheckpointError for what is neither a directory nor can be a hub id."""
    directory = user_path(name)
    if os.path.isdir(directory):  # False for a name that no disk can hold, too
        return directory
    match = _NAME.fullmatch(name)
    if match is None or ".." in name:
        raise CheckpointError(
            "No model there", f"{name} is neither a directory with a checkpoint nor a hub id (OWNER/NAME[@REVISION])"
        )
    return HubName(match[1], match[2] or "main")


def fetch(name: HubName, say: Say, cancelled: Event, contents: Contents = CHECKPOINT) -> Path:
    """The directory of a checkpoint (or of other `contents`) on the hub, fetched unless it lies in the cache, whole.

    `say` hears the totals before the first byte, then the progress. Raises CheckpointError: unknown, not allowed, no
    network, disk too small, or `cancelled`; what was fetched stays and the next call goes on from there.
    """
    with _told(name):
        return cached(name, contents) or _download(name, say, cancelled, contents)


def settings_folder(model: str) -> Path | None:
    """The directory with the `courtside.json` of a `--model`, None when it has none; "" is the bundled checkpoint.

    From the hub that file is fetched alone, since the source is opened before the weights come. Raises like `fetch`.
    """
    place = parse(model) if model else BUNDLED
    if isinstance(place, Path):
        return place
    with _told(place):
        return cached(place) or _fetch_settings(place)


def stream_config(given: Mapping[str, Any]) -> StreamConfig:
    """The settings of a stream: `core.config.resolve`, with those that its checkpoint carries, be it on the hub.

    Raises UsageError, or like `fetch`.
    """
    return resolve(given, settings_folder(given.get("model") or ""))


def _fetch_settings(name: HubName) -> Path | None:
    commit, files = _listing(name, CHECKPOINT)
    own = [file for file in files if file.name == STREAM_DEFAULTS]
    if not own:
        return None
    blobs = storage_folder(name) / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    with alone(name, blobs):
        _fetch_one(name, commit, own[0], blobs, ByteMeter(lambda _: None, own[0].size, blobs), Event())
        return _link(name, commit, own)


def cached(name: HubName, contents: Contents = CHECKPOINT) -> Path | None:
    """Where it lies whole in the cache; asks no network."""
    storage = storage_folder(name)
    ref = storage / "refs" / name.revision
    commit = name.revision
    if not _COMMIT.fullmatch(commit):
        commit = ref.read_text("utf-8").strip() if ref.is_file() else ""
    snapshot = storage / "snapshots" / commit
    return snapshot if commit and snapshot.is_dir() and contents.lack(snapshot) is None else None


def storage_folder(name: HubName) -> Path:
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    return Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=name.repo, repo_type="model")


def _download(name: HubName, say: Say, cancelled: Event, contents: Contents) -> Path:
    commit, files = _listing(name, contents)
    blobs = storage_folder(name) / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    with alone(name, blobs):
        meter = ByteMeter(say, sum(file.size for file in files), blobs)
        meter.add(sum(_present(blobs, file) for file in files))
        meter.begin(name)
        for file in files:
            _fetch_one(name, commit, file, blobs, meter, cancelled)
        meter.end()
        return _link(name, commit, files)


def _listing(name: HubName, contents: Contents) -> tuple[str, list[RemoteFile]]:
    """The commit that the revision stands for, and the files of it that are wanted."""
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils.logging import set_verbosity_error

    set_verbosity_error()  # what it warns of goes to stderr, into the line that tells the progress
    api = HfApi(endpoint=constants.ENDPOINT)
    try:
        info = api.model_info(
            name.repo, revision=name.revision, files_metadata=True, timeout=constants.HF_HUB_ETAG_TIMEOUT
        )
    except HFValidationError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # no JSON, or none of the hub's
        raise CheckpointError("No network", f"{constants.ENDPOINT} {NOT_THE_HUB}") from error
    files = [
        RemoteFile(file.rfilename, file.lfs.sha256 if file.lfs else file.blob_id or "", file.size or 0)
        for file in info.siblings or ()
        if "/" not in file.rfilename and any(fnmatch(file.rfilename, pattern) for pattern in contents.wanted)
    ]
    if not info.sha or not _COMMIT.fullmatch(info.sha) or not all(BLOB.fullmatch(file.blob) for file in files):
        raise CheckpointError(
            "Unusable answer from the hub", f"its list of {name}'s files cannot be read; try again later"
        )
    names = [file.name for file in files]
    if lacking := [need for need in contents.needed if not any(fnmatch(file, need) for file in names)]:
        raise CheckpointError("Nothing usable there", f"{name} has no {' and no '.join(lacking)}")
    return info.sha, sorted(files, key=lambda file: file.size)


def _present(blobs: Path, file: RemoteFile) -> int:
    """Bytes of the file that are here already; what cannot be right is thrown away."""
    from core.model.transfer import size_of

    blob = blobs / file.blob
    part = blobs / f"{file.blob}.incomplete"
    if blob.is_file():
        if size_of(blob) == file.size:
            return file.size
        blob.unlink()
    if size_of(part) > file.size:
        part.unlink()
    return size_of(part)


def _fetch_one(name: HubName, commit: str, file: RemoteFile, blobs: Path, meter: ByteMeter, cancelled: Event) -> None:
    from huggingface_hub import constants, hf_hub_url
    from huggingface_hub.utils import build_hf_headers

    from core.model.transfer import check_cancelled, fetch_file

    if (blobs / file.blob).is_file():
        return
    part = blobs / f"{file.blob}.incomplete"
    url = hf_hub_url(name.repo, file.name, revision=commit, endpoint=constants.ENDPOINT)
    for _ in range(TRIES):
        fetch_file(url, part, file.size, build_hf_headers(), meter.add, cancelled)
        if holds(part, file.blob, lambda: check_cancelled(cancelled)):
            break
        part.unlink()
        meter.add(-file.size)
    else:
        raise CheckpointError(
            "Download failed", f"{file.name} of {name} came damaged {TRIES} times; try again later, or another network"
        )
    part.replace(blobs / file.blob)


def _link(name: HubName, commit: str, files: list[RemoteFile]) -> Path:
    """Make the snapshot of contents that are all here, and remember the commit the revision stands for."""
    from huggingface_hub import constants, hf_hub_download

    cache = constants.HF_HUB_CACHE
    for file in files:
        hf_hub_download(name.repo, file.name, revision=commit, cache_dir=cache, endpoint=constants.ENDPOINT)
    if name.revision != commit:
        ref = storage_folder(name) / "refs" / name.revision
        ref.parent.mkdir(parents=True, exist_ok=True)
        ref.write_text(commit, "utf-8")
    return storage_folder(name) / "snapshots" / commit


@contextmanager
def alone(name: HubName, blobs: Path) -> Iterator[None]:
    """Two programs would write the same file."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(blobs / ".courtside.lock", timeout=0):
            yield
    except Timeout:
        raise CheckpointError(
            "Already downloading", f"another program is fetching {name}; wait for it, then start again"
        ) from None


@contextmanager
def _told(name: HubName) -> Iterator[None]:
    """Errors of the hub, the network and the disk in words."""
    from huggingface_hub import constants, errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise _locked(name) from error
    except errors.RepositoryNotFoundError as error:
        why = "is neither a directory here nor a public checkpoint on"
        message = f"{name.repo} {why} {constants.ENDPOINT}; check the spelling, or log in (hf auth login) if private"
        raise CheckpointError("No such model", message) from error
    except errors.RevisionNotFoundError as error:
        message = f"{name.repo} has no branch, tag or commit {name.revision}"
        raise CheckpointError("No such revision", message) from error
    except errors.HfHubHTTPError as error:
        raise _refusal(name, error.response.status_code) from error
    except (errors.HTTPError, errors.OfflineModeIsEnabled, errors.LocalEntryNotFoundError) as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        message = f"{constants.ENDPOINT} cannot be reached for {name} ({why}); connect, or give a directory"
        raise CheckpointError("No network", message) from error
    except errors.HFValidationError as error:
        raise UsageError("No such model", f"{name} cannot be a hub id ({error})") from error
    except (BrokenPipeError, ConnectionResetError):  # whoever was told of the progress has gone
        raise
    except OSError as error:
        message = f"{storage_folder(name)}: {error.strerror or error}"
        raise CheckpointError("The checkpoint cannot be stored", message) from error


def _locked(name: HubName) -> CheckpointError:
    from huggingface_hub import constants

    page = f"{constants.ENDPOINT}/{name.repo}"
    return CheckpointError("Access needed", f"accept the terms on {page}, then log in here (hf auth login)")


def _refusal(name: HubName, status: int) -> CheckpointError:
    if status in (401, 403):
        return _locked(name)
    return CheckpointError("The hub refuses", f"it answered {status} for {name}; try again later")
