"""How allauth behaves here: nobody signs up by themselves. Not for: pages; templates/account/ has those."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are made by a supervisor, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an open sign-up would let anybody pose as a volunteer."""
        return False
