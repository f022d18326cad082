"""A submission as the portal needs it: opened answers, checked pictures, our reference.

For: delivery and hand-over. Bytes of pictures are read only when they are sent. Not for: sending (portal.py).
"""

from functools import partial

from django.conf import settings

from onboarding.submissions.attachments import picture
from onboarding.submissions.models import Attachment, Submission
from onboarding.submissions.portal import Dossier, DossierFile


def dossier_of(submission: Submission) -> Dossier:
    """Return the dossier of a submission. Raises VaultError when the answers can't be opened."""
    person, form = submission.resident, submission.version.form
    return Dossier(
        reference=submission.reference,
        procedure_code=form.procedure,
        procedure_name=form.title,
        unit=settings.PORTAL_UNIT,
        applicant=person.name,
        number=person.number,
        phone=person.phone,
        address=f"{submission.household}, {submission.household.street}, {submission.area}".strip(", "),
        summary=form.title,
        submitted_at=submission.created_at,
        answers=submission.answers,
        files=tuple(map(_file, submission.attachments.filter(state=Attachment.State.GOOD))),
    )


def _file(paper: Attachment) -> DossierFile:
    # Portals tell papers apart by the form's own slot; the phone's file name never leaves the phone.
    return DossierFile(
        slot=paper.slot, name=f"{paper.slot}.jpg", mime="image/jpeg", load=partial(picture, paper),
        sha256=paper.sha256, size=paper.size,
    )  # fmt: skip
