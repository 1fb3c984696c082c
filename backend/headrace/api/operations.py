"""Operations: the one way in which GraphQL runs here, whatever carries it.

HTTP, websockets and the command line without a server all go through `Operations`, so that bounds,
contexts, deadlines and the masking of errors are the same for each. Every execution has a context
of its own, an event of a subscription too, and it is closed when that execution ends, however it
ends. An answer that was not executed is the last of its operation.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Coroutine
from contextlib import aclosing
from typing import Any, Final, Protocol, cast

from graphql import ExecutionResult
from graphql.execution import create_source_event_stream
from strawberry import Schema

from headrace.api.cost import MAX_COST
from headrace.api.documents import Documents
from headrace.api.errors import (
    ApiError,
    Code,
    FormattedError,
    field_errors,
    formatted,
    request_errors,
    source_error,
)
from headrace.api.exchange import Answer, GraphQLRequest, Operation, RequestRefused
from headrace.api.execution import OperationExecutor, Plans, is_awaitable
from headrace.api.graphql.context import RequestInfo

DEADLINE_SECONDS: Final = 60.0


class OperationContext(Protocol):
    """What resolvers see as `info.context`; holds loaders and a snapshot until it is closed."""

    async def close(self) -> None: ...


NewContext = Callable[[RequestInfo], OperationContext]


class Operations:
    """Runs the operations of one schema."""

    def __init__(
        self,
        schema: Schema,
        new_context: NewContext,
        *,
        introspection: bool = True,
        deadline_seconds: float = DEADLINE_SECONDS,
        most_cost: int = MAX_COST,
    ) -> None:
        self._schema = schema._schema
        self._most_cost = most_cost
        self._new_context = new_context
        self._deadline_seconds = deadline_seconds
        self._documents = Documents(self._schema, introspection=introspection)
        self._plans = Plans()

    def choose(self, request: GraphQLRequest) -> Operation:
        """The operation that a request means, within the bounds. Raises RequestRefused."""
        document = self._documents.get(request.query)
        if document.errors:
            raise RequestRefused(list(document.errors))
        try:
            node = document.operation(request.operation_name)
        except ApiError as error:
            raise RequestRefused([formatted(error)]) from error
        variables = request.variables or {}
        name = node.name.value if node.name else ""
        cost = document.costs[name].value(variables)
        if cost > self._most_cost:
            raise RequestRefused([_too_dear(cost, self._most_cost)])
        return Operation(document, node, variables, cost)

    async def answer(self, operation: Operation, caller: RequestInfo) -> Answer:
        """Runs a query or a mutation to its end, or to the deadline; says what it cost."""
        answer = await self._answer(operation, caller)
        if answer.executed:
            answer.payload["extensions"] = {"cost": operation.cost}
        return answer

    async def _answer(self, operation: Operation, caller: RequestInfo) -> Answer:
        context = self._new_context(caller)
        try:
            executor = self._executor(operation, context)
            if isinstance(executor, list):
                return _not_executed(executor)
            return await self._run(executor, serially=None)
        finally:
            await context.close()

    async def stream(
        self, operation: Operation, caller: RequestInfo
    ) -> AsyncGenerator[Answer, None]:
        """Runs a subscription: an answer for each event, until its source ends or fails."""
        context = self._new_context(caller)
        try:
            executor = self._executor(operation, context)
            if isinstance(executor, list):
                yield _not_executed(executor)
                return
            opened = create_source_event_stream(executor)
            source = await opened if executor.is_awaitable(opened) else opened
            if isinstance(source, ExecutionResult):
                yield _not_executed(field_errors(source.errors or ()))
                return
            events = self._events(executor, cast(AsyncIterable[Any], source), caller)
            async with aclosing(events) as answers:
                async for answer in answers:
                    yield answer
        finally:
            await context.close()

    async def _events(
        self, executor: OperationExecutor, source: AsyncIterable[Any], caller: RequestInfo
    ) -> AsyncGenerator[Answer, None]:
        events = aiter(source)
        try:
            while True:
                try:
                    event = await anext(events)
                except StopAsyncIteration:
                    return
                except Exception as error:  # whatever ends the source, the client is told
                    yield failed(error)
                    return
                answer = await self._answer_event(executor, event, caller)
                yield answer
                if not answer.executed:
                    return
        finally:
            if close := getattr(events, "aclose", None):
                await close()

    async def _answer_event(
        self, executor: OperationExecutor, event: Any, caller: RequestInfo
    ) -> Answer:
        context = self._new_context(caller)
        begun = self._begin(executor.build_per_event_executor(event, context), serially=False)
        if isinstance(begun, Answer):  # it never waits, so nobody can leave meanwhile
            await context.close()
            return begun
        return await _to_its_end(self._finish_event(begun, context))

    async def _finish_event(
        self, begun: Awaitable[ExecutionResult], context: OperationContext
    ) -> Answer:
        try:
            return await self._finish(begun)
        finally:
            await context.close()

    def _executor(
        self, operation: Operation, context: OperationContext
    ) -> OperationExecutor | list[FormattedError]:
        assert operation.document.node is not None
        name = operation.node.name
        built = OperationExecutor.build(
            self._schema,
            operation.document.node,
            context_value=context,
            raw_variable_values=dict(operation.variables),
            operation_name=name.value if name else None,
            is_awaitable=is_awaitable,
            hide_suggestions=self._documents.hide_suggestions,
            plans=self._plans,
        )
        return request_errors(built) if isinstance(built, list) else cast(OperationExecutor, built)

    async def _run(self, executor: OperationExecutor, *, serially: bool | None) -> Answer:
        begun = self._begin(executor, serially=serially)
        return begun if isinstance(begun, Answer) else await self._finish(begun)

    def _begin(
        self, executor: OperationExecutor, *, serially: bool | None
    ) -> Answer | Awaitable[ExecutionResult]:
        """The answer of what never waits, which needs neither a deadline nor a task of its own."""
        try:
            running: Any = executor.execute_operation(serially)
        except ApiError as error:
            return _not_executed([formatted(error)])
        except Exception as error:  # graphql-core's own failures end here, masked
            return failed(error)
        if executor.is_awaitable(running):
            return cast(Awaitable[ExecutionResult], running)
        return _executed(running)

    async def _finish(self, begun: Awaitable[ExecutionResult]) -> Answer:
        try:
            return _executed(await self._in_time(begun))
        except ApiError as error:
            return _not_executed([formatted(error)])
        except Exception as error:
            return failed(error)

    async def _in_time(self, running: Awaitable[ExecutionResult]) -> ExecutionResult:
        try:
            async with asyncio.timeout(self._deadline_seconds) as deadline:
                return await running
        except TimeoutError as error:
            if not deadline.expired():
                raise
            words = f"The operation took more than {self._deadline_seconds:g} seconds"
            raise ApiError(Code.TIMEOUT, words) from error


def _too_dear(cost: int, most: int) -> FormattedError:
    words = f"The operation may answer with {cost} fields; at most {most} are allowed: ask for less"
    return formatted(
        ApiError(Code.QUERY_TOO_COMPLEX, words, extensions={"cost": cost, "limit": most})
    )


async def _to_its_end(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Awaits the execution of an event, which is short and only reads, whoever leaves meanwhile.

    graphql-core drops coroutines that it has not begun when it is cancelled, and Python says so
    of each on stderr.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()
        raise


def failed(error: Exception) -> Answer:
    """What is told of an exception that came from outside an execution."""
    return _not_executed([source_error(error)])


def _executed(result: ExecutionResult) -> Answer:
    payload: dict[str, Any] = {"data": result.data}
    if result.errors:
        payload["errors"] = field_errors(result.errors)
    return Answer(payload, executed=True)


def _not_executed(errors: list[FormattedError]) -> Answer:
    return Answer({"errors": errors}, executed=False)
