"""LLM providers behind one protocol."""
