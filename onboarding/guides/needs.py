"""What a step may need besides hands, and what that is called where people read it.

For: the step's page, the comparison of two versions. Not for: the editor's boxes to tick, which say more.
"""

from django.utils.translation import gettext as _


def names() -> dict[str, str]:
    """Return what each need is called, in the language in force."""
    return {
        "network": _("mạng"), "own-phone": _("điện thoại của mình"), "officer": _("cán bộ"), "waiting": _("chờ"),
    }  # fmt: skip


def called(needs: list[str]) -> list[str]:
    """Return what needs are called, in the order in which they are always said."""
    return [name for need, name in names().items() if need in needs]
