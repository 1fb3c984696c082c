"""The use cases, one module per noun; the API and the worker call these and nothing below."""
