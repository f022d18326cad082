"""A verb's way of saying no: a stable code for machines and a Vietnamese sentence that says what to do.

For: every room's verbs raise it; sync turns it into a parked entry, views into a message. Not for: our own
mistakes; those stay ordinary exceptions.
"""


class Refused(Exception):
    """The data can't be taken as it is. `code` is one of the wire's codes, `message` is shown to a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = str(message)
