"""Error answers for requests that the emulator cannot handle, in the form that each SDK reads."""

import json
import sys
import traceback
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response


def refuse(environ, error):
    """501 for an action that moto lacks: SDKs do not retry it, and show the message. 500 for a bug of the sandbox."""
    status, code = (501, "NotImplemented") if isinstance(error, NotImplementedError) else (500, "InternalFailure")
    message = f"the sandbox does not support this: {error}" if status == 501 else f"a bug in the sandbox: {error!r}"
    if status == 500:
        traceback.print_exception(error, file=sys.stderr)
    return answer(environ, status, code, message)


def answer(environ, status, code, message):
    if form(environ) == "json":
        body = json.dumps({"__type": code, "message": message})
        return Response(body, status, {"x-amzn-ErrorType": code}, content_type="application/x-amz-json-1.1")
    fault = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    if service(environ) == "ec2":
        return Response(f"<Response><Errors>{fault}</Errors></Response>", status, content_type="text/xml")
    if form(environ) == "s3":
        return Response(fault, status, content_type="application/xml")
    return Response(f"<ErrorResponse>{fault}</ErrorResponse>", status, content_type="text/xml")


def form(environ):
    """The protocol of the answer: json, s3 or xml."""
    if "json" in environ.get("CONTENT_TYPE", "") or environ.get("HTTP_X_AMZ_TARGET"):
        return "json"
    return "s3" if service(environ) == "s3" else "xml"


def service(environ):
    """The service that the request is signed for; empty when it is not signed."""
    scope = environ.get("HTTP_AUTHORIZATION", "").split(",")[0].split("/")
    return scope[3] if len(scope) > 4 else ""
