"""Readers: one module an area. Each lists everything of its kinds, whoever made it."""
