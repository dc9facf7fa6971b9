//! Changing each field that may be changed plans exactly that change; applying it converges, and so does going back.

use crate::support::Place;

/// Values that are set, and what they are to change.
type Row = (&'static [&'static str], &'static [&'static str]);

const DEFAULT: &str = "self-managed-airflow";

/// Plans each row on its own. Then applies all of them together, which also shows that several changes of one resource do
/// not get into each other's way, and goes back: both leave nothing to be changed.
fn there_and_back(preset: &str, base: &[&str], rows: &[Row]) {
    let place = applied(preset, base);
    each_plans_exactly(&place, base, rows);
    let all: Vec<&str> = rows.iter().flat_map(|(sets, _)| *sets).copied().collect();
    let all = [base, &all].concat();
    converges(&place, &all, &["--delete-data"]);
    converges(&place, base, &["--delete-data"]);
}

/// Applies each row on its own, and the base in between.
fn one_by_one(preset: &str, base: &[&str], rows: &[Row]) {
    let place = applied(preset, base);
    each_plans_exactly(&place, base, rows);
    for (sets, _) in rows {
        converges(&place, &[base, sets].concat(), &["--delete-data"]);
        converges(&place, base, &["--delete-data"]);
    }
}

fn applied(preset: &str, base: &[&str]) -> Place {
    let place = Place::new();
    place.preset(preset);
    others(&place);
    converges(&place, base, &[]);
    place
}

/// What stacks name and do not make.
fn others(place: &Place) {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let limit = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    place.aws_cli(&["iam", "create-role", "--role-name", "ops", "--assume-role-policy-document", trust]);
    place.aws_cli(&["iam", "create-policy", "--policy-name", "limit", "--policy-document", limit]);
    place.aws_cli(&["ec2", "create-key-pair", "--key-name", "ops"]);
}

fn arguments(place: &Place, sets: &[&str]) -> Vec<String> {
    let sets = sets.iter().map(|set| set.replace("{account}", &place.account));
    sets.flat_map(|set| ["--set".to_owned(), set]).collect()
}

/// Applies, and finds nothing left to be changed.
#[track_caller]
fn converges(place: &Place, sets: &[&str], more: &[&str]) {
    let sets = arguments(place, sets);
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    place.run(&[&["apply", "--only", "aws", "--yes"], more, &sets].concat()).ok();
    assert_eq!(place.planned(&sets), [""; 0], "after {sets:?}");
}

#[track_caller]
fn each_plans_exactly(place: &Place, base: &[&str], rows: &[Row]) {
    for (sets, expected) in rows {
        let expected: Vec<String> =
            expected.iter().map(|line| line.replace("{account}", &place.account)).collect();
        assert_eq!(changes(place, &[base, sets].concat()), expected, "{sets:?}");
    }
}

/// What would be changed. All that there is to say of something new is that it is new.
fn changes(place: &Place, sets: &[&str]) -> Vec<String> {
    let sets = arguments(place, sets);
    let planned = place.planned(&sets.iter().map(String::as_str).collect::<Vec<_>>());
    let short = |line: String| match line.find(": create ") {
        Some(end) => line[..end + ": create".len()].to_owned(),
        None => line,
    };
    planned.into_iter().map(short).collect()
}

/// Why a change would not be made.
fn blocked(place: &Place, resource: &str, sets: &[&str]) -> String {
    let sets = arguments(place, sets);
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let plan = place.json(&[&["plan"], sets.as_slice()].concat());
    let step = plan["steps"].as_array().unwrap().iter().find(|step| step["resource"] == resource);
    step.unwrap()["reason"].as_str().unwrap().to_owned()
}

#[test]
fn the_cluster() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["cluster.logging=[api]"], &["Cluster cluster: update logging"]),
            (&["cluster.logRetentionDays=30"], &["LogGroup cluster: update retentionInDays"]),
            (
                &[
                    "cluster.endpointAccess.public=true",
                    "cluster.endpointAccess.publicCidrs=[203.0.113.0/24]",
                ],
                &["Cluster cluster: update endpointPublicAccess publicAccessCidrs"],
            ),
            (&["cluster.supportType=extended"], &["Cluster cluster: update supportType"]),
            (
                &[
                    "cluster.accessEntries=[{principalArn: arn:aws:iam::{account}:role/ops, policy: cluster-admin}]",
                ],
                &["AccessEntry arn:aws:iam::{account}:role/ops: create"],
            ),
        ],
    );
}

#[test]
fn who_may_enter_the_cluster() {
    one_by_one(
        "minimal",
        &["cluster.accessEntries=[{principalArn: arn:aws:iam::{account}:role/ops, policy: view}]"],
        &[
            (
                &["cluster.accessEntries[0].policy=edit"],
                &["AccessEntry arn:aws:iam::{account}:role/ops: update \
                   accessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy.namespaces \
                   accessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"],
            ),
            (
                &["cluster.accessEntries[0].namespaces=[airflow]"],
                &["AccessEntry arn:aws:iam::{account}:role/ops: update \
                   accessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy.namespaces"],
            ),
            (&["cluster.accessEntries=[]"], &["AccessEntry arn:aws:iam::{account}:role/ops: delete"]),
        ],
    );
}

#[test]
fn versions_go_up_and_never_down() {
    const CLUSTER: &str = "cluster.version=\"1.35\"";
    const DATABASE: &str = "database.version=\"17\"";
    let old = &["cluster.version=\"1.34\"", "database.version=\"16\""];
    let place = applied("minimal", old);
    each_plans_exactly(
        &place,
        old,
        &[
            (&[CLUSTER], &["Cluster cluster: update version", "NodeGroup core: update version"]),
            (
                &[DATABASE],
                &[
                    "DbParameterGroup postgres17: create",
                    "DbInstance database: update dbParameterGroupName engineVersion",
                    "DbParameterGroup postgres16: delete",
                ],
            ),
        ],
    );
    converges(&place, &[CLUSTER, DATABASE], &[]);
    for (resource, set) in [("Cluster cluster", old[0]), ("DbInstance database", old[1])] {
        let why = blocked(&place, resource, &[set]);
        assert!(why.contains("cannot go back to an earlier version"), "{why}");
    }
}

#[test]
fn settings_of_nodes() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["nodeGroups[0].minSize=2"], &["NodeGroup core: update minSize"]),
            (&["nodeGroups[0].maxSize=9"], &["NodeGroup core: update maxSize"]),
            // How many there are is the autoscaler's to say.
            (&["nodeGroups[0].desiredSize=4"], &[]),
            (&["nodeGroups[0].labels.team=data"], &["NodeGroup core: update labels.team"]),
            (
                &["nodeGroups[0].taints=[{key: dedicated, value: airflow, effect: NoSchedule}]"],
                &["NodeGroup core: update taints"],
            ),
            (
                &["nodeGroups[0].maxUnavailablePercentage=50"],
                &["NodeGroup core: update maxUnavailablePercentage"],
            ),
            (
                &["nodeGroups[0].diskSizeGib=150"],
                &["LaunchTemplate core: update volumeSize", "NodeGroup core: update launchTemplateVersion"],
            ),
            (
                &["nodeGroups[0].keyPair=ops"],
                &["LaunchTemplate core: update keyName", "NodeGroup core: update launchTemplateVersion"],
            ),
        ],
    );
}

#[test]
fn other_nodes() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["nodeGroups[0].instanceTypes=[m6i.2xlarge]"], &["NodeGroup core: replace instanceTypes"]),
            (&["nodeGroups[0].capacityType=spot"], &["NodeGroup core: replace capacityType"]),
            (
                &["nodeGroups[0].amiFamily=bottlerocket"],
                &[
                    "LaunchTemplate core: update deviceName",
                    "NodeGroup core: replace amiType launchTemplateVersion",
                ],
            ),
            (
                &["nodeGroups[1]={name: extra, instanceTypes: [m6i.large]}"],
                &["LaunchTemplate extra: create", "NodeGroup extra: create"],
            ),
            (
                &["fargateProfiles=[{name: jobs, selectors: [{namespace: jobs}]}]"],
                &[
                    "Role fargate-pod-execution: create",
                    "SecurityGroupRules node: update ingress",
                    "FargateProfile jobs: create",
                ],
            ),
        ],
    );
}

#[test]
fn what_runs_on_fargate() {
    there_and_back(
        "fargate",
        &[],
        &[
            (
                &["fargateProfiles[1].selectors[1]={namespace: jobs}"],
                &["FargateProfile airflow: replace selectors"],
            ),
            (
                &["fargateProfiles[2]={name: others, selectors: [{namespace: others}]}"],
                &["FargateProfile others: create"],
            ),
        ],
    );
}

#[test]
fn add_ons() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["addons.coredns.values={replicaCount: 3}"], &["Addon coredns: update configurationValues"]),
            (
                &["addons.ebsCsiDriver.values={controller: {replicaCount: 3}}"],
                &["Addon aws-ebs-csi-driver: update configurationValues"],
            ),
            (&["addons.metricsServer.enabled=false"], &["Addon metrics-server: delete"]),
            (&["addons.podIdentityAgent.enabled=true"], &["Addon eks-pod-identity-agent: create"]),
            (&["addons.clusterAutoscaler.enabled=false"], &["Role cluster-autoscaler: delete"]),
        ],
    );
}

#[test]
fn the_database() {
    let place = applied(DEFAULT, &[]);
    let rows: &[Row] = &[
        (&["database.instanceClass=db.t4g.xlarge"], &["DbInstance database: update dbInstanceClass"]),
        (&["database.maxStorageGib=200"], &["DbInstance database: update maxAllocatedStorage"]),
        (&["database.backupRetentionDays=14"], &["DbInstance database: update backupRetentionPeriod"]),
        (&["database.deletionProtection=false"], &["DbInstance database: update deletionProtection"]),
        (&["database.multiAz=false"], &["DbInstance database: update multiAZ"]),
        (&["database.performanceInsights=false"], &["DbInstance database: update enablePerformanceInsights"]),
        (&["database.storageGib=40"], &["DbInstance database: update allocatedStorage"]),
    ];
    each_plans_exactly(&place, &[], rows);
    let all: Vec<&str> = rows.iter().flat_map(|(sets, _)| *sets).copied().collect();
    converges(&place, &all, &[]);
    // Disks never shrink, and one that has grown by itself does for what is asked.
    converges(&place, &[], &[]);
}

#[test]
fn what_holds_data() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["fileSystem.throughputMode=bursting"], &["FileSystem dags: update throughputMode"]),
            (&["fileSystem.backup=false"], &["FileSystem dags: update backup"]),
            (&["logBucket.expireAfterDays=30"], &["Bucket logs: update expireAfterDays"]),
            (&["logBucket.versioning=true"], &["Bucket logs: update versioning"]),
            (
                &["logBucket.prefix=other"],
                &[
                    "Role airflow-api-server: update inlinePolicies.task-logs",
                    "Role airflow-scheduler: update inlinePolicies.task-logs",
                    "Role airflow-triggerer: update inlinePolicies.task-logs",
                    "Role airflow-worker: update inlinePolicies.task-logs",
                    "Bucket logs: update expirePrefix",
                ],
            ),
            (
                &["observability.logRetentionDays=90"],
                &[
                    "LogGroup containers: update retentionInDays",
                    "LogGroup database-postgresql: update retentionInDays",
                    "LogGroup database-upgrade: update retentionInDays",
                ],
            ),
        ],
    );
}

#[test]
fn the_network() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (
                &["network.interfaceEndpoints=[ecr-api, ecr-dkr]"],
                &[
                    "SecurityGroup endpoints: create",
                    "VpcEndpoint ecr.api: create",
                    "VpcEndpoint ecr.dkr: create",
                    "SecurityGroupRules endpoints: create",
                ],
            ),
            (&["network.s3GatewayEndpoint=false"], &["VpcEndpoint s3: delete"]),
            (
                &["network.natGateways=single"],
                &[
                    "RouteTable private-us-west-2b: update routes",
                    "NatGateway us-west-2b: delete",
                    "ElasticIp us-west-2b: delete",
                ],
            ),
        ],
    );
}

#[test]
fn what_pods_may_do() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (
                &[
                    "identities.policies={airflow-worker: [\"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\"]}",
                ],
                &["Role airflow-worker: update managedPolicyArns"],
            ),
            (
                &["spark={enabled: true, teams: [{name: spark-team-a}]}"],
                &["Role spark-history: create", "Role spark-team-a: create"],
            ),
            (&["secrets=external-secrets"], &["Role airflow-secrets: create"]),
        ],
    );
}

/// A boundary that is taken away again, and a role that an add-on no longer has: what is left out is to go.
#[test]
fn how_pods_become_roles() {
    let place = applied(DEFAULT, &[]);
    let boundary = &["identities.permissionsBoundary=arn:aws:iam::{account}:policy/limit"];
    let planned = changes(&place, boundary);
    assert!(planned.len() >= 15, "{planned:#?}");
    assert!(
        planned
            .iter()
            .all(|line| line.starts_with("Role ") && line.ends_with(": update permissionsBoundary"))
    );
    converges(&place, boundary, &[]);
    let back = changes(&place, &[]);
    assert_eq!(back, planned, "the boundary goes");
    converges(&place, &[], &[]);

    let pod_identity = &["identities.provider=pod-identity"];
    let planned = changes(&place, pod_identity);
    for line in [
        "Role airflow-worker: update assumeRolePolicyDocument",
        "Addon aws-ebs-csi-driver: update serviceAccountRoleArn",
        "PodIdentityAssociation airflow/airflow-worker: create",
        "Addon eks-pod-identity-agent: create",
        "OidcProvider cluster: delete",
    ] {
        assert!(planned.iter().any(|planned| planned == line), "{line} is not in {planned:#?}");
    }
    converges(&place, pod_identity, &[]);
    converges(&place, &[], &[]);
}

#[test]
fn another_major_version_of_airflow() {
    let place = applied(DEFAULT, &[]);
    let two = &[
        "airflow.version=2.11.0",
        "airflow.apiServer=",
        "airflow.webserver={replicas: 2}",
        "airflow.dags.gitSync.reference=2.11.0",
    ];
    let expected: &[&str] = &[
        "Role airflow-webserver: create",
        "Secret airflow/webserver-secret-key: create",
        "Secret airflow/api-secret-key: blocked",
        "Secret airflow/jwt-secret: blocked",
        "Role airflow-api-server: delete",
        "Role airflow-dag-processor: delete",
    ];
    each_plans_exactly(&place, &[], &[(two, expected)]);
    converges(&place, two, &["--delete-data"]);
    converges(&place, &[], &["--delete-data"]);
}

#[test]
fn tags() {
    let place = applied("minimal", &["tags.team=data"]);
    let planned = changes(&place, &["tags.team=ops"]);
    assert!(planned.len() > 40, "{planned:#?}");
    for line in &planned {
        let more = match line.split_once(": ").unwrap().0 {
            "LaunchTemplate core" => {
                "tagSpecifications.instance.team tagSpecifications.network-interface.team tagSpecifications.volume.team "
            }
            "NodeGroup core" => "launchTemplateVersion ",
            _ => "",
        };
        assert!(line.ends_with(&format!(": update {more}tags.team")), "{line}");
    }
    converges(&place, &["tags.team=ops"], &[]);
    converges(&place, &["tags.team=data"], &[]);
}

#[test]
fn what_cannot_be_changed_is_blocked_and_told_why() {
    let place = applied(DEFAULT, &[]);
    let rows: &[(&str, &str, &str)] = &[
        ("network.vpcCidr=10.1.0.0/16", "Vpc vpc", "everything in the VPC would have to be made again"),
        (
            "network.secondaryCidr=100.65.0.0/16",
            "Subnet data-plane-us-west-2a",
            "everything in the subnet would have to be made again",
        ),
        (
            "network.zoneCount=3",
            "Subnet data-plane-us-west-2a",
            "everything in the subnet would have to be made again",
        ),
        (
            "cluster.secretsEncryption=false",
            "Cluster cluster",
            "EKS cannot change the key, or stop encrypting",
        ),
        ("cluster.version=\"1.34\"", "Cluster cluster", "cannot go back to an earlier version"),
        ("cluster.logging=[]", "LogGroup cluster", "would lose the logs in it"),
        (
            "addons.amazonManagedPrometheus.enabled=false",
            "PrometheusWorkspace metrics",
            "would lose the metrics in it",
        ),
    ];
    place.aws.clear_requests(&place.account).unwrap();
    for (set, resource, why) in rows {
        let told = blocked(&place, resource, &[set]);
        assert!(told.contains(why), "{set}: {told}");
        let ran = place.run(&["apply", "--only", "aws", "--yes", "--set", set]);
        assert_ne!(ran.code, 0, "{set}");
        assert!(ran.stderr.contains(why) || ran.stderr.contains("nothing was changed"), "{}", ran.stderr);
    }
    assert_eq!(place.mutations(), [""; 0], "nothing of it was begun");
}
