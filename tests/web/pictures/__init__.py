"""The pictures of README.md and the tutorial: made by `make pictures`, not run as tests."""
