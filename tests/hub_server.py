"""A small hub on this machine: the part of the protocol that fetching a checkpoint needs, and its bad days."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from safetensors.numpy import save

PIECE = 16_384
"""Bytes sent between two looks at `hold`."""


class Hub:
    """Serves `repos`: repository -> revision -> file -> contents; a revision's commit is the hash of its contents.

    Attributes:
        refuse: status for every request about a repository. cut: bytes after which a body breaks off, for each body.
        hold: cleared, bodies stop after `held_after` bytes until it is set.
        damaged: how many bodies to come have their first byte changed.
        portal: "everything" or "files" is answered with a page, as a network does that wants a log-in.
        shorter: bytes by which every file is shorter than the list says.
        asked: "METHOD path range" of every request.
    """

    def __init__(self, repos: dict[str, dict[str, dict[str, bytes]]], cache: Path) -> None:
        self.repos = repos
        self._cache = cache
        self.refuse: dict[str, int] = {}
        self.cut: list[int] = []
        self.hold = threading.Event()
        self.hold.set()
        self.held_after = 0
        self.damaged = 0
        self.portal = ""
        self.shorter = 0
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def commit(self, repo: str, revision: str = "main") -> str:
        files = self.repos[repo][revision]
        return hashlib.sha1(b"".join(name.encode() + files[name] for name in sorted(files))).hexdigest()

    def files(self, repo: str, revision: str) -> tuple[str, dict[str, bytes]] | None:
        """Commit and files; a commit is a revision, too."""
        for known in self.repos.get(repo, {}):
            if revision in (known, self.commit(repo, known)):
                return self.commit(repo, known), self.repos[repo][known]
        return None

    def bodies(self) -> list[str]:
        """The requests that asked for contents."""
        return [line for line in self.asked if line.startswith("GET") and "/resolve/" in line]

    def parts(self) -> list[Path]:
        """The files of which only a part has come."""
        return [part for part in self._cache.glob("*/blobs/*.incomplete") if _size(part)]

    def wait_until_held(self) -> None:
        """Until the body stopped and what was sent of it lies on the disk."""
        end = time.monotonic() + 60
        while sum(map(_size, self._cache.glob("*/blobs/*.incomplete"))) < self.held_after:
            if time.monotonic() > end:
                raise TimeoutError("no body has come so far")
            time.sleep(0.01)

    def close(self) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _size(part: Path) -> int:
    """Bytes on the disk; 0 where the file has been finished, and so renamed, since it was listed."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self, *, body: bool) -> None:
            path = unquote(urlsplit(self.path).path).strip("/")
            hub.asked.append(f"{self.command} {path} {self.headers.get('Range', '')}".strip())
            parts = path.split("/")
            listing = parts[:2] == ["api", "models"]
            if len(parts) < 5:
                return self._error(404, "")
            repo = "/".join(parts[2:4] if listing else parts[:2])
            revision, name = (parts[5], "") if listing else (parts[3], "/".join(parts[4:]))
            if hub.portal == "everything" or (hub.portal == "files" and not listing):
                return self._page(body=body)
            if status := hub.refuse.get(repo):
                return self._error(status, "GatedRepo" if status == 403 else "")
            if repo not in hub.repos:
                return self._error(401, "RepoNotFound")
            if (found := hub.files(repo, revision)) is None:
                return self._error(404, "RevisionNotFound")
            commit, files = found
            if listing:
                return self._json({"id": repo, "sha": commit, "siblings": [_sibling(*item) for item in files.items()]})
            with suppress(ConnectionError):
                return self._file(commit, files[name], body=body)

        def _page(self, *, body: bool) -> None:
            page = b"<html><body>Welcome! Please log in.</body></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            if body:
                self.wfile.write(page)

        def _error(self, status: int, code: str) -> None:
            self.send_response(status)
            if code:
                self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _json(self, answer: object) -> None:
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-HF-Warning", "auth; please log in")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _file(self, commit: str, data: bytes, *, body: bool) -> None:
            asked = self.headers.get("Range")
            etag = _etag(data)
            data = data[: len(data) - hub.shorter]
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            self.send_response(206 if asked else 200)
            self.send_header("X-Repo-Commit", commit)
            self.send_header("ETag", f'"{etag}"')
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(len(data) - start))
            if asked:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.end_headers()
            if body:
                self._body(data[start:])

        def _body(self, data: bytes) -> None:
            if hub.damaged:
                hub.damaged -= 1
                data = bytes([data[0] ^ 255]) + data[1:]
            end = hub.cut.pop(0) if hub.cut else len(data)
            for at in range(0, min(end, len(data)), PIECE):
                if at >= hub.held_after and not hub.hold.is_set():
                    hub.hold.wait(30)
                self.wfile.write(data[at : min(at + PIECE, end)])
            self.close_connection = True

    return Handler


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sibling(name: str, data: bytes) -> dict[str, object]:
    lfs = {"size": len(data), "sha256": _etag(data), "pointerSize": 130}
    return {"rfilename": name, "size": len(data), "blobId": hashlib.sha1(data).hexdigest(), "lfs": lfs}


def small_checkpoint(seed: int = 0, kilobytes: int = 2000) -> dict[str, bytes]:
    """Files that look like a checkpoint in two shards, and some that a checkpoint does not need."""
    rng = np.random.default_rng(seed)
    shards = {
        f"model-0000{n}-of-00002.safetensors": save({f"w{n}": rng.integers(0, 255, kilobytes * 500, np.uint8)})
        for n in (1, 2)
    }
    weight_map = {f"w{n}": name for n, name in enumerate(shards, 1)}
    return {
        **shards,
        "model.safetensors.index.json": json.dumps({"weight_map": weight_map}).encode(),
        "config.json": b'{"model_type": "qwen2_5_vl"}',
        "tokenizer.json": b"{}",
        "pytorch_model.bin": b"never fetched",
        "original/consolidated.safetensors": b"never fetched",
        "README.md": b"never fetched",
    }


@contextmanager
def hub_on_this_machine(
    repos: dict[str, dict[str, dict[str, bytes]]], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hub]:
    """The hub that this process and its children talk to, with a cache of its own and no token."""
    from huggingface_hub import close_session, constants

    from core.model import transfer

    hub = Hub(repos, cache)
    for name, value in {
        "HF_ENDPOINT": hub.address,
        "HF_HUB_CACHE": str(cache),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(constants, "ENDPOINT", hub.address)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.address + "/{repo_id}/resolve/{revision}/{filename}"
    )
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_IMPLICIT_TOKEN", True)
    monkeypatch.setattr(transfer, "PAUSES_S", (0.01, 0.02))
    close_session()  # its connections and proxies are those of the environment before
    try:
        yield hub
    finally:
        close_session()
        hub.close()
