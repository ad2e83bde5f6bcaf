"""The record of calls, by which policies are tested."""

import boto3
from region import ENDPOINT, KEY, REGION, RegionTest, client, group, members, sandbox


class Calls(RegionTest):
    def recorded(self, action, key=KEY):
        """The parameters of the calls with this action, one for each set of them."""
        found = sandbox("GET", "/calls")["calls"]
        return [one["parameters"] for one in found if f"{one['service']}:{one['action']}" == action and one["key"] == key]

    def test_it_names_buckets_keys_and_prefixes(self):
        s3 = client("s3")
        s3.create_bucket(Bucket="noted", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="noted", Key="a/b.json", Body=b"a body")
        s3.list_objects_v2(Bucket="noted", Prefix="a/")
        s3.head_bucket(Bucket="noted")
        s3.delete_objects(Bucket="noted", Delete={"Objects": [{"Key": "a/b.json"}, {"Key": "a/&.json"}]})
        self.assertIn({"Bucket": ["noted"], "Key": ["a/b.json"]}, self.recorded("s3:PutObject"))
        self.assertIn({"Bucket": ["noted"], "Prefix": ["a/"]}, self.recorded("s3:ListBucket"))
        self.assertIn({"Bucket": ["noted"]}, self.recorded("s3:ListBucket"))
        self.assertIn({"Bucket": ["noted"], "Key": ["a/&.json", "a/b.json"]}, self.recorded("s3:DeleteObject"))

    def test_a_version_of_an_object_has_its_own_actions(self):
        s3 = client("s3")
        s3.create_bucket(Bucket="versioned", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
        one, other = (s3.put_object(Bucket="versioned", Key=key, Body=b"a body")["VersionId"] for key in ("a", "b"))
        s3.get_object(Bucket="versioned", Key="a", VersionId=one)
        s3.delete_object(Bucket="versioned", Key="a", VersionId=one)
        s3.delete_objects(Bucket="versioned", Delete={"Objects": [{"Key": "b", "VersionId": other}]})
        self.assertIn({"Bucket": ["versioned"], "Key": ["a"]}, self.recorded("s3:GetObjectVersion"))
        for key in ("a", "b"):
            self.assertIn({"Bucket": ["versioned"], "Key": [key]}, self.recorded("s3:DeleteObjectVersion"))

    def test_it_names_the_region(self):
        client("ec2", "eu-central-1").describe_vpcs()
        found = [one["region"] for one in sandbox("GET", "/calls")["calls"] if one["action"] == "DescribeVpcs"]
        self.assertIn("eu-central-1", found)

    def test_it_names_resources_and_holds_no_values(self):
        client("ssm").put_parameter(Name="/noted/pointer", Value="a secret", Type="SecureString", Tags=[{"Key": "a", "Value": "b"}])
        client("ssm").put_parameter(Name="/noted/pointer", Value="also a secret", Type="SecureString", Overwrite=True)
        self.assertIn({"Name": ["/noted/pointer"], "Tags": []}, self.recorded("ssm:PutParameter"))
        self.assertIn({"Name": ["/noted/pointer"]}, self.recorded("ssm:PutParameter"))
        client("secretsmanager").create_secret(Name="noted/TOKEN", SecretString="a secret", Tags=[{"Key": "a", "Value": "b"}])
        self.assertIn({"Name": ["noted/TOKEN"], "Tags": []}, self.recorded("secretsmanager:CreateSecret"))
        self.assertNotIn("a secret", str(sandbox("GET", "/calls")))

    def test_it_names_resources_in_lists_and_in_paths(self):
        alarm = {"Namespace": "a", "MetricName": "b", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1}
        client("cloudwatch").put_metric_alarm(AlarmName="noted", ComparisonOperator="GreaterThanThreshold", **alarm)
        client("cloudwatch").delete_alarms(AlarmNames=["noted"])
        zone = client("route53").create_hosted_zone(Name="noted.example", CallerReference="noted")["HostedZone"]["Id"]
        client("route53").list_resource_record_sets(HostedZoneId=zone)
        client("route53").list_tags_for_resources(ResourceType="healthcheck", ResourceIds=["one", "two"])
        self.assertIn({"AlarmName": ["noted"]}, self.recorded("cloudwatch:PutMetricAlarm"))
        self.assertIn({"AlarmNames": ["noted"]}, self.recorded("cloudwatch:DeleteAlarms"))
        self.assertIn({"Id": [zone.strip("/")]}, self.recorded("route53:ListResourceRecordSets"))
        self.assertIn({"Id": ["healthcheck/one", "healthcheck/two"]}, self.recorded("route53:ListTagsForResources"))

    def test_it_names_the_group_of_an_instance_that_is_ended(self):
        group("noted", low=1, high=1, Tags=[{"Key": "a", "Value": "b", "PropagateAtLaunch": True}])
        self.eventually(lambda: members("noted"))
        client("autoscaling").terminate_instance_in_auto_scaling_group(
            InstanceId=members("noted")[0], ShouldDecrementDesiredCapacity=False
        )
        self.assertIn({"AutoScalingGroupName": ["noted"]}, self.recorded("autoscaling:TerminateInstanceInAutoScalingGroup"))
        self.assertIn("Tags", self.recorded("autoscaling:CreateAutoScalingGroup")[-1])
        self.assertIn("LaunchTemplate", self.recorded("autoscaling:CreateAutoScalingGroup")[-1])

    def test_of_another_access_key_it_holds_the_actions_only(self):
        iam = client("iam")
        iam.create_user(UserName="robot")
        pair = iam.create_access_key(UserName="robot")["AccessKey"]
        key, secret = pair["AccessKeyId"], pair["SecretAccessKey"]
        ssm = boto3.client("ssm", REGION, endpoint_url=ENDPOINT, aws_access_key_id=key, aws_secret_access_key=secret)
        ssm.describe_parameters()
        ssm.get_parameters(Names=["/noted/pointer"])
        self.assertEqual(self.recorded("ssm:GetParameters", key), [{}])
