"""How allauth behaves here: nobody signs up by themselves. Not for: pages; templates/account/ has those."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from onboarding.accounts.access import has_role
from onboarding.accounts.models import FIELD_ROLES, Role


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are made by a supervisor, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an open sign-up would let anybody pose as a volunteer."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send somebody who only keeps guides to what there is to keep; the ward's pages do not exist for them."""
        user = request.user
        if has_role(user, Role.EDITOR) and not has_role(user, *FIELD_ROLES):  # type: ignore[arg-type]  # signed in
            return reverse("guides:ward-procedures")
        return super().get_login_redirect_url(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing after signing in or out: the page that opens says it, in our words."""
