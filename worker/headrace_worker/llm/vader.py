"""VADER's compound score, exactly as the library gives it, several times as fast.

Invariant: `Vader().compound(text)` equals `polarity_scores(text)["compound"]` for every text; a
property test compares them. The library works through its whole text again for each word that it
knows (the square of a long text's length) and looks at each character in Python; here it is shown
only the words around such a word, and none of the others.
"""

from functools import lru_cache
from heapq import heappop, heappush
from typing import cast

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    N_SCALAR,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
    SentiText,
    normalize,
)

_KEPT_ANSWERS = 4_096
_KEPT_CHARACTERS = 500
_NEGATIONS = frozenset(NEGATE)
_PHRASES = [phrase for phrase in (*SPECIAL_CASES, *BOOSTER_DICT) if " " in phrase]
_PHRASE_WORDS = frozenset(word for phrase in _PHRASES for word in phrase.split())


class Vader:
    """A lexicon model of sentiment; deterministic, and made once per process (its lexicon is 7,500
    words).
    """

    def __init__(self) -> None:
        self._model = _Model()
        # Equal texts are common (stock answers, test data); huge ones would fill the memory.
        self._kept = lru_cache(_KEPT_ANSWERS)(self._model.compound)

    def compound(self, text: str) -> float:
        """From −1 (most negative) to 1, in four decimals."""
        return self._kept(text) if len(text) <= _KEPT_CHARACTERS else self._model.compound(text)


class _Around:
    """What the library needs to see of a text to weigh one word: three words before, two after."""

    __slots__ = ("is_cap_diff", "words_and_emoticons")

    def __init__(self, words: list[str], *, mixed_case: bool) -> None:
        self.words_and_emoticons = words
        self.is_cap_diff = mixed_case


class _Model(SentimentIntensityAnalyzer):  # type: ignore[misc] # the library has no types
    def __init__(self) -> None:
        super().__init__()
        self._emoji = frozenset(self.emojis)

    def compound(self, text: str) -> float:
        if not text.isascii() and not self._emoji.isdisjoint(text):
            text = self._spelled_out(text)
        text = text.strip()
        sentiments, words = self._valences(text)
        if not sentiments:
            return 0.0
        total = float(sum(self._but_check(words, sentiments)))
        if total > 0:
            total += self._punctuation_emphasis(text)
        elif total < 0:
            total -= self._punctuation_emphasis(text)
        return cast("float", round(normalize(total), 4))

    def _valences(self, text: str) -> tuple[list[float], list[str]]:
        told = SentiText(text)
        words: list[str] = told.words_and_emoticons
        lower = [word.lower() for word in words]
        lexicon, valences = self.lexicon, [0.0] * len(words)
        for i, word in enumerate(lower):
            if word in lexicon and word not in BOOSTER_DICT and lower[i : i + 2] != ["kind", "of"]:
                around = _Around(words[max(i - 3, 0) : i + 3], mixed_case=told.is_cap_diff)
                [valences[i]] = self.sentiment_valence(0.0, around, words[i], min(i, 3), [])
        return valences, words

    def _spelled_out(self, text: str) -> str:
        """With a description in place of each emoji, as the library's own loop does it."""
        parts: list[str] = []
        after_space = True
        for character in text:
            described = self.emojis.get(character)
            if described is None:
                parts.append(character)
                after_space = character == " "
            else:
                parts.append(described if after_space else f" {described}")
                after_space = False
        return "".join(parts)

    @staticmethod
    def _negation_check(valence: float, words: list[str], start_i: int, i: int) -> float:
        """The library's rules without its lists: `words[i - 1 - start_i]` may turn the word at
        `i`.
        """
        word = words[i - 1 - start_i].lower()
        near = [one.lower() for one in words[i - start_i : i]]
        if start_i and word == "never" and near[0] in {"so", "this"}:
            return valence * 1.25
        if start_i == 2 and near[1] in {"so", "this"}:
            return valence * 1.25
        if start_i and word == "without" and "doubt" in near:
            return valence
        return valence * N_SCALAR if word in _NEGATIONS or "n't" in word else valence

    @staticmethod
    def _but_check(words: list[str], valences: list[float]) -> list[float]:
        """The library's rule for `but`: it weighs the first word of each valence anew."""
        lower = [word.lower() for word in words]
        if "but" not in lower:
            return valences
        turn = lower.index("but")
        places: dict[float, list[int]] = {}
        for i, valence in enumerate(valences):
            places.setdefault(valence, []).append(i)
        for i in range(len(valences)):
            if not (valence := valences[i]):
                continue
            same = places[valence]
            while valences[same[0]] != valence:
                heappop(same)
            first = heappop(same)
            valences[first] = valence * (0.5 if first < turn else 1.5)
            heappush(places.setdefault(valences[first], []), first)
        return valences

    @staticmethod
    def _special_idioms_check(valence: float, words: list[str], i: int) -> float:
        if _PHRASE_WORDS.isdisjoint(word.lower() for word in words):
            return valence
        return cast("float", SentimentIntensityAnalyzer._special_idioms_check(valence, words, i))
