"""The way to the government portal: one small protocol, and the choice of who speaks it.

For: delivery, which asks open_portal() and works with four results (Taken, Refused, NotSent, Unknown) only.
Not for: deciding what follows from a result (delivery), or the shape of a portal (portal_<name>.py).
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from onboarding.submissions.portal_dvcqg import DvcqgPortal, SandboxPortal
from onboarding.submissions.portal_export import ExportPortal, write_package
from onboarding.submissions.portal_http import is_private_enough
from onboarding.submissions.portal_igate import IgatePortal
from onboarding.submissions.portal_types import (
    Arrival,
    ArrivedFile,
    Attached,
    Dossier,
    DossierFile,
    Found,
    NotSent,
    Outcome,
    Proof,
    Refused,
    Standing,
    Step,
    Taken,
    Unknown,
    is_demo,
    prove,
)

__all__ = [
    "Arrival",
    "ArrivedFile",
    "Attached",
    "Dossier",
    "DossierFile",
    "Found",
    "NotSent",
    "Outcome",
    "Portal",
    "Proof",
    "Refused",
    "Standing",
    "Step",
    "Taken",
    "Unknown",
    "is_demo",
    "open_portal",
    "prove",
    "write_package",
]


class Portal(Protocol):
    """What delivery may ask of a portal. No verb raises for what a portal or a network does."""

    takes_demo: bool

    def send(self, dossier: Dossier, *, attached: Mapping[str, str] | None = None) -> Outcome:
        """Hand a dossier in: files first, then the dossier, within settings.PORTAL_DEADLINE_SECONDS in all."""

    def attach(self, file: DossierFile) -> Attached | Refused | NotSent:
        """Upload one file ahead of its dossier; repeatable. Its id goes into attached of send()."""

    def lookup(self, reference: str) -> Found | Unknown | None:
        """Ask for our reference. None = the portal answered properly that it has no such dossier."""

    def status(self, code: str) -> Standing | Unknown | None:
        """Ask where the dossier with the portal's code stands."""

    def read_back(self, code: str) -> Arrival | Unknown | None:
        """Fetch what the portal keeps of a dossier, for prove()."""


def open_portal() -> Portal:
    """Return the portal that the settings name. Raises ImproperlyConfigured for an unknown or an open address."""
    return _opened(
        settings.PORTAL_ADAPTER,
        settings.PORTAL_URL,
        settings.PORTAL_USER,
        settings.PORTAL_PASSWORD,
        settings.PORTAL_UNIT,
    )


# Kept for the life of the process, so that a log-in lasts for more than one dossier. At most a few settings a test run.
@lru_cache(maxsize=8)
def _opened(adapter: str, url: str, user: str, password: str, unit: str) -> Portal:
    if adapter == "export":
        return ExportPortal()
    kinds: dict[str, Callable[..., Portal]] = {"sandbox": SandboxPortal, "dvcqg": DvcqgPortal, "igate": IgatePortal}
    if adapter not in kinds:
        raise ImproperlyConfigured(f"PORTAL_ADAPTER is one of {', '.join(kinds)}, export; not {adapter!r}.")
    if adapter != "sandbox" and not is_private_enough(url):
        raise ImproperlyConfigured("PORTAL_URL must be https: personal data goes there.")
    return kinds[adapter](url=url, user=user, password=password, unit=unit)
