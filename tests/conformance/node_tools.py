"""The clients of others, each a script in `node/`."""

from pathlib import Path

from tests.system.node_tools import Scripts

CLIENTS = Scripts(
    Path(__file__).with_name("node"), install="npm ci --prefix tests/conformance/node"
)
