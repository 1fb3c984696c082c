"""How often a call is made again, and after what."""

import pytest

from headrace_worker.llm.patience import MOST_TRIES, MOST_WAIT_SECONDS, Patience
from headrace_worker.llm.provider import Busy, ProviderError, RateLimited, Unavailable

TRIES = range(MOST_TRIES - 1)


@pytest.mark.parametrize("error", [RateLimited("busy"), Unavailable("down")])
def test_waits_double_up_to_half_a_minute(error: Busy) -> None:
    patience = Patience("p", first_wait_seconds=1.0)
    for number in TRIES:
        whole = min(2.0**number, MOST_WAIT_SECONDS)
        assert whole / 2 <= patience.wait_after(error, 0) <= whole


def test_a_time_that_the_server_names_is_kept() -> None:
    patience = Patience("p")
    for seconds in (0.0, 12.5, 300.0):
        assert patience.wait_after(RateLimited("x", retry_after_seconds=seconds), 0) == seconds


def test_refusals_count_only_as_long_as_nobody_is_answered() -> None:
    patience = Patience("p")
    for answered in range(5):
        for _ in TRIES:
            patience.wait_after(RateLimited("busy"), answered)
    with pytest.raises(ProviderError, match=r"refused \(429\) 8 times in a row: busy"):
        patience.wait_after(RateLimited("busy"), 4)


def test_failures_count_whoever_else_is_answered() -> None:
    patience = Patience("p")
    for answered in TRIES:
        patience.wait_after(Unavailable("down"), answered)
    with pytest.raises(ProviderError, match="failed 8 times in a row: down"):
        patience.wait_after(Unavailable("down"), 100)
