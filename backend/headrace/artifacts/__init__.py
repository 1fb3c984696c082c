"""Bytes that Headrace keeps or may reach: the content store, allowed paths, signatures, previews.

Nothing here knows the database or an event loop, so a block's process may use all of it.
"""
