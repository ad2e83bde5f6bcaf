# As a project's own: a stage needs a secret of the build, and the last one is for tests.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm
FROM ${PYTHON_IMAGE} AS serve
RUN --mount=type=secret,id=TOKEN,required=true test -s /run/secrets/TOKEN
COPY server.py /srv/server.py
CMD ["python3", "-u", "/srv/server.py"]

FROM serve AS test
CMD ["python3", "-c", "raise SystemExit('1 of 12 tests failed')"]
