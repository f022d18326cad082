"""Saved report runs. The room only reads others' tables; it owns nothing else yet."""
