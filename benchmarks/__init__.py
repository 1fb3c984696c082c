"""What Headrace costs, measured on the machine at hand: `make bench`.

Every figure is of the real thing: `headrace serve` in a process and a folder of its own, blocks in
their child processes, every commit durable, driven over HTTP and one websocket. Nothing here is
part of the package, and no figure is ever a test. See docs/reference/benchmarks.md.
"""
