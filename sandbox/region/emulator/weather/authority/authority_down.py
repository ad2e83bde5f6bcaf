"""The certificate authority does not serve: 503 to every request, as while Let's Encrypt is being maintained.

It answers with a problem document then (RFC 8555, 6.7): "The service is down for maintenance or had an internal error".
https://letsencrypt.status.io lists such times.
"""

from emulator.weather.condition import Condition


class AuthorityDown(Condition):
    name = "authority-down"
    summary = "the certificate authority answers 503 to every request"


CONDITION = AuthorityDown()
