"""Tests of the API's transport and of what stands behind it."""
