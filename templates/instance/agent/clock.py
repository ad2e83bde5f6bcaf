"""AWS for a machine whose clock may be off: it signs by AWS's own time, so that a wrong clock can be reported, and releases continue."""
import datetime
import email.utils
import http.client
import re
import urllib.parse

from aws import Aws
from problem import Problem
from request import opened

# What AWS's SDKs take for a clock that is off: CLOCK_SKEW_ERROR_CODES of https://github.com/smithy-lang/smithy-typescript
SKEWED = re.compile("AuthFailure|InvalidSignatureException|RequestExpired|RequestInTheFuture|RequestTimeTooSkewed|SignatureDoesNotMatch")
# AWS takes signatures that are five minutes off.
LEAST_SECONDS = 240


class SteadyAws(Aws):
    """ahead: seconds that AWS's clock is ahead of this machine's; 0 while AWS has refused no signature for its time."""

    ahead = 0.0

    def now(self):
        return super().now() + datetime.timedelta(seconds=self.ahead)

    def request(self, method, url, *rest):
        try:
            return super().request(method, url, *rest)
        except Problem as problem:
            if not SKEWED.search(str(problem)) or not self.measure(url):
                raise
        return super().request(method, url, *rest)

    def measure(self, url):
        """Sets `ahead` by the Date of an answer; False if there is no such difference."""
        parts = urllib.parse.urlsplit(url)
        try:
            with opened("GET", f"{parts.scheme}://{parts.netloc}/", {}) as answer:
                seen = email.utils.parsedate_to_datetime(answer.getheader("date"))
        except (OSError, http.client.HTTPException, TypeError, ValueError):
            return False
        ahead = (seen - super().now()).total_seconds()
        if abs(ahead - self.ahead) < LEAST_SECONDS:
            return False
        self.ahead = ahead
        return True

    def clock_problem(self):
        """"" for a clock that is right."""
        seconds = abs(self.ahead)
        if seconds < LEAST_SECONDS:
            return ""
        count, unit = next((seconds / size, unit) for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")) if seconds >= 2 * size)
        return f"The machine's clock is {count:.0f} {unit} {'behind' if self.ahead > 0 else 'ahead of'} AWS's."
