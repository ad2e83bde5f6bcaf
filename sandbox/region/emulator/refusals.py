"""Error answers in the form that each SDK reads."""

import json
import sys
import traceback
import uuid
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response


def for_failure(call, error):
    """501 for an action that moto lacks: SDKs do not retry it, and show the message. 500 for a bug of the sandbox."""
    if isinstance(error, NotImplementedError):
        return refuse(call, 501, "NotImplemented", f"the sandbox does not support this: {error}")
    traceback.print_exception(error, file=sys.stderr)
    return refuse(call, 500, "InternalFailure", f"a bug in the sandbox: {error!r}")


def refuse(call, status, code, message):
    """An answer with an error, as the service of this call words it."""
    body, kind = FORMS.get(call.protocol, error_response)(code, message)
    headers = {"x-amzn-RequestId": REQUEST, "x-amz-request-id": REQUEST}
    if call.protocol in ("json", "rest-json"):
        headers["x-amzn-ErrorType"] = code
    # CloudWatch had the query protocol first, and SDKs still report that protocol's codes (awsQueryCompatible).
    if call.signing == "monitoring" and code in QUERY_CODES:
        headers["x-amzn-query-error"] = f"{QUERY_CODES[code]};Sender"
    return Response(body, status, headers, content_type=kind)(call.environ, call.start_response)


def json_error(code, message):
    return json.dumps({"__type": code, "message": message}), "application/x-amz-json-1.1"


def ec2_error(code, message):
    return f"<Response><Errors>{fault(code, message)}</Errors><RequestID>{REQUEST}</RequestID></Response>", "text/xml"


def s3_error(code, message):
    more = f"<RequestId>{REQUEST}</RequestId><HostId>{REQUEST}</HostId>"
    return fault(code, message, more), "application/xml"


def error_response(code, message):
    """Of the query protocol and of Route53's."""
    inner = fault(code, message).replace("<Error>", "<Error><Type>Sender</Type>", 1)
    return f"<ErrorResponse>{inner}<RequestId>{REQUEST}</RequestId></ErrorResponse>", "text/xml"


def fault(code, message, more=""):
    return f"<Error><Code>{code}</Code><Message>{escape(message)}</Message>{more}</Error>"


FORMS = {"json": json_error, "rest-json": json_error, "ec2": ec2_error, "s3": s3_error}
QUERY_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "ThrottlingException": "Throttling",
}
# One for all: the sandbox keeps no log in which to look it up.
REQUEST = str(uuid.uuid4())
