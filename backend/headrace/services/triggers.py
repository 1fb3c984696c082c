"""Use cases of triggers: save, pause, resume, delete, and dismissing what they could not use."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from headrace.domain.lifecycle import RunTrigger
from headrace.domain.names import name_fault
from headrace.domain.problems import Problem, ProblemCode
from headrace.domain.suggestions import Suggester
from headrace.domain.triggers import BadSource, TriggerStart, check_source
from headrace.live.hint_topic import hint_topic_of
from headrace.services.core import Services
from headrace.services.results import IdempotencyConflict, Invalid
from headrace.services.run_requests import Refused, StartRun, Version
from headrace.store import triggers as store_triggers
from headrace.store.idempotency import KeyReused, keep, key_of, recall
from headrace.store.transaction import Transaction
from headrace.store.triggers import TriggerDefinition


@dataclass(frozen=True)
class Saved:
    trigger_id: str
    created: bool


@dataclass(frozen=True)
class TriggerMissing:
    name: str


@dataclass(frozen=True)
class Changed:
    trigger_id: str


@dataclass(frozen=True)
class Deleted:
    trigger_id: str


@dataclass(frozen=True)
class Dismissed:
    poison_id: str


@dataclass(frozen=True)
class PoisonMissing:
    poison_id: str


async def save_trigger(
    services: Services,
    given: TriggerDefinition,
    *,
    principal: str,
    idempotency_key: str | None = None,
) -> Saved | Refused | Invalid | IdempotencyConflict:
    """Keeps a trigger, new or over the one of its name; what it says is checked first."""
    meant = {
        "name": given.name,
        "pipeline": given.pipeline,
        "topic": given.topic,
        "params": dict(given.params),
        "start": given.start.value,
    }
    key = key_of(principal, "saveTrigger", idempotency_key, meant)

    def unit(tx: Transaction) -> Saved:
        if kept := recall(tx, key):
            return Saved(**kept)
        trigger_id, created = store_triggers.save_trigger(tx, given)
        keep(tx, key, {"trigger_id": trigger_id, "created": created})
        return Saved(trigger_id, created)

    asked = StartRun(pipeline=given.pipeline, params={}, labels={}, trigger=RunTrigger.MESSAGE)
    try:
        async with services.store.snapshot() as snapshot:
            found = await services.starter.find(snapshot, asked)
        if not isinstance(found, Version):
            return found
        if problems := [*_loop(given, services), *_problems(given, found)]:
            return Invalid(tuple(problems))
        return await services.store.write(unit)
    except KeyReused as error:
        return IdempotencyConflict(str(error))


async def pause_trigger(
    services: Services, name: str, reason: str | None
) -> Changed | TriggerMissing:
    """Stops a trigger where it is. One that does not read is left as it is."""
    found = await services.store.write(
        partial(store_triggers.pause_trigger, name=name, reason=reason)
    )
    return TriggerMissing(name) if found is None else Changed(found)


async def resume_trigger(
    services: Services, name: str, start: TriggerStart | None
) -> Changed | TriggerMissing:
    """Lets a trigger go on where it stopped, or at `start`; after a reset at the earliest."""
    found = await services.store.write(
        partial(store_triggers.resume_trigger, name=name, start=start)
    )
    return TriggerMissing(name) if found is None else Changed(found)


async def delete_trigger(services: Services, name: str) -> Deleted | TriggerMissing:
    """Deletes a trigger and its poison messages; the runs that it started stay."""
    found = await services.store.write(partial(store_triggers.delete_trigger, name=name))
    return TriggerMissing(name) if found is None else Deleted(found)


async def dismiss_poison(services: Services, poison_id: str) -> Dismissed | PoisonMissing:
    """Forgets a message that somebody has seen to."""
    there = await services.store.write(partial(store_triggers.dismiss_poison, poison_id=poison_id))
    return Dismissed(poison_id) if there else PoisonMissing(poison_id)


def _loop(given: TriggerDefinition, services: Services) -> list[Problem]:
    events = services.streams.default_topic
    carries = {events: "Events", hint_topic_of(events): "Hints"}.get(given.topic)
    if carries is None:
        return []
    words = f"{carries} of runs go to {given.topic}: each run would start others, for ever"
    return [Problem(code=ProblemCode.INVALID_PARAM, message=words, path=("topic",))]


def _problems(given: TriggerDefinition, found: Version) -> list[Problem]:
    problems = []
    if (fault := name_fault(given.name)) is not None:
        problems.append(
            Problem(code=ProblemCode.INVALID_NAME, message=f"Trigger: {fault}", path=("name",))
        )
    declared = {param.name: param for param in found.definition.params}
    suggester = Suggester()
    for name, source in given.params.items():
        if name not in declared:
            meant = suggester.nearest(name, list(declared))
            hint = f'; did you mean "{meant}"?' if meant else ""
            problems.append(
                Problem(
                    code=ProblemCode.UNKNOWN_PARAM,
                    message=f'The pipeline has no param "{name}"{hint}',
                    path=("params", name),
                    suggestion=meant,
                )
            )
        try:
            check_source(source)
        except BadSource as error:
            problems.append(
                Problem(code=ProblemCode.INVALID_PARAM, message=str(error), path=("params", name))
            )
    problems += _missing(given.params, declared)
    return problems


def _missing(sources: Mapping[str, str], declared: Mapping[str, object]) -> list[Problem]:
    return [
        Problem(
            code=ProblemCode.MISSING_PARAM,
            message=f'Param "{name}" is required: say where in a message its value is',
            path=("params", name),
        )
        for name, param in declared.items()
        if name not in sources and getattr(param, "required", False)
    ]
