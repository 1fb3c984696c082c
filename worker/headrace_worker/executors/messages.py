"""A task as the message that its process is sent."""

from collections.abc import Mapping
from typing import Any

from headrace_worker.executors.protocol import InputRef, PartArtifactRef, PartRef, Task


def task_message(task: Task, target: str, environment: Mapping[str, Any] | None) -> dict[str, Any]:
    """For `wire.pack`; an `environment` of None is that of the task before."""
    return {
        "run_id": task.run_id,
        "block": task.block,
        "target": target,
        "attempt": task.attempt,
        "config": task.config,
        "inputs": [_input(ref) for ref in task.inputs],
        "parts": None if task.parts is None else [_part(part) for part in task.parts],
        "environment": environment,
        "sys_path": task.sys_path,
    }


def _input(ref: InputRef) -> dict[str, Any]:
    part = None if ref.part is None else (ref.part.start, ref.part.stop)
    return {
        "name": ref.name,
        "rows": ref.rows,
        "path": ref.path,
        "uri": ref.uri,
        "data": ref.data,
        "part": part,
    }


def _part(part: PartRef) -> dict[str, Any]:
    return {
        "number": part.number,
        "output": None if part.output is None else _input(part.output),
        "artifacts": [
            {
                "name": each.name,
                "media_type": each.media_type,
                "rows": each.rows,
                "path": each.path,
                "uri": each.uri,
            }
            for each in part.artifacts
        ],
    }


def task_of(message: Mapping[str, Any]) -> Task:
    """The task that `task_message` made a message of, whose type is the target already."""
    return Task(
        id="",
        run_id=message["run_id"],
        block=message["block"],
        type=message["target"],
        attempt=message["attempt"],
        config=message["config"],
        inputs=tuple(_input_ref(ref) for ref in message["inputs"]),
        parts=None if message["parts"] is None else tuple(map(_part_ref, message["parts"])),
        environment=message["environment"],
        sys_path=tuple(message["sys_path"]),
    )


def _input_ref(ref: Mapping[str, Any]) -> InputRef:
    part = ref["part"]
    return InputRef(**{**ref, "part": None if part is None else range(*part)})


def _part_ref(part: Mapping[str, Any]) -> PartRef:
    output = part["output"]
    return PartRef(
        number=part["number"],
        output=None if output is None else _input_ref(output),
        artifacts=tuple(PartArtifactRef(**each) for each in part["artifacts"]),
    )
