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
    if "json" in environ.get("CONTENT_TYPE", "") or environ.get("HTTP_X_AMZ_TARGET"):
        body = json.dumps({"__type": code, "message": message})
        return Response(body, status, {"x-amzn-ErrorType": code}, content_type="application/x-amz-json-1.1")
    fault = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    if "/ec2/" in environ.get("HTTP_AUTHORIZATION", ""):
        return Response(f"<Response><Errors>{fault}</Errors></Response>", status, content_type="text/xml")
    if "/s3/" in environ.get("HTTP_AUTHORIZATION", ""):
        return Response(fault, status, content_type="application/xml")
    return Response(f"<ErrorResponse>{fault}</ErrorResponse>", status, content_type="text/xml")
