"""How allauth behaves here: nobody signs up by themselves. Not for: pages; templates/account/ has those."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are made by a supervisor, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an open sign-up would let anybody pose as a volunteer."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing after signing in or out: the page that opens says it, in our words."""
