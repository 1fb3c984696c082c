"""Streams of other systems: topics of Kafka, read and written.

Nothing here knows the database, so a block's process may use all of it. `aiokafka` is imported by
`headrace.streams.kafka` and what it needs, and those only where Kafka is chosen.
"""
