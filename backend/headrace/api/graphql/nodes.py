"""Finding whatever has an id, by the kind that the id says."""

from headrace.api.graphql.interfaces import Node
from headrace.api.graphql.loaders import Loaders
from headrace.domain import ids


async def find_node(load: Loaders, node_id: str) -> Node | None:
    """The object of this id; None when there is none, or the text is no id of ours."""
    match ids.kind_of(node_id):
        case ids.RUN:
            return await load.run.load(node_id)
        case ids.BLOCK:
            return await load.block(node_id)
        case ids.PIPELINE:
            return await load.pipeline.load(node_id)
        case ids.VERSION:
            return await load.version.load(node_id)
        case ids.ARTIFACT:
            return await load.artifact.load(node_id)
        case ids.WORKER:
            return await load.worker.load(node_id)
        case _:
            return None
