"""The end of a process, in words."""

import signal

import pytest

from headrace_worker.executors.crashes import describe_end

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("status", "oom", "words"),
    [
        (signal.SIGKILL, True, "was killed for lack of memory; its memory peaked at 900 MiB."),
        (signal.SIGKILL, False, "died by SIGKILL: somebody, or the system for lack of memory"),
        (signal.SIGSEGV, False, "died by SIGSEGV: it used memory that is not its own"),
        (signal.SIGTERM, False, "died by SIGTERM; its memory peaked at 900 MiB."),
        (signal.SIGSEGV | 0x80, False, "died by SIGSEGV"),
        (63, False, "died by signal 63"),
        (3 << 8, False, "exited with code 3 before the block returned."),
    ],
)
def test_a_wait_status_is_told_in_words(status: int, words: str, *, oom: bool) -> None:
    assert words in describe_end(status, peak_bytes=900 * MIB, oom=oom)
