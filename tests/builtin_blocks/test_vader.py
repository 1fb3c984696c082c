import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from headrace.artifacts.synthesize import MESSAGES
from headrace_worker.llm.vader import Vader

LIBRARY = SentimentIntensityAnalyzer()
VADER = Vader()

_TURNING = "no but never so this without doubt least at very kind of or nor not didn't the yeah"
_WORDS = [
    *BOOSTER_DICT,
    *NEGATE,
    *SPECIAL_CASES,
    *_TURNING.split() * 8,
    *random.Random(1).sample(sorted(LIBRARY.lexicon), 300),
    *sorted(LIBRARY.emojis)[:60],
    "table",
    "went",
    ":D",
    "!",
    "???",
    "",
]
_SHAPES = (str, str, str, str.upper, str.title, "{}!".format, "'{}',".format, "{}\U0001f600".format)
WORDS = st.builds(
    lambda word, shape: shape(word), st.sampled_from(_WORDS), st.sampled_from(_SHAPES)
)
TEXTS = st.lists(WORDS, max_size=16).flatmap(
    lambda words: st.sampled_from([" ", "  ", "\n", ", "]).map(lambda space: space.join(words))
)


def library(text: str) -> float:
    score: float = LIBRARY.polarity_scores(text)["compound"]
    return score


@given(TEXTS)
def test_the_score_is_exactly_the_librarys(text: str) -> None:
    assert VADER.compound(text) == library(text)


@given(st.text(max_size=60))
def test_the_score_of_any_text_at_all_is_the_librarys(text: str) -> None:
    assert VADER.compound(text) == library(text)


def test_a_long_random_walk_finds_no_difference() -> None:
    """Ten thousand denser texts than hypothesis makes: idioms and negations meet in each."""
    chance = random.Random(7)
    for _ in range(10_000):
        words = (chance.choice(_SHAPES)(chance.choice(_WORDS)) for _ in range(chance.randrange(15)))
        text = " ".join(words)
        assert VADER.compound(text) == library(text), text


@pytest.mark.parametrize("message", MESSAGES)
def test_the_sample_messages_have_the_librarys_score(message: str) -> None:
    assert VADER.compound(message) == library(message)


def test_work_grows_with_the_text_and_not_with_its_square() -> None:
    """The library takes minutes for such a text: it reads all of it again for each known word."""
    text = "good but bad product, not so great, " * 20_000
    assert -1 <= VADER.compound(text) <= 1
