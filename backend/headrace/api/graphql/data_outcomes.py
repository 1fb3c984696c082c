"""From what the services of artifacts and data answer to the members of the result unions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from headrace.api.graphql.expected_failures import out_of_range
from headrace.api.graphql.failures import (
    ArtifactNotFound,
    IdempotencyConflict,
    PathRefused,
    StreamUnavailable,
)
from headrace.api.graphql.results import (
    CleanupResult,
    CleanupSuccess,
    MessageMix,
    PublishMessageResult,
    PublishMessageSuccess,
    SignArtifactResult,
    SignArtifactSuccess,
    SynthesizeDatasetResult,
    SynthesizeDatasetSuccess,
)
from headrace.api.graphql.scalars import BigInt, DateTime
from headrace.api.graphql.streams import (
    ConsumeMessagesResult,
    ConsumeMessagesSuccess,
    StreamMessage,
)
from headrace.artifacts.errors import PathNotAllowed
from headrace.artifacts.synthesize import mix
from headrace.services import artifacts, cleanup, datasets, results, streams

if TYPE_CHECKING:
    from headrace.api.graphql.context import Context


async def signed(
    context: "Context",
    outcome: artifacts.Signed
    | artifacts.ArtifactMissing
    | artifacts.ArtifactRemoved
    | results.OutOfRange,
) -> SignArtifactResult:
    """What became of signArtifact."""
    match outcome:
        case artifacts.Signed(url, expires_at, artifact_id):
            return SignArtifactSuccess(
                url=url,
                expires_at=DateTime(expires_at),
                artifact=await context.load.artifact_there(artifact_id),
            )
        case artifacts.ArtifactMissing(artifact_id):
            return ArtifactNotFound(message=f"There is no artifact {artifact_id}")
        case artifacts.ArtifactRemoved(artifact_id):
            words = f"The bytes of artifact {artifact_id} were removed by cleanup"
            return ArtifactNotFound(message=words, removed=True)
        case results.OutOfRange():
            return out_of_range(outcome)
        case never:
            assert_never(never)


def synthesized(
    outcome: datasets.Synthesized
    | PathNotAllowed
    | results.OutOfRange
    | results.IdempotencyConflict,
) -> SynthesizeDatasetResult:
    """What became of synthesizeDataset."""
    match outcome:
        case datasets.Synthesized(count, path, seed):
            return SynthesizeDatasetSuccess(
                count=count, path=path, mix=MessageMix(**mix(count, seed))
            )
        case PathNotAllowed():
            return PathRefused(message=str(outcome), allowed_roots=list(outcome.allowed_roots))
        case results.OutOfRange():
            return out_of_range(outcome)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


async def cleaned(
    context: "Context",
    outcome: cleanup.Cleaned | results.OutOfRange | results.IdempotencyConflict,
) -> CleanupResult:
    """What became of cleanup."""
    await context.renew()
    match outcome:
        case cleanup.Cleaned():
            return CleanupSuccess(
                runs=outcome.runs,
                artifacts=outcome.artifacts,
                bytes=BigInt(outcome.bytes),
                dry_run=outcome.dry_run,
            )
        case results.OutOfRange():
            return out_of_range(outcome)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)


def consumed(
    outcome: Sequence[streams.Placed] | streams.Unavailable | results.OutOfRange,
) -> ConsumeMessagesResult:
    """What became of consumeMessages."""
    match outcome:
        case streams.Unavailable(message):
            return StreamUnavailable(message=message)
        case results.OutOfRange():
            return out_of_range(outcome)
        case found:
            return ConsumeMessagesSuccess(messages=[StreamMessage.of(each) for each in found])


def published(
    outcome: streams.PublishedTo | streams.Unavailable | results.IdempotencyConflict,
) -> PublishMessageResult:
    """What became of publishMessage."""
    match outcome:
        case streams.PublishedTo(topic, partition, offset):
            return PublishMessageSuccess(topic=topic, partition=partition, offset=BigInt(offset))
        case streams.Unavailable(message):
            return StreamUnavailable(message=message)
        case results.IdempotencyConflict(message):
            return IdempotencyConflict(message=message)
        case never:
            assert_never(never)
