"""Writes docs/reference/blocks.md: every built-in block, from its class and its config.

`--check` writes nothing and fails when the page is not what the code says. What comes out of a
block and how it is used is written here, since no signature tells it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

from headrace.blocks.registry import GROUP, BlockType, Catalogue

ROOT: Final = Path(__file__).resolve().parent.parent
REFERENCE: Final = ROOT / "docs" / "reference" / "blocks.md"
OURS: Final = "headrace"

HEAD: Final = """\
# Blocks

<!-- Written by `make docs` from the blocks and scripts/blocks_reference.py: change it there. -->

The blocks that come with Headrace. `headrace blocks` lists these and all that are installed beside
them, `headrace blocks NAME` shows a config as JSON Schema, and [one can write one's
own](../how-to/write-a-block.md). In a config, `{{ params.name }}` stands for a run's param; an
unknown key is an error that names the nearest known one.
"""

NOTES: Final = {
    "CSV_READER": """\
Out comes a data set with the file's columns, every cell the text that it is: nothing is guessed to
be a number or a date, and an empty cell is an empty text. Encoding, delimiter and quote are found
out where the config leaves them open, and the log says what was found. A broken row (too few or too
many cells, a quote that never closes) fails the block with its line; with `skip` it is left out and
counted, with `collect` it goes to the artifact `bad_rows.csv` as well (`line`, `reason`, `raw`).
Memory does not grow with the file.

```yaml
- name: csv
  type: CSV_READER
  config: {input_path: data/input.csv, on_bad_row: collect}
```
""",
    "CSV_WRITER": """\
Out comes the artifact `<block>.csv` (UTF-8, RFC 4180), and its input as it was, so that blocks may
follow. At `output_path` the very same bytes are put, whole or not at all; a file there that
Headrace did not write is never replaced.

```yaml
- name: table
  type: CSV_WRITER
  config: {output_path: data/labelled.csv}
```
""",
    "KAFKA_SINK": """\
Out come its rows as they came, so that blocks may follow. Each is a message, confirmed by all
in-sync replicas; those of one key keep their order. Sending is at least once: an attempt that
failed halfway is made again from its start. It wants `STREAM_BACKEND=kafka` where it runs, and
sends to the brokers of `KAFKA_BOOTSTRAP`.

```yaml
- name: tell
  type: KAFKA_SINK
  config: {topic: shop.labelled, key_column: id}
```
""",
    "KAFKA_SOURCE": """\
Out come the columns `key` and `value` (text), `partition`, `offset` and `timestamp`, in order by
partition. It reads from the oldest message on and joins no group, so another attempt reads the
same, and nobody else reads less. A key or value that is no text fails the block with its place. It
wants `STREAM_BACKEND=kafka` where it runs.

```yaml
- name: orders
  type: KAFKA_SOURCE
  config: {topic: shop.orders, max_messages: 100000}
```
""",
    "FILTER": """\
Out come the rows for which the condition is true, exactly as they came and in their order; where it
is false or unknown (null), a row is left out. The condition is an expression in
[DuckDB's SQL](https://duckdb.org/docs/stable/sql/expressions/overview) over the columns of one row:
no query of its own, no aggregate. What is wrong with it is told with line and column. CSV_READER's
columns are texts: `try_cast(amount AS DOUBLE) > 10` reads one as a number and leaves out what is
none.

```yaml
- name: bad
  type: FILTER
  config:
    where: label = 'NEGATIVE' AND score < $least
    values: {least: -0.5}
```
""",
    "LLM_SENTIMENT": """\
Out comes its input with two more columns, and the artifact `summary.json` with the count of each
label. An answer that is not exactly one of the three labels counts as NEUTRAL and has no score; so
does a null. `mock` gives scores, `gemini` gives none. How calls are paced, kept and paid for:
[Use Gemini](../how-to/use-gemini.md).

```yaml
- name: sent
  type: LLM_SENTIMENT
```
""",
    "PYTHON": """\
The function is given what it has parameters for: `rows` (an iterator of dicts) or `batches` (of
Arrow batches) of its one input, `inputs` (all data sets by name), `ctx` (the block's context), and
`args` by their names. It may be `async`. What it gives becomes

| it gives | out comes |
|---|---|
| dicts, in a list or one by one | a data set; without a dict, that of its input's columns |
| Arrow data, whole or in batches | a data set |
| any other JSON | the artifact `result.json` |
| nothing | nothing |

The server calls only modules that `PYTHON_MODULES` allows; `headrace run FILE` allows those beside
the file. A function is looked up where it was defined: an allowed module that imports another's
does not lend it.

```yaml
- name: words
  type: PYTHON
  config: {function: "frequent_words:count_words", args: {most: 10}}
```
""",
    "SQL": """\
Out comes the query's result, as it is made. It is one SELECT in
[DuckDB's SQL](https://duckdb.org/docs/stable/sql/introduction), and its tables are the inputs:
nothing else can be read, no file, no address, no extension, and nothing can be set. What is wrong
is told with line and column. To sort, join and group it takes at most 512 MB of memory; what is
over that lies on disk and is gone afterwards. Each column of the result needs a name of its own,
and rows have a promised order only where there is ORDER BY. The sum of integers is a decimal:
`sum(n)::BIGINT` makes an integer of it.

```yaml
- name: totals
  type: SQL
  config:
    query: |
      SELECT label, count(*) AS messages, round(avg(score), 3) AS score
      FROM sent
      WHERE score IS NOT NULL
      GROUP BY label
      ORDER BY label
```
""",
}


def catalogue() -> Catalogue:
    """The built-in blocks alone, whatever else is installed here."""
    found = entry_points(group=GROUP)
    return Catalogue([each for each in found if each.dist is not None and each.dist.name == OURS])


def page() -> str:
    """The text of docs/reference/blocks.md."""
    types = catalogue()
    lines = [HEAD]
    for name in types.names():
        block = types.get(name)
        assert block is not None
        lines += section(block)
    return "\n".join(lines)


def section(block: BlockType) -> Iterator[str]:
    """A block's part of the page."""
    yield f"## {block.name}\n"
    split = " It can be [split](../how-to/split-a-block.md)." if block.maps else ""
    yield f"{block.description.rstrip('.')}. {inputs_of(block)}{split}\n"
    yield NOTES[block.name]
    schema = block.config_schema()
    required = set(schema.get("required", ()))
    yield "| config | type | default | meaning |\n|---|---|---|---|"
    for name, field in schema["properties"].items():
        default = "required" if name in required else f"`{json.dumps(field.get('default', {}))}`"
        meaning = str(field["description"]).rstrip(".")
        yield f"| `{name}` | {type_of(field)} | {default} | {meaning}. |"
    yield ""


def inputs_of(block: BlockType) -> str:
    """How many inputs it takes, as a sentence."""
    least, most = block.min_inputs, block.max_inputs
    if most is None:
        return "Any number of inputs." if least == 0 else f"At least {least} inputs."
    if least == most:
        return f"Exactly {'one input' if most == 1 else f'{most} inputs'}."
    return f"From {least} to {most} inputs."


def type_of(field: dict[str, Any]) -> str:
    """A field's type, as one would say it."""
    if "anyOf" in field:
        words = [type_of(each) for each in field["anyOf"]]
        return " or ".join(dict.fromkeys(words))
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {type_of(field.get('items', {}))}"
    words_of = {"string": "text", "boolean": "true or false", "integer": "whole number"}
    kind = str(field.get("type", "anything"))
    return words_of.get(kind, kind)


def main() -> int:
    """Writes or checks the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    text = page()
    if not parser.parse_args().check:
        REFERENCE.write_text(text)
    elif not REFERENCE.is_file() or REFERENCE.read_text() != text:
        print(f"{REFERENCE.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
