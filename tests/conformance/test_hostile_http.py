"""Hostile requests over HTTP: each is answered with a 4xx or a typed error, in under a second.

When the server ends, its log must hold no word of trouble either: see Grounds.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psutil
import pytest

from tests.conformance.hostility import PATIENCE_SECONDS, Hostile, code_of
from tests.system.grounds import Grounds
from tests.system.processes import Server

MEGABYTE = 1024 * 1024
DEEP = 20_000
LONG = 1_500_000
GROWTH_BYTES = 96 * MEGABYTE


@pytest.fixture(scope="module")
def server(grounds: Grounds) -> Server:
    server = grounds.serve()
    server.line_with("serve.up")
    return server


@pytest.fixture
async def hostile(server: Server) -> AsyncIterator[Hostile]:
    async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE_SECONDS) as http:
        made = Hostile(http, server)
        yield made
        await made.is_well()


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "true": b"true",
    "a number": b"7",
    "text": b'"{ queue { depth } }"',
    "a list": b'[{"query": "{ queue { depth } }"}]',
    "a list of nothing": b"[]",
    "an object of nothing": b"{}",
    "a query that is null": b'{"query": null}',
    "half of an object": b'{"query": "{ queue',
    "two objects": b'{"query": "{ queue { depth } }"}{}',
    "bytes that are no text": b'{"query": "\xff\xfe\x00"}',
    "another encoding": '{"query": "{ queue { depth } }"}'.encode("utf-16"),
    "a mark of byte order": b"\xef\xbb\xbf" + b'{"query": "{ queue { depth } }"}',
    "lists in lists": b"[" * DEEP + b"]" * DEEP,
    "lists that stay open": b"[" * MEGABYTE,
    "objects in objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep variables": b'{"query":"{ queue { depth } }","variables":{"a":'
    + b"[" * DEEP
    + b"]" * DEEP
    + b"}}",
    "a number of many digits": b'{"query":"{ queue { depth } }","variables":{"a":'
    + b"9" * 5000
    + b"}}",
    "a number of a million digits": b'{"variables":{"a":' + b"9" * MEGABYTE + b"}}",
    "a number beyond all": b'{"query":"{ queue { depth } }","variables":{"a":1e999}}',
    "not a number": b'{"query":"{ queue { depth } }","variables":{"a":NaN}}',
    "half of a pair": b'{"query":"{ queue { depth } }","variables":{"a":"\\ud800"}}',
    "variables that are text": b'{"query":"{ queue { depth } }","variables":"{}"}',
    "a name that is a number": b'{"query":"{ queue { depth } }","operationName":1}',
    "extensions that are a list": b'{"query":"{ queue { depth } }","extensions":[]}',
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_is_no_request_is_a_400(hostile: Hostile, name: str) -> None:
    answer = await hostile.post(BODIES[name])
    assert answer.status_code == 400
    assert code_of(answer.json()["errors"]) == "BAD_USER_INPUT"


@pytest.mark.parametrize("size", [3 * MEGABYTE, 20 * MEGABYTE])
@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
async def test_a_body_of_many_megabytes_is_a_413_that_its_sender_gets_to_see(
    hostile: Hostile, size: int, announced: bool
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(size // 65_536):
            yield b" " * 65_536

    content: Any = b" " * size if announced else chunks()
    answer = await hostile.post(content)
    assert answer.status_code == 413
    assert code_of(answer.json()["errors"]) == "PAYLOAD_TOO_LARGE"


FRAGMENTS = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(90))
WIDE = " ".join(f"a{n}: queue {{ depth }}" for n in range(60))
DOCUMENTS: dict[str, tuple[str, str]] = {
    "two operations without a name": (
        "query A { queue { depth } } query B { queue { depth } }",
        "BAD_USER_INPUT",
    ),
    "two operations of one name": (
        "query A { queue { depth } } query A { queue { ready } }",
        "BAD_USER_INPUT",
    ),
    "aliases": (f"{{ {WIDE} }}", "QUERY_TOO_COMPLEX"),
    "aliases of one thing": ("{ " + "queue { depth } " * 400 + "}", "QUERY_TOO_COMPLEX"),
    "fragments that double": (
        f"{{ ...F0 }} {FRAGMENTS} fragment F90 on Query {{ runs {{ nodes {{ id }} }} }}",
        "QUERY_TOO_COMPLEX",
    ),
    "fragments in a circle": (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "BAD_USER_INPUT",
    ),
    "a fragment of itself": ("{ ...A } fragment A on Query { ...A }", "BAD_USER_INPUT"),
    "directives": ("{ queue { depth " + "@skip(if: false) " * 100 + "} }", "BAD_USER_INPUT"),
    "directives without end": ("{ queue { depth " + "@x " * 5_000 + "} }", "QUERY_TOO_COMPLEX"),
    "depth": (
        "{ " + "runs { nodes { parent { " * 30 + "id" + " } } }" * 30 + " }",
        "QUERY_TOO_COMPLEX",
    ),
    "selections in selections": ("{ a " * DEEP, "QUERY_TOO_COMPLEX"),
    "lists in a literal": (
        "{ node(id: " + "[" * 400 + "]" * 400 + ") { id } }",
        "QUERY_TOO_COMPLEX",
    ),
    "pages of pages": (
        "{ runs(first: 200) { nodes { reruns(first: 200) { nodes { blocks { name } } } } } }",
        "QUERY_TOO_COMPLEX",
    ),
    "tokens": ("{ queue { " + "depth " * 2_000 + "} }", "QUERY_TOO_COMPLEX"),
    "comments": ("#\n" * 100_000 + "{ queue { depth } }", "QUERY_TOO_COMPLEX"),
    "a long name": ("{ " + "n" * LONG + " }", "BAD_USER_INPUT"),
    "a long text": ('{ node(id: "' + "n" * LONG, "BAD_USER_INPUT"),
    "a long number": ("{ runs(first: " + "9" * 100_000 + ") { totalCount } }", "BAD_USER_INPUT"),
    "a large number": ("{ runs(first: 99999999999999) { totalCount } }", "BAD_USER_INPUT"),
    "a page too large": ("{ runs(first: 1000000) { totalCount } }", "BAD_USER_INPUT"),
    "a page of less than none": ("{ runs(first: -1) { totalCount } }", "BAD_USER_INPUT"),
    "a cursor of nobody": ('{ runs(after: "nonsense") { totalCount } }', "BAD_CURSOR"),
    "introspection in circles": (
        "{ __schema { types { " + "fields { type { " * 8 + "name" + " } }" * 8 + " } } }",
        "BAD_USER_INPUT",
    ),
    "a null character": ("{ queue { depth } }\0", "BAD_USER_INPUT"),
    "nothing": ("", "BAD_USER_INPUT"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_that_means_harm_is_refused_with_its_code(
    hostile: Hostile, name: str
) -> None:
    document, code = DOCUMENTS[name]
    assert await hostile.refused(document) == code


START = "mutation($i: StartRunInput!) { startRun(input: $i) { __typename } }"
IMPORT = """mutation($s: PipelineSource!) { importPipeline(input: {source: $s}) {
  __typename ... on PipelineInvalid { problems { code line } } } }"""
VARIABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "a priority beyond 64 bits": (START, {"i": {"pipeline": "p", "priority": 10**30}}),
    "a priority beyond 32 bits": (START, {"i": {"pipeline": "p", "priority": 2**31}}),
    "a number for a name": (START, {"i": {"pipeline": 10**3000}}),
    "a timeout beyond all": (START, {"i": {"pipeline": "p", "timeoutSeconds": 1e308}}),
    "an unknown field": (START, {"i": {"pipeline": "p", "x" * 10_000: 1}}),
    "many unknown fields": (START, {"i": {f"x{n}": 1 for n in range(20_000)}}),
    "both of one of": (IMPORT, {"s": {"yaml": "a", "json": "b"}}),
    "none of one of": (IMPORT, {"s": {}}),
    "null for what is needed": (IMPORT, {"s": None}),
    "ids that are numbers": ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": [None] * 1000}),
    "too many ids": ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["x"] * 100_000}),
    "a date of nobody": (
        "query($d: DateTime!) { runs(filter: {createdAfter: $d}) { totalCount } }",
        {"d": "99999-99-99T99:99:99Z"},
    ),
    "a date that is a number": (
        "query($d: DateTime!) { runs(filter: {createdAfter: $d}) { totalCount } }",
        {"d": 10**400},
    ),
}


@pytest.mark.parametrize("name", VARIABLES)
async def test_variables_that_mean_harm_are_bad_user_input(hostile: Hostile, name: str) -> None:
    document, variables = VARIABLES[name]
    assert await hostile.refused(document, **variables) in {"BAD_USER_INPUT", "QUERY_TOO_COMPLEX"}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
)
YAMLS: dict[str, str] = {
    "a tag that makes objects": "name: !!python/object/apply:os.system ['touch /tmp/owned']\n",
    "a tag that makes names": "!!python/name:os.system",
    "a tag of nobody": "name: !secret x\n",
    "aliases that multiply": BOMB,
    "an alias of itself": "name: &a [*a]\n",
    "an alias of nothing": "name: *nothing\n",
    "lists in lists": "[" * DEEP,
    "a merge of itself": "a: &a\n  <<: *a\n",
    "keys that are lists": "? [a, b]\n: c\n",
    "a key twice": "name: a\nname: b\n",
    "two documents": "name: a\n---\nname: b\n",
    "bytes of control": "name: \x07\x1b[31m\n",
    "a long line": "name: " + "x" * 1_000_000,
    "many blocks": "name: a\nblocks:\n"
    + "".join(f"  - {{name: b{n}, type: X}}\n" for n in range(5000)),
    "a number of many digits": "name: " + "9" * 10_000 + "\n",
    "a number in sixties": "name: " + "1:" * 5_000 + "1\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", YAMLS)
async def test_yaml_that_means_harm_is_a_problem_of_the_document(
    hostile: Hostile, name: str
) -> None:
    answer = await hostile.ask(IMPORT, s={"yaml": YAMLS[name]})
    if "errors" in answer:
        code_of(answer["errors"])
    else:
        assert answer["data"]["importPipeline"]["__typename"] == "PipelineInvalid"
        assert answer["data"]["importPipeline"]["problems"]


async def test_queries_by_get_are_bounded_like_those_by_post(hostile: Hostile) -> None:
    for params in (
        {"query": "{ queue { depth } }", "variables": "[" * 5_000},
        {"query": "{ queue { depth } }", "variables": "null]"},
        {"query": "{ queue { depth } }", "extensions": "7"},
        {},
        {"query": "mutation { cleanup(input: {olderThanDays: 0}) { __typename } }"},
    ):
        answer = await hostile.send("GET", "/graphql", params=params)
        assert 400 <= answer.status_code < 500
    assert (await hostile.send("GET", "/graphql?query=%ff%fe")).status_code in {200, 400}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
async def test_other_methods_are_a_4xx(hostile: Hostile, method: str) -> None:
    assert 400 <= (await hostile.send(method, "/graphql")).status_code < 500


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": ""},
        {"host": "127.0.0.1@evil.example"},
        {"accept": "," * 10_000},
        {"accept": "application/json;q=" + "9" * 1_000},
        {"content-type": "application/json; charset=" + "x" * 10_000},
        {"content-encoding": "gzip"},
        {"x-headrace-client": "ui\t" + "x" * 10_000},
        {"x-forwarded-for": ", ".join(["127.0.0.1"] * 1_000)},
    ],
)
async def test_headers_that_mean_harm_change_nothing(
    hostile: Hostile, headers: dict[str, str]
) -> None:
    answer = await hostile.post(json.dumps({"query": "{ queue { depth } }"}), **headers)
    assert answer.status_code in {200, 400, 406, 415, 421}


async def test_after_all_of_it_the_server_has_not_grown(server: Server, hostile: Hostile) -> None:
    """The same again, many times: what is kept of refused documents is bounded."""
    process = psutil.Process(server.pid)
    for body in BODIES.values():
        await hostile.post(body)
    before = process.memory_info().rss
    for number in range(30):
        await hostile.post(b"[" * MEGABYTE)
        await hostile.ask("{ " + f"n{number}" * 2_000 + " }")
        await hostile.ask(f"query Q{number} {{ {WIDE} }}")
        await hostile.ask(IMPORT, s={"yaml": BOMB + f"# {number}"})
    assert process.memory_info().rss - before < GROWTH_BYTES
