package terratest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkLoadBalancer: one listener on port 80 that sends all requests to blue, where two instances are healthy. Green is in the listener, without traffic.
func checkLoadBalancer(t *testing.T, region aws.Config, outputs map[string]any) {
	client := elb.NewFromConfig(region)
	balancer := outputs["load_balancer_arn"].(string)
	listeners, err := client.DescribeListeners(t.Context(), &elb.DescribeListenersInput{LoadBalancerArn: &balancer})
	require.NoError(t, err)
	require.Len(t, listeners.Listeners, 1)
	listener := listeners.Listeners[0]
	assert.Equal(t, types.ProtocolEnumHttp, listener.Protocol)
	assert.EqualValues(t, 80, *listener.Port)
	require.Len(t, listener.DefaultActions, 1)
	colours := outputs["target_group_arns"].(map[string]any)
	weights := map[string]int32{}
	for _, group := range listener.DefaultActions[0].ForwardConfig.TargetGroups {
		weights[*group.TargetGroupArn] = *group.Weight
	}
	blue, green := colours["blue"].(string), colours["green"].(string)
	assert.Equal(t, map[string]int32{blue: 100, green: 0}, weights)

	groups, err := client.DescribeTargetGroups(t.Context(), &elb.DescribeTargetGroupsInput{LoadBalancerArn: &balancer})
	require.NoError(t, err)
	require.Len(t, groups.TargetGroups, 2)
	for _, group := range groups.TargetGroups {
		assert.EqualValues(t, 8000, *group.Port)
		assert.Equal(t, "/healthz", *group.HealthCheckPath)
		assert.EqualValues(t, 5, *group.HealthCheckIntervalSeconds)
	}
	assert.Equal(t, []string{"healthy", "healthy"}, healthOf(t, client, blue))
	assert.Empty(t, healthOf(t, client, green), "green has instances")
}

func healthOf(t *testing.T, client *elb.Client, group string) []string {
	t.Helper()
	found, err := client.DescribeTargetHealth(t.Context(), &elb.DescribeTargetHealthInput{TargetGroupArn: &group})
	require.NoError(t, err)
	states := make([]string, 0, len(found.TargetHealthDescriptions))
	for _, target := range found.TargetHealthDescriptions {
		states = append(states, string(target.TargetHealth.State))
	}
	return states
}

// checkGone: the network and the load balancer do not exist any more.
func checkGone(t *testing.T, region aws.Config, outputs map[string]any) {
	vpcs, err := ec2.NewFromConfig(region).DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{
		Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{outputs["vpc_id"].(string)}}},
	})
	require.NoError(t, err)
	assert.Empty(t, vpcs.Vpcs)
	balancers, err := elb.NewFromConfig(region).DescribeLoadBalancers(t.Context(), &elb.DescribeLoadBalancersInput{})
	require.NoError(t, err)
	assert.Empty(t, balancers.LoadBalancers)
}

// rules are "PORT from RANGE or GROUP", sorted.
func rules(permissions []ec2types.IpPermission) []string {
	var texts []string
	for _, permission := range permissions {
		port := "all"
		if *permission.IpProtocol != "-1" {
			port = fmt.Sprint(*permission.FromPort)
			if *permission.FromPort != *permission.ToPort {
				port += fmt.Sprint(" to ", *permission.ToPort)
			}
		}
		for _, source := range permission.IpRanges {
			texts = append(texts, port+" from "+*source.CidrIp)
		}
		for _, source := range permission.UserIdGroupPairs {
			texts = append(texts, port+" from "+*source.GroupId)
		}
	}
	slices.Sort(texts)
	return texts
}
