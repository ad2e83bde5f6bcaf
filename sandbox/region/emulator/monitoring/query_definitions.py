"""CloudWatch Logs Insights: saved queries. They are kept, and never run."""

import json
import uuid

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from emulator.patching import adds, patches


@patches(LogsBackend, "__init__")
def start(moto, backend, *args, **kwargs):
    moto(*args, **kwargs)
    backend.query_definitions = {}


@adds(LogsResponse, "put_query_definition")
def put_query_definition(response):
    """With an id it replaces that definition (PutQueryDefinition)."""
    number = response._get_param("queryDefinitionId") or str(uuid.uuid4())
    known = response.logs_backend.query_definitions
    if response._get_param("queryDefinitionId") and number not in known:
        raise ResourceNotFoundException(msg="The specified query definition does not exist.")
    known[number] = {
        "queryDefinitionId": number,
        "name": response._get_param("name"),
        "queryString": response._get_param("queryString"),
        "logGroupNames": response._get_param("logGroupNames") or [],
    }
    return json.dumps({"queryDefinitionId": number})


@adds(LogsResponse, "describe_query_definitions")
def describe_query_definitions(response):
    prefix = response._get_param("queryDefinitionNamePrefix") or ""
    known = response.logs_backend.query_definitions.values()
    return json.dumps({"queryDefinitions": [one for one in known if one["name"].startswith(prefix)]})


@adds(LogsResponse, "delete_query_definition")
def delete_query_definition(response):
    found = response.logs_backend.query_definitions.pop(response._get_param("queryDefinitionId"), None)
    if found is None:
        raise ResourceNotFoundException(msg="The specified query definition does not exist.")
    return json.dumps({"success": True})
