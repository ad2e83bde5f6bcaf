"""EC2: a request that is repeated with its client token gets the first one's answer and makes nothing again.

SDKs put a token into every request that may have one, so that they can send it again when the answer is lost (Amazon EC2 Developer
Guide, Ensuring idempotency). moto ignores the token: the second CreateLaunchTemplate finds its own name taken.
"""

from werkzeug.wrappers import Response

from emulator import refusals


def answer(call, moto):
    """What moto answers to the first request with this token. The caller holds the lock."""
    token = call.form.get("ClientToken") if call.signing == "ec2" else None
    if not token:
        return moto(call.environ, call.start_response)
    asked = call.form
    before = ANSWERED.get((call.key, call.operation, token[0]))
    if before is not None and before[0] != asked:
        return refusals.refuse(call, 400, "IdempotentParameterMismatch", "The request uses the token of one with other parameters.")
    response = Response.from_app(moto, call.environ, buffered=True) if before is None else before[1]
    if response.status_code < 300:
        ANSWERED[call.key, call.operation, token[0]] = asked, response
    return response(call.environ, call.start_response)


ANSWERED = {}
