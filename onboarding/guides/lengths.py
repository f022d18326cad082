"""How long a text of the content may be: what its column holds. PostgreSQL refuses more, SQLite would not say.

For: proofreading.py and procedure_proofs.py. Not for: limits of style, which are shorter (specs.py, wording.py).
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Model


def faults(row: dict[str, Any], model: type[Model]) -> Iterator[str]:
    """Yield a sentence for each text of row that is longer than the column of its name in model."""
    for field in model._meta.concrete_fields:
        text = row.get(field.name)
        limit = field.max_length if isinstance(field, CharField) else None
        if limit and isinstance(text, str) and len(text) > limit:
            yield f"“{field.name}” dài {len(text)} chữ. Rút còn {limit} chữ."
