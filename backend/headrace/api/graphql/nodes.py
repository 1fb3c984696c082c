"""Finding whatever has an id, by the kind that the id says."""

from collections.abc import Awaitable, Callable

from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.loaders import Loaders
from headrace.domain import ids


async def find_node(load: Loaders, node_id: str) -> Node | None:
    """The object of this id; None when there is none, or the text is no id of ours."""
    finders: dict[str | None, Callable[[str], Awaitable[Node | None]]] = {
        ids.RUN: load.run.load,
        ids.BLOCK: load.block,
        ids.PIPELINE: load.pipeline.load,
        ids.VERSION: load.version.load,
        ids.ARTIFACT: load.artifact.load,
        ids.WORKER: load.worker.load,
        ids.SCHEDULE: load.schedule.load,
        ids.TRIGGER: load.trigger.load,
        ids.POISON: load.poison.load,
    }
    find = finders.get(ids.kind_of(node_id))
    return None if find is None else await find(node_id)
