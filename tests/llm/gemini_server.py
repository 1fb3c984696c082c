"""A server on loopback that speaks Gemini's REST protocol and does what a test tells it to.

It runs in threads of its own, so it serves whatever the test waits for, and it counts everything a
promise is made about: calls for each distinct text, calls at once, tokens, when the last one came.
"""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

KEY = "a-key-of-the-tests"
MODEL = "gemini-1.5-flash"
PATIENCE_SECONDS = 60

_PATH = re.compile(r"/v1beta/models/([^/:]+):generateContent")


@dataclass(frozen=True)
class Call:
    """One request: the `number`-th of all and the `time`-th for this text, both from 1."""

    number: int
    time: int
    at: float  # time.monotonic()
    text: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What to answer, after `seconds`; without a body the connection is cut off."""

    status: int = 200
    body: bytes | None = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def says(text: str, *, tokens: tuple[int, int] = (7, 1), seconds: float = 0.0) -> Reply:
    """An ordinary answer; `tokens` are those of the prompt and of the answer."""
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP"}
    return _answer({"candidates": [candidate]}, tokens, seconds)


def blocked(*, tokens: tuple[int, int] = (7, 0)) -> Reply:
    """The model would not say anything, and the prompt was paid for."""
    return _answer({"promptFeedback": {"blockReason": "SAFETY"}}, tokens, 0.0)


def fails(
    status: int, word: str, message: str, *details: dict[str, Any], retry_after: str | None = None
) -> Reply:
    """A failure in Google's form."""
    error = {"code": status, "message": message, "status": word, "details": list(details)}
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Reply(status, json.dumps({"error": error}).encode(), headers)


def refuses(delay: str | None = None, retry_after: str | None = None) -> Reply:
    """429; `delay` is a RetryInfo's, such as `0.5s`."""
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}
    details = [info] if delay is not None else []
    words = "Quota exceeded."
    return fails(429, "RESOURCE_EXHAUSTED", words, *details, retry_after=retry_after)


def cuts_off() -> Reply:
    """The connection ends without an answer."""
    return Reply(body=None)


def garbage() -> Reply:
    """200, and what is no JSON."""
    return Reply(body=b"<html>proxy</html>", headers={"content-type": "text/html"})


def _answer(content: dict[str, Any], tokens: tuple[int, int], seconds: float) -> Reply:
    asked, answered = tokens
    usage = {
        "promptTokenCount": asked,
        "candidatesTokenCount": answered,
        "totalTokenCount": asked + answered,
    }
    body = {**content, "usageMetadata": usage, "modelVersion": MODEL}
    return Reply(body=json.dumps(body).encode(), seconds=seconds)


class GeminiServer:
    """`behave` says what becomes of a call; use it as a context manager."""

    def __init__(self, behave: Callable[[Call], Reply] = lambda _: says("NEUTRAL")) -> None:
        self.behave = behave
        self.calls: list[Call] = []
        self.answered: Counter[str] = Counter()  # by text: answers that were made, so paid for
        self.refused = 0
        self.most_at_once = 0
        self._at_once = 0
        self._over = False
        self._by_text: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, text: str) -> int:
        """How many calls came for a text."""
        return self._by_text[text]

    def wait(self, ready: Callable[["GeminiServer"], bool]) -> bool:
        """Returns true once `ready` holds; false after a minute, or once nobody waits any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or ready(self), PATIENCE_SECONDS)
            return ready(self)

    def stop_waiting(self) -> None:
        """Whatever was waited for does not come any more."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def handle(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """The reply to one request, and its account."""
        reply = self._refusal(path, headers)
        if reply is not None:
            with self._changed:
                self.refused += 1
                self._changed.notify_all()
            return reply
        call = self._enter(json.loads(body), headers)
        try:
            reply = self.behave(call)
            if reply.seconds:
                time.sleep(reply.seconds)  # the latency that the test asks for
        finally:
            self._leave(call, reply)
        return reply

    def _refusal(self, path: str, headers: dict[str, str]) -> Reply | None:
        if headers.get("x-goog-api-key") != KEY:
            reason = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
            }
            return fails(400, "INVALID_ARGUMENT", "API key not valid.", reason)
        match = _PATH.fullmatch(path)
        if match is None:
            return fails(404, "NOT_FOUND", f"There is nothing at {path}.")
        if match[1] != MODEL:
            words = f"models/{match[1]} is not found for API version v1beta."
            return fails(404, "NOT_FOUND", words)
        return None

    def _enter(self, body: dict[str, Any], headers: dict[str, str]) -> Call:
        text = body["contents"][-1]["parts"][0]["text"]
        with self._changed:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self._by_text[text] += 1
            number, nth, now = len(self.calls) + 1, self._by_text[text], time.monotonic()
            call = Call(number, nth, now, text, body, headers)
            self.calls.append(call)
            self._changed.notify_all()
        return call

    def _leave(self, call: Call, reply: Reply | None) -> None:
        with self._changed:
            self._at_once -= 1
            if reply is not None and reply.status == 200 and reply.body:
                self.answered[call.text] += 1
            self._changed.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, gemini: GeminiServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gemini = gemini

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that die in the middle of a call are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.gemini.handle(self.path, headers, body)
        if reply.body is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {"content-type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at the account, not at lines."""
