"""One renderer and one validator for every form, built from its definition.

For: `blank_form` and `render_form` for the phone's shell (no values, no personal data; widgets carry the rules as
data-rule-* and the sentences as data-say-*), and `clean_answers` for intake, which checks with the same Django
form. Not for: single answers (answers.py) or where definitions come from (loading.py).
"""

import json
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from onboarding.refusal import Refused
from onboarding.submissions.answers import SENTENCES, Spec, check_number, read, sentence, wrong
from onboarding.submissions.loading import definition_hash
from onboarding.submissions.models import FormVersion

Definition = dict[str, Any]
MODES = {"phone": "tel", "birth": "numeric", "document": "text"}


class AnswerField(forms.CharField):
    """One field of a definition as a Django field."""

    def __init__(self, spec: Spec, ident: str) -> None:
        self.spec = spec
        super().__init__(
            label=spec["label"], help_text=spec.get("hint", ""), required=spec.get("required", False), strip=False,
            widget=_widget(spec, ident), error_messages={"required": sentence(spec, "required")},
        )  # fmt: skip

    def to_python(self, value: Any) -> str:
        """Return the kept form of the answer."""
        return read(self.spec, value)


class AnswersForm(forms.Form):
    """A form made from a definition by `form_class`."""

    definition: Definition
    use_required_attribute = False  # the rules are ours: the browser's own bubbles speak another language

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{self.definition['code']}-%s", label_suffix="")

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The sections in order, each with its code, title and bound fields."""
        return [
            {"code": part["code"], "title": part["title"], "fields": [self[spec["name"]] for spec in part["fields"]]}
            for part in self.definition["sections"]
        ]

    def clean(self) -> dict[str, Any]:
        """Check the rules between fields: number by type, day after day."""
        unknown = set(self.data) - set(self.fields)
        if unknown:
            raise forms.ValidationError(_("Tờ khai có mục lạ. Cập nhật ứng dụng rồi gửi lại."), code="unknown")
        for name, value in list(self.cleaned_data.items()):
            if value:
                self._check(name, cast(AnswerField, self.fields[name]).spec, value)
        return self.cleaned_data

    def _check(self, name: str, spec: Spec, value: str) -> None:
        try:
            CHECKS.get(spec["type"], _nothing)(self, spec, value)
        except forms.ValidationError as error:
            self.add_error(name, error)


def form_class(definition: Definition) -> type[AnswersForm]:
    """Return the Django form class of a definition."""
    fields = {spec["name"]: AnswerField(spec, definition["code"]) for spec in specs(definition)}
    return type("Answers", (AnswersForm,), {"definition": definition, **fields})


def blank_form(definition: Definition) -> AnswersForm:
    """Return the empty form, for `{% include "submissions/form_fields.html" with form=form %}`."""
    return form_class(definition)()


def render_form(definition: Definition) -> SafeString:
    """Return the empty form as HTML. The page's sprite must hold alert-circle, scan and camera-plus."""
    return render_to_string("submissions/form_fields.html", {"form": blank_form(definition)})


def clean_answers(definition: Definition, answers: Any) -> dict[str, str]:
    """Return answers in their kept form, empty ones left out.

    Raises Refused("answers_invalid" or "secret_in_text") with a sentence that names the field and what to do.
    """
    form = form_class(definition)(answers if isinstance(answers, dict) else {})
    if form.is_valid():
        return {name: value for name, value in form.cleaned_data.items() if value}
    field, errors = next(iter(form.errors.as_data().items()))
    said = " ".join(errors[0].messages)
    code = "secret_in_text" if errors[0].code == "secret" else "answers_invalid"
    raise Refused(code, f"{form.fields[field].label}: {said}" if field in form.fields else said)


def specs(definition: Definition) -> list[Spec]:
    """Return all field specs of a definition in order."""
    return [spec for part in definition["sections"] for spec in part["fields"]]


def offered(day: date | None = None) -> list[FormVersion]:
    """Return the versions that teams may fill on a day (today), newest of each form."""
    day = day or timezone.localdate()
    current = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    found = FormVersion.objects.filter(current, valid_from__lte=day).select_related("form").order_by("form", "number")
    return list({version.form_id: version for version in found}.values())


def find_version(code: str) -> FormVersion:
    """Return the version called e.g. luu-tru@1, old ones too. Raises Refused("form_unknown")."""
    form, _at, number = code.partition("@")
    known = number.isascii() and number.isdecimal() and len(number) < 5  # a longer one fits into no row
    version = FormVersion.objects.filter(form=form, number=int(number)).first() if known else None
    if version is None:
        raise Refused("form_unknown", _("Phường chưa có mẫu tờ khai này. Cập nhật ứng dụng rồi gửi lại."))
    return version


def consent_hash(definition: Definition) -> str:
    """Return the hash of the consent text of a definition; the phone repeats it with the signature."""
    return definition_hash(definition["consent"])


def shown_answers(definition: Definition, answers: dict[str, str]) -> list[dict[str, Any]]:
    """Return answers for reading: sections with rows of label, text and whether the value is masked at first."""
    return [
        {"title": part["title"], "rows": [row for spec in part["fields"] if (row := _shown(spec, answers))]}
        for part in definition["sections"]
    ]


def _shown(spec: Spec, answers: dict[str, str]) -> dict[str, Any] | None:
    value = answers.get(spec["name"], "")
    if not value:
        return None
    texts = {choice["code"]: choice["text"] for choice in spec.get("choices", [])}
    if spec["type"] in ("birth", "date"):
        value = "/".join(reversed(value.split("-")))
    return {
        "name": spec["name"], "label": spec["label"], "text": texts.get(value, value),
        "type": spec["type"], "secret": spec.get("secret", False),
    }  # fmt: skip


# --- Rules between fields ---------------------------------------------------------------------------------------------


def _nothing(form: AnswersForm, spec: Spec, value: str) -> None:
    """Most types have no rule between fields."""


def _check_date(form: AnswersForm, spec: Spec, value: str) -> None:
    start = form.cleaned_data.get(spec.get("after", ""))
    if not start:
        return
    if value < start:
        raise wrong(spec, "after")
    days = spec.get("days")
    if days and date.fromisoformat(value) - date.fromisoformat(start) > timedelta(days=days):
        raise wrong(spec, "days", days=days)


def _check_document(form: AnswersForm, spec: Spec, value: str) -> None:
    rule = spec["numbers"].get(form.cleaned_data.get(spec["by"], ""))
    if rule:
        check_number(spec, rule, value)


CHECKS = {"date": _check_date, "document": _check_document}


# --- What the browser is told -----------------------------------------------------------------------------------------


def _widget(spec: Spec, ident: str) -> forms.Widget:
    attrs = _rules(spec)
    attrs["aria-describedby"] = " ".join(
        f"{ident}-{spec['name']}_{part}" for part in (["helptext"] if spec.get("hint") else []) + ["error"]
    )
    if spec["type"] == "choice":
        choices = [(choice["code"], choice["text"]) for choice in spec["choices"]]
        if spec.get("look") == "select":
            return forms.Select(attrs={**attrs, "class": "in"}, choices=[("", _("Chọn")), *choices])
        attrs.pop("aria-required", None)  # not allowed on a single radio button
        return forms.RadioSelect(attrs=attrs, choices=choices)
    attrs |= {"class": "in num" if spec["type"] in MODES else "in", "autocomplete": "off", "spellcheck": "false"}
    if spec["type"] in MODES:
        attrs["inputmode"] = MODES[spec["type"]]
    widget = forms.TextInput(attrs=attrs)
    widget.input_type = "date" if spec["type"] == "date" else "text"
    return widget


def _rules(spec: Spec) -> dict[str, str]:
    attrs = {"data-rule-type": spec["type"]}
    for key in ("max", "after", "days", "by"):
        if key in spec:
            attrs[f"data-rule-{key}"] = str(spec[key])
    if spec.get("required"):
        attrs |= {"data-rule-required": "1", "aria-required": "true", "data-say-required": sentence(spec, "required")}
    if "numbers" in spec:
        attrs["data-rule-numbers"] = json.dumps(spec["numbers"], ensure_ascii=False, sort_keys=True)
    for key in ("from_card", "from"):
        if key in spec:
            attrs[f"data-{key.replace('_', '-')}"] = spec[key]
    said = {f"data-say-{rule.replace('_', '-')}": sentence(spec, rule) for rule in SENTENCES[spec["type"]]}
    return attrs | said | {"data-say-control": sentence(spec, "control")}
