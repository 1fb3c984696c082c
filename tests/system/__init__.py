"""Headrace as people have it: real processes on one database file, and clients that keep book."""
