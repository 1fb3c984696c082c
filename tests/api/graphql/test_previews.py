"""Previews of artifacts."""

import io
import json

import pytest
from arro3.io import write_ipc

from headrace.blocks.rows import rows_to_batch
from headrace.services.core import Services
from headrace.store.artifacts import NewArtifact
from tests.api.graphql.asking import Asking
from tests.store.reads.world import World, data_set, document

PREVIEW = """
query ($id: ID!, $rows: Int! = 50, $bytes: Int! = 262144) {
  artifact(id: $id) { preview(rows: $rows, bytes: $bytes) { __typename
    ... on TablePreview { columns { name type } rows totalRows tableTruncated: truncated }
    ... on TextPreview { text truncated }
  } }
}
"""


async def publish(world: World, artifact: NewArtifact) -> str:
    await world.start(document("p"))
    return await world.publish(await world.claim_one(await world.worker()), artifact)


def arrow(rows: list[dict[str, object]]) -> NewArtifact:
    file = io.BytesIO()
    write_ipc(rows_to_batch(rows), file)
    return data_set(rows=len(rows), data=file.getvalue())


async def test_a_data_set_is_shown_as_a_table(api: Asking, world: World) -> None:
    artifact = await publish(world, arrow([{"id": n, "text": f"t{n}"} for n in range(60)]))
    preview = (await api(PREVIEW, id=artifact, rows=2))["artifact"]["preview"]
    assert preview == {
        "__typename": "TablePreview",
        "columns": [{"name": "id", "type": "int64"}, {"name": "text", "type": "string"}],
        "rows": [[0, "t0"], [1, "t1"]],
        "totalRows": 60,
        "tableTruncated": True,
    }
    assert len((await api(PREVIEW, id=artifact))["artifact"]["preview"]["rows"]) == 50


async def test_a_file_is_shown_as_text(api: Asking, world: World, services: Services) -> None:
    with services.content.temporary() as file:
        file.write(json.dumps({"rows": 3}).encode())
    kept = services.content.publish(file)
    summary = NewArtifact(
        name="summary.json",
        uri=kept.uri,
        media_type="application/json",
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        rows=None,
    )
    artifact = await publish(world, summary)
    preview = (await api(PREVIEW, id=artifact))["artifact"]["preview"]
    assert preview == {"__typename": "TextPreview", "text": '{"rows": 3}', "truncated": False}
    services.content.remove(kept.uri)
    assert (await api(PREVIEW, id=artifact))["artifact"]["preview"] is None


async def test_damaged_bytes_are_named_as_such(api: Asking, world: World) -> None:
    artifact = await publish(world, data_set(data=b"no arrow at all"))
    code, message = await api.error(PREVIEW, id=artifact)
    assert (code, artifact in message) == ("UNAVAILABLE", True)


@pytest.mark.parametrize("given", [{"rows": -1}, {"rows": 1001}, {"bytes": 0}, {"bytes": 2**21}])
async def test_previews_are_bounded(api: Asking, world: World, given: dict[str, int]) -> None:
    artifact = await publish(world, data_set())
    assert (await api.error(PREVIEW, id=artifact, **given))[0] == "BAD_USER_INPUT"
