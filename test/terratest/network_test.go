package terratest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkNetwork: two zones, each with a public and a private subnet. The public ones reach the internet by a gateway, the private ones by one NAT gateway.
func checkNetwork(t *testing.T, region aws.Config, outputs map[string]any) {
	client := ec2.NewFromConfig(region)
	inVPC := []types.Filter{{Name: aws.String("vpc-id"), Values: []string{outputs["vpc_id"].(string)}}}
	subnets, err := client.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{Filters: inVPC})
	require.NoError(t, err)
	tables, err := client.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: inVPC})
	require.NoError(t, err)
	require.Len(t, subnets.Subnets, 4)

	zones := map[string][]string{}
	for _, subnet := range subnets.Subnets {
		assert.False(t, *subnet.MapPublicIpOnLaunch, "a subnet gives out public addresses")
		zones[*subnet.AvailabilityZone] = append(zones[*subnet.AvailabilityZone], defaultRoute(tables.RouteTables, *subnet.SubnetId))
	}
	require.Len(t, zones, 2)
	for zone, routes := range zones {
		assert.ElementsMatch(t, []string{"internet gateway", "NAT gateway"}, routes, zone)
	}

	gateways, err := client.DescribeNatGateways(t.Context(), &ec2.DescribeNatGatewaysInput{Filter: inVPC})
	require.NoError(t, err)
	require.Len(t, gateways.NatGateways, 1)
	placed := defaultRoute(tables.RouteTables, *gateways.NatGateways[0].SubnetId)
	assert.Equal(t, "internet gateway", placed, "the NAT gateway is in a public subnet")

	endpoints, err := client.DescribeVpcEndpoints(t.Context(), &ec2.DescribeVpcEndpointsInput{Filters: inVPC})
	require.NoError(t, err)
	require.Len(t, endpoints.VpcEndpoints, 1, "only the endpoint that costs nothing")
	assert.Equal(t, types.VpcEndpointTypeGateway, endpoints.VpcEndpoints[0].VpcEndpointType)
}

// defaultRoute says where a subnet's traffic to the internet goes.
func defaultRoute(tables []types.RouteTable, subnet string) string {
	for _, table := range tables {
		for _, association := range table.Associations {
			if aws.ToString(association.SubnetId) != subnet {
				continue
			}
			for _, route := range table.Routes {
				switch {
				case aws.ToString(route.DestinationCidrBlock) != "0.0.0.0/0":
				case route.NatGatewayId != nil:
					return "NAT gateway"
				case route.GatewayId != nil:
					return "internet gateway"
				}
			}
		}
	}
	return "none"
}

// checkSecurityGroups: the world reaches the load balancer on port 80 only, only the load balancer reaches the instances, and the default group is closed.
func checkSecurityGroups(t *testing.T, region aws.Config, outputs map[string]any) {
	client := ec2.NewFromConfig(region)
	inVPC := []types.Filter{{Name: aws.String("vpc-id"), Values: []string{outputs["vpc_id"].(string)}}}
	found, err := client.DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{Filters: inVPC})
	require.NoError(t, err)
	groups := map[string]types.SecurityGroup{}
	for _, group := range found.SecurityGroups {
		groups[*group.GroupName] = group
	}
	require.Len(t, groups, 3)
	balancer, instances := groups["terratest-production-load-balancer"], groups["terratest-production-instances"]

	assert.Empty(t, groups["default"].IpPermissions, "the default group lets something in")
	assert.Empty(t, groups["default"].IpPermissionsEgress, "the default group lets something out")
	assert.Equal(t, []string{"80 from 0.0.0.0/0"}, rules(balancer.IpPermissions))
	assert.Equal(t, []string{"8000 from " + *instances.GroupId}, rules(balancer.IpPermissionsEgress))
	assert.Equal(t, []string{"8000 from " + *balancer.GroupId}, rules(instances.IpPermissions))
	assert.Equal(t, []string{"all from 0.0.0.0/0"}, rules(instances.IpPermissionsEgress))
}
