"""What every test may use: the cast. Anh works in the field, Bich supervises the ward, Chandra is a stranger."""

import pytest
from django.test import Client

from tests import build
from tests.portal import portal_process, sandbox  # noqa: F401  the stand-in portal


@pytest.fixture
def ward(db):
    """A fictional ward with two groups, a team for each, and the cast."""
    return build.ward()


@pytest.fixture
def member(ward):
    """A team member of the ward's first team."""
    return ward.member


@pytest.fixture
def supervisor(ward):
    """The ward's supervisor."""
    return ward.supervisor


@pytest.fixture
def chandra(ward):
    """A supervisor of another ward: whatever belongs to ours must not exist for her."""
    return ward.stranger


@pytest.fixture
def as_supervisor(supervisor) -> Client:
    """A browser signed in as the supervisor."""
    client = Client()
    client.force_login(supervisor)
    return client


@pytest.fixture
def as_chandra(chandra) -> Client:
    """A browser signed in as the stranger."""
    client = Client()
    client.force_login(chandra)
    return client
