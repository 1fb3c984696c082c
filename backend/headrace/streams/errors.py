"""What can go wrong between Headrace and the brokers, in words for people."""


class StreamError(Exception):
    """Base of this package's errors."""


class BrokersUnreachable(StreamError):
    """No broker answers, or none took what was sent in time."""


class AccessRefused(BrokersUnreachable):
    """Brokers do not let us in, or we do not trust them: somebody has to mend a setting."""


class TopicMissing(StreamError):
    """There is no such topic."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"There is no topic {topic!r}")
        self.topic = topic


class TopicRefused(StreamError):
    """The brokers do not make a topic."""


class PlaceLost(StreamError):
    """Messages at a place are gone: the topic is another one by now, or retention removed them."""


class MessageRefused(StreamError):
    """The brokers refuse a message for good: it is too large, say."""


class KafkaMissing(StreamError):
    """The extra is not installed."""

    def __init__(self) -> None:
        super().__init__("Kafka needs a package that is not here: pip install 'headrace[kafka]'")
