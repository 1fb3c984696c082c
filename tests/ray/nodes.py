"""A Ray cluster on loopback, as a program of its own: `nodes.py PORT NODES`, each of one processor.

It says `up HOST:PORT` once all nodes are there, and obeys its stdin: `kill N` kills a node as a
loss of power would. At the end of its stdin it ends with all of its nodes.
"""

import sys
from importlib import import_module
from typing import Any

HOST = "127.0.0.1"
NODE: dict[str, Any] = {
    "node_ip_address": HOST,
    "include_dashboard": False,
    "object_store_memory": 80_000_000,
}


def main() -> None:
    port, count = int(sys.argv[1]), int(sys.argv[2])
    cluster_type: Any = import_module("ray.cluster_utils").Cluster
    # The head runs no task, so that any node which does may be lost.
    cluster = cluster_type(
        initialize_head=True, head_node_args={**NODE, "num_cpus": 0, "gcs_server_port": port}
    )
    try:
        nodes = [cluster.add_node(num_cpus=1, **NODE) for _ in range(count)]
        print(f"up {HOST}:{port}", flush=True)  # noqa: T201 # its one way to speak
        for line in sys.stdin:
            cluster.remove_node(nodes[int(line.split()[1])], allow_graceful=False)
            print("killed", flush=True)  # noqa: T201 # likewise
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main()
