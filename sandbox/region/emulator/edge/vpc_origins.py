"""VPC origins: CloudFront's way to an internal load balancer. moto lacks them."""

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult
from moto.elbv2.models import elbv2_backends

from emulator.edge.store import Entity, add_paths, check_version, find, listed, random_text, shelf
from emulator.patching import adds

KIND = "VpcOrigin"

add_paths("vpc-origin", "vpc-origin/(?P<vpc_origin_id>[^/]+)")


@adds(CloudFrontResponse, "create_vpc_origin")
def create_vpc_origin(response):
    """The load balancer must exist, and its VPC must have an internet gateway (developer guide, "Restrict access with VPC origins")."""
    config = response._get_param("VpcOriginEndpointConfig", {})
    balancer = balancer_of(response.current_account, config["Arn"])
    if balancer is None:
        raise CloudFrontException("InvalidArgument", f"The load balancer {config['Arn']} does not exist.")
    if not has_gateway(response.current_account, config["Arn"], balancer.vpc_id):
        raise CloudFrontException("InvalidArgument", f"The VPC {balancer.vpc_id} has no internet gateway.")
    entity = Entity(f"vo_{random_text(22)}", config)
    entities = shelf(response.backend, KIND)
    if any(one.config["Name"] == config["Name"] for one in entities.values()):
        raise CloudFrontException("EntityAlreadyExists", f"A VPC origin with the name {config['Name']} already exists.")
    entities[entity.id] = entity
    response.backend.tagger.tag_resource(arn_of(response, entity), response._get_param("Tags.Items", []) or [])
    return ActionResult({**answer(response, entity), "Location": entity.id})


@adds(CloudFrontResponse, "get_vpc_origin")
def get_vpc_origin(response):
    return ActionResult(answer(response, named(response)))


@adds(CloudFrontResponse, "list_vpc_origins")
def list_vpc_origins(response):
    found = [
        {**answer(response, one)["VpcOrigin"], "Name": one.config["Name"], "OriginEndpointArn": one.config["Arn"]}
        for one in shelf(response.backend, KIND).values()
    ]
    return ActionResult({"VpcOriginList": listed(found)})


@adds(CloudFrontResponse, "update_vpc_origin")
def update_vpc_origin(response):
    entity = named(response)
    check_version(entity.etag, response._get_param("IfMatch"))
    entity.put(response._get_param("VpcOriginEndpointConfig", {}))
    return ActionResult(answer(response, entity))


@adds(CloudFrontResponse, "delete_vpc_origin")
def delete_vpc_origin(response):
    """AWS refuses while a distribution has it, and while it is being deployed."""
    entity = named(response)
    check_version(entity.etag, response._get_param("IfMatch"))
    if any(entity.id in used_by(dist) for dist in response.backend.distributions.values()) or not entity.deployed:
        raise CloudFrontException("CannotDeleteEntityWhileInUse", "The entity cannot be deleted while it is in use.")
    del shelf(response.backend, KIND)[entity.id]
    body = answer(response, entity)
    body["VpcOrigin"]["Status"] = "Deleting"
    return ActionResult(body)


def named(response):
    return find(shelf(response.backend, KIND), response._get_param("Id"), "EntityNotFound")


def answer(response, entity):
    body = {
        "Id": entity.id,
        "Arn": arn_of(response, entity),
        "AccountId": response.current_account,
        "Status": "Deployed" if entity.deployed else "Deploying",
        "CreatedTime": entity.made,
        "LastModifiedTime": entity.changed,
        "VpcOriginEndpointConfig": entity.config,
    }
    return {"VpcOrigin": body, "ETag": entity.etag}


def arn_of(response, entity):
    return f"arn:aws:cloudfront::{response.current_account}:vpcorigin/{entity.id}"


def used_by(dist):
    origins = dist.distribution_config.sandbox_raw["Origins"]["Items"]
    return {(origin.get("VpcOriginConfig") or {}).get("VpcOriginId") for origin in origins}


def balancer_of(account, arn):
    region = arn.split(":")[3]
    return elbv2_backends[account][region].load_balancers.get(arn)


def has_gateway(account, arn, vpc_id):
    ec2 = elbv2_backends[account][arn.split(":")[3]].ec2_backend
    return any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in ec2.internet_gateways.values())


def listener_port(backend, account, vpc_origin_id):
    """The loopback port of the listener that a VPC origin leads to; None without one."""
    entity = shelf(backend, KIND).get(vpc_origin_id)
    balancer = balancer_of(account, entity.config["Arn"]) if entity else None
    listeners = balancer.listeners.values() if balancer else []
    port = str(entity.config["HTTPPort"]) if entity else ""
    return next((one.sandbox_port for one in listeners if str(one.port) == port and hasattr(one, "sandbox_port")), None)
