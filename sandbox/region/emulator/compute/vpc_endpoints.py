"""EC2: the route tables of a gateway endpoint that is changed."""

from moto.ec2.models.vpcs import VPCBackend

from emulator.patching import patches


@patches(VPCBackend, "modify_vpc_endpoint")
def modify_vpc_endpoint(moto, backend, vpc_id, **changes):
    """A gateway endpoint has a route in each of its tables (ModifyVpcEndpoint; PrivateLink guide, "Gateway endpoints": routing). moto
    makes them at its creation only, and then fails to delete the endpoint. `vpc_id` is the endpoint's id.
    """
    endpoint = backend.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])[0]
    before = set(endpoint.route_table_ids or ())
    moto(vpc_id, **changes)
    prefixes = endpoint.destination_prefix_list_id
    if not prefixes:
        return
    after = set(endpoint.route_table_ids)
    for table in after - before:
        backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)
    for table in before - after:
        backend.delete_route(table, prefixes)
