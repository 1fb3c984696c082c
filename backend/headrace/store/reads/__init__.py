"""Reads for the API, one module per noun: batched by ids, paged by keys, inside one snapshot."""
