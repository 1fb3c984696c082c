"""Old runs deleted, once whoever asks has seen how many they are."""

from typing import Any, Final

from headrace.cli.asking import agreed
from headrace.cli.client import Client
from headrace.cli.console import as_json as print_json
from headrace.cli.console import say
from headrace.cli.errors import CommandFailed

CLEANUP: Final = """
mutation Cleanup($input: CleanupInput!) {
  cleanup(input: $input) {
    __typename
    ... on CleanupSuccess { runs artifacts bytes dryRun }
    ... on Error { code message }
  }
}
"""


async def clean_up(client: Client, days: int, *, dry_run: bool, sure: bool, as_json: bool) -> None:
    """Deletes, or says what would be deleted; asks before, at a terminal, unless `sure`.

    Raises:
        CommandFailed: nothing was deleted.
    """
    if not (dry_run or sure):
        found = await _ask(client, days, dry_run=True)
        if found["runs"] and not await agreed(
            f"Delete {_in_words(found)}?", otherwise="--yes, or --dry-run to look first"
        ):
            raise CommandFailed("nothing was deleted")
    found = await _ask(client, days, dry_run=dry_run)
    if as_json:
        print_json(found)
    else:
        say(f"{'would delete' if dry_run else 'deleted'} {_in_words(found)}")


async def _ask(client: Client, days: int, *, dry_run: bool) -> dict[str, Any]:
    given = {"olderThanDays": days, "dryRun": dry_run}
    result = (await client.execute(CLEANUP, {"input": given}))["cleanup"]
    if result.pop("__typename") != "CleanupSuccess":
        raise CommandFailed(result["message"])
    return {**result, "bytes": int(result["bytes"])}


def _in_words(found: dict[str, Any]) -> str:
    counts = (f"{found[what]:,} {what}"[: None if found[what] != 1 else -1] for what in _COUNTED)
    return f"{' and '.join(counts)} ({found['bytes']:,} bytes)"


_COUNTED: Final = ("runs", "artifacts")
