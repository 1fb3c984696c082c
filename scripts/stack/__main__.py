"""`python -m scripts.stack`: what `docker compose up` runs, without Docker, until Ctrl-C."""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.stack.engines import NoBroker
from scripts.stack.stack import NotUp, Stack, running
from tests.system.postgres import NoPostgres


def main() -> int:
    """Brings it up, runs the demo on it, and waits; gives the exit code."""
    parser = argparse.ArgumentParser(prog="make stack", description=__doc__)
    parser.add_argument("--once", action="store_true", help="run the demo on it, then take it down")
    parser.add_argument("--ui", type=int, default=8080, help="the port of the pages (8080)")
    parser.add_argument("--api", type=int, default=8000, help="the port of the API (8000)")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="headrace-stack-", dir="/var/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    try:
        with running(folder, ui=asked.ui, api=asked.api) as stack:
            _tell(stack, folder)
            code = _demo(stack)
            if not asked.once:
                print("\nEverything runs until Ctrl-C.", flush=True)
                signal.pause()
    except KeyboardInterrupt:
        code = 0
    except (NotUp, NoPostgres, NoBroker) as error:
        print(f"the stack is not up: {error}", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return code


def _tell(stack: Stack, folder: Path) -> None:
    print(f"pages and API   {stack.url}" + ("" if stack.has_front else "  (no nginx here)"))
    print(f"API replicas    {', '.join(stack.replica_urls)}")
    print(f"workers         {len(stack.workers)}")
    print(f"database        {stack.engines.variables['DATABASE_URL']}")
    print(f"broker          {stack.engines.broker.name}, {stack.engines.broker.bootstrap}")
    print(
        f"artifacts       {stack.engines.variables['ARTIFACTS_URL']} at {stack.engines.store.url}"
    )
    print(f"logs            {folder}/*.log\n", flush=True)


def _demo(stack: Stack) -> int:
    """The demo, unchanged, on the stack; its exit code."""
    headrace = Path(sys.executable).with_name("headrace")
    return subprocess.run([headrace, "demo", "--server", stack.url], check=False).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
