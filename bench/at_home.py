"""`python -m bench.at_home WORD …` says a word of bench/ward.py in the environment of a house and prints its JSON.

Django is set up here, before the module of the words is read: its imports need that. Not for: what the words do.
"""

import json
import os
import sys
from importlib import import_module

import django


def main(word: str, *rest: str) -> None:
    """Say one word."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")
    django.setup()
    print(json.dumps(import_module("bench.ward").WORDS[word](*rest)))


if __name__ == "__main__":
    main(*sys.argv[1:])
