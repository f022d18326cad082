"""Bringing the shipped form definitions into the database.

For: `load_forms()`, safe to repeat. A version that was loaded is frozen: phones in the field filled it, and its
hash is on their consents. Not for: rendering or checking answers (forms.py).
"""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from onboarding.seal import canonical
from onboarding.submissions.models import Form, FormVersion

FOLDER = settings.BASE_DIR / "onboarding" / "content" / "forms"


class FrozenVersion(Exception):
    """A file differs from the version that was loaded under its number. Give the change the next number."""


@transaction.atomic
def load_forms(folder: Path = FOLDER) -> list[FormVersion]:
    """Load every *.yaml of folder, in order of name; return the versions. Raises FrozenVersion."""
    return [_load(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yaml"))]


def definition_hash(definition: dict[str, Any]) -> str:
    """Return the sha256 hex of the canonical form of a definition (or of a part, such as its consent text)."""
    return hashlib.sha256(canonical(definition)).hexdigest()


def _load(definition: dict[str, Any]) -> FormVersion:
    form, _created = Form.objects.update_or_create(
        code=definition["code"], defaults={"title": definition["title"], "procedure": definition["procedure"]}
    )
    values = {
        "definition": definition,
        "hash": definition_hash(definition),
        "valid_from": date.fromisoformat(definition["valid_from"]),
        "checked_on": date.fromisoformat(definition["checked_on"]),
        "source": definition["source"],
    }
    version, _created = FormVersion.objects.get_or_create(form=form, number=definition["number"], defaults=values)
    if version.hash != values["hash"]:
        raise FrozenVersion(version.code)
    _retire_older(version)
    return version


def _retire_older(version: FormVersion) -> None:
    older = FormVersion.objects.filter(form=version.form_id, number__lt=version.number, valid_to=None)
    older.update(valid_to=version.valid_from)
