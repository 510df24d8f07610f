"""What an error mail says: where it broke, and nothing that anybody typed or sent."""

import traceback

from django.views.debug import ExceptionReporter


class DiscreetReporter(ExceptionReporter):
    """No query, form or cookie, nor the error's own words, which may quote them."""

    def get_traceback_text(self):
        frames = "".join(traceback.format_tb(self.tb)) if self.tb else ""
        kind = self.exc_type.__name__ if self.exc_type else "No exception"
        return f"{self._place()}\n\n{frames}{kind}. Its message is in the server's log.\n"

    def _place(self):
        return f"{self.request.method} {self.request.path}" if self.request else "No request"
