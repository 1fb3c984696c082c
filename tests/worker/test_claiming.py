"""Slots that become free while the writer is busy are filled by one claim."""

from functools import partial

from headrace.domain.definition import definition_from_document
from headrace.domain.lifecycle import RunTrigger
from headrace.store import workers
from headrace.store.pipelines import Saved, save_definition
from headrace.store.runs import NewRun, create_run
from headrace_worker.claiming import ClaimRequest
from tests.databases import Database
from tests.store.holding import held
from tests.store.simulation import document


async def test_a_claim_grows_until_it_is_begun_and_not_in_another_name(database: Database) -> None:
    store = await database.open()
    made = definition_from_document(document(["a", "b", "c", "d"]))
    saved = await store.write(partial(save_definition, definition=made, replace=True))
    assert isinstance(saved, Saved)
    run = NewRun(
        pipeline_id=saved.pipeline_id,
        version_id=saved.version_id,
        trigger=RunTrigger.API,
        params={},
        labels={},
    )
    await store.write(partial(create_run, new=run))
    new = workers.NewWorker(name="w", host="here", pid=1, version="0", capacity=9, address=None)
    worker = await store.write(partial(workers.register, new=new, lease_ms=60_000))
    request = ClaimRequest(worker, 1)
    with held(store) as waiting:
        claimed = store.write(request, last=True)
        assert request.ask_more(worker, 2)
        assert not request.ask_more("wkr_other", 1)
    await waiting
    assert [block.name for block in await claimed] == ["a", "b", "c"]
    assert not request.ask_more(worker, 1)
    assert request.most == 3
    await store.close()
