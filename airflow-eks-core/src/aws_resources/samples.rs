//! One resource of each kind, for tests.

use serde_json::{Value, json};

use super::{AwsKind, AwsObject, AwsResource, RESOURCE_TAG, STACK_TAG};
use crate::graph::AwsId;

/// A resource of a kind, with every field that it can have.
pub(crate) fn sample(kind: AwsKind) -> AwsResource {
    AwsResource::from_value(kind, fields(kind)).unwrap()
}

/// The same with its identity and the marks of a stack.
pub(crate) fn object(kind: AwsKind, name: &str) -> AwsObject {
    object_of(name, sample(kind))
}

/// A resource with its identity and the marks of a stack.
pub(crate) fn object_of(name: &str, body: AwsResource) -> AwsObject {
    let id = AwsId::new(body.kind(), name);
    let tags = [(STACK_TAG.to_owned(), "demo".to_owned()), (RESOURCE_TAG.to_owned(), id.tag())].into();
    AwsObject { id, tags, shared: false, body }
}

fn fields(kind: AwsKind) -> Value {
    match kind {
        AwsKind::Vpc => {
            json!({ "cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true, "enableDnsSupport": true, "defaultSecurityGroupClosed": true })
        }
        AwsKind::VpcCidrBlock => json!({ "vpcId": "vpc-1", "cidrBlock": "100.64.0.0/16" }),
        AwsKind::InternetGateway => json!({ "vpcId": "vpc-1" }),
        AwsKind::Subnet => json!({ "vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24",
            "availabilityZone": "eu-central-1a", "mapPublicIpOnLaunch": false }),
        AwsKind::ElasticIp => json!({ "domain": "vpc" }),
        AwsKind::NatGateway => json!({ "subnetId": "subnet-1", "allocationId": "eipalloc-1" }),
        AwsKind::RouteTable => json!({ "vpcId": "vpc-1", "subnetIds": ["subnet-1"],
            "routes": [{ "destinationCidrBlock": "0.0.0.0/0", "target": "nat-1" }] }),
        AwsKind::SecurityGroup => json!({ "vpcId": "vpc-1", "groupName": "nodes", "description": "Nodes" }),
        AwsKind::SecurityGroupRules => json!({ "groupId": "sg-1", "egress": [], "ingress": [{
            "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "peer": "sg-2", "description": "API" }] }),
        AwsKind::VpcEndpoint => json!({ "vpcId": "vpc-1", "serviceName": "com.amazonaws.eu-central-1.s3",
            "vpcEndpointType": "Gateway", "routeTableIds": ["rtb-1"], "subnetIds": [],
            "securityGroupIds": [], "privateDnsEnabled": false }),
        AwsKind::ServiceLinkedRole => {
            json!({ "awsServiceName": "spot.amazonaws.com", "roleName": "AWSServiceRoleForEC2Spot" })
        }
        AwsKind::Role => json!({ "roleName": "demo-nodes", "description": "Nodes",
            "assumeRolePolicyDocument": { "Statement": [{ "Effect": "Allow" }] },
            "managedPolicyArns": ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
            "inlinePolicies": { "logs": { "Statement": [] } },
            "permissionsBoundary": "arn:aws:iam::111122223333:policy/boundary" }),
        AwsKind::KmsKey => json!({ "aliasName": "alias/demo", "description": "Secrets",
            "enableKeyRotation": true, "policy": { "Statement": [] } }),
        AwsKind::LogGroup => json!({ "logGroupName": "/aws/eks/demo/cluster", "retentionInDays": 30 }),
        AwsKind::Cluster => json!({ "name": "demo", "version": "1.35", "roleArn": "arn:1",
            "subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"],
            "endpointPublicAccess": true, "endpointPrivateAccess": true,
            "publicAccessCidrs": ["0.0.0.0/0"], "logging": ["api", "audit"],
            "encryptionKeyArn": "arn:2", "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": true, "supportType": "STANDARD" }),
        AwsKind::ExistingCluster => json!({ "name": "shared" }),
        AwsKind::OidcProvider => {
            json!({ "url": "oidc.eks.eu-central-1.amazonaws.com/id/1", "clientIdList": ["sts.amazonaws.com"] })
        }
        AwsKind::AccessEntry => json!({ "clusterName": "demo", "principalArn": "arn:1", "type": "STANDARD",
            "accessPolicies": { "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy":
                { "namespaces": ["airflow"] } } }),
        AwsKind::PodIdentityAssociation => json!({ "clusterName": "demo", "namespace": "airflow",
            "serviceAccount": "airflow-worker", "roleArn": "arn:1" }),
        AwsKind::LaunchTemplate => json!({ "launchTemplateName": "demo", "deviceName": "/dev/xvda",
            "volumeSize": 100, "volumeType": "gp3", "encrypted": true, "httpTokens": "required",
            "httpPutResponseHopLimit": 1, "monitoring": true, "securityGroupIds": ["sg-1"],
            "keyName": "ssh", "tagSpecifications": { "instance": { "team": "data" } } }),
        AwsKind::NodeGroup => json!({ "clusterName": "demo", "nodegroupName": "core", "version": "1.35",
            "nodeRole": "arn:1", "subnets": ["subnet-1"], "instanceTypes": ["m7i.large", "m7g.large"],
            "amiType": "AL2023_x86_64_STANDARD", "capacityType": "ON_DEMAND", "minSize": 1, "maxSize": 9,
            "desiredSize": 3, "maxUnavailablePercentage": 33,
            "labels": { "topology.example.com/pool": "core" },
            "taints": [{ "key": "a", "value": "", "effect": "NO_SCHEDULE" }],
            "launchTemplateId": "lt-1", "launchTemplateVersion": "1" }),
        AwsKind::FargateProfile => json!({ "clusterName": "demo", "fargateProfileName": "airflow",
            "podExecutionRoleArn": "arn:1", "subnets": ["subnet-1"],
            "selectors": [{ "namespace": "airflow", "labels": { "a": "b" } }] }),
        AwsKind::Addon => json!({ "clusterName": "demo", "addonName": "vpc-cni", "addonVersion": "v1",
            "serviceAccountRoleArn": "arn:1", "configurationValues": { "env": { "A": "1" } } }),
        AwsKind::Queue => json!({ "queueName": "demo", "messageRetentionPeriod": 300,
            "sqsManagedSseEnabled": true, "policy": { "Statement": [] } }),
        AwsKind::EventRule => json!({ "name": "demo", "description": "Spot",
            "eventPattern": { "source": ["aws.ec2"] }, "targets": { "queue": "arn:1" } }),
        AwsKind::Secret => {
            json!({ "name": "demo/airflow/fernet-key", "description": "Fernet", "generated": "airflow/fernet-key" })
        }
        AwsKind::DbSubnetGroup => json!({ "dbSubnetGroupName": "demo",
            "dbSubnetGroupDescription": "Database", "subnetIds": ["subnet-1", "subnet-2"] }),
        AwsKind::DbParameterGroup => json!({ "dbParameterGroupName": "demo",
            "dbParameterGroupFamily": "postgres17", "description": "Database",
            "parameters": { "log_statement": "ddl" } }),
        AwsKind::DbInstance => json!({ "dbInstanceIdentifier": "demo", "dbName": "airflow",
            "engine": "postgres", "engineVersion": "17", "dbInstanceClass": "db.t4g.large",
            "allocatedStorage": 20, "maxAllocatedStorage": 100, "storageType": "gp3",
            "storageEncrypted": true, "multiAZ": true, "dbSubnetGroupName": "demo",
            "vpcSecurityGroupIds": ["sg-1"], "dbParameterGroupName": "demo", "publiclyAccessible": false,
            "masterUsername": "airflow", "masterUserPasswordSecret": "demo/database/password",
            "backupRetentionPeriod": 7, "deletionProtection": true, "autoMinorVersionUpgrade": true,
            "copyTagsToSnapshot": true, "enablePerformanceInsights": true, "monitoringInterval": 60,
            "monitoringRoleArn": "arn:1", "enableCloudwatchLogsExports": ["postgresql"] }),
        AwsKind::FileSystem => json!({ "creationToken": "demo-dags", "encrypted": true,
            "performanceMode": "generalPurpose", "throughputMode": "elastic", "backup": true }),
        AwsKind::MountTarget => {
            json!({ "fileSystemId": "fs-1", "subnetId": "subnet-1", "securityGroups": ["sg-1"] })
        }
        AwsKind::Bucket => json!({ "bucket": "demo-logs", "publicAccessBlocked": true,
            "objectOwnership": "BucketOwnerEnforced", "sseAlgorithm": "AES256", "versioning": true,
            "policy": { "Statement": [] }, "expirePrefix": "logs/", "expireAfterDays": 90 }),
        AwsKind::PrometheusWorkspace => json!({ "alias": "demo" }),
    }
}
