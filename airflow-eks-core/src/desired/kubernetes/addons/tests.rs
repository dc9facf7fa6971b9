//! What each add-on is told, in either way of giving pods their roles.

use serde_json::{Value, json};

use crate::desired;
use crate::facts::Facts;
use crate::graph::{ChartSource, Graph, HelmRelease, ObjectId, ReleaseId, ResourceId};
use crate::parse::Document;
use crate::spec::{AddonDelivery, AddonKind};

const ALL: &str = "addons: {keda: {enabled: true}}\nsecrets: external-secrets\n\
                   spark: {enabled: true, teams: [{name: spark-team-a}, {name: spark-team-b}]}\n";

fn graph(more: &str) -> Graph {
    let text = format!("name: demo\nregion: eu-central-1\nnodeGroups: [{{name: core}}]\n{more}");
    let stack = Document::parse(&text, "stack.yaml").and_then(|document| document.stack(&Facts::unknown()));
    desired(&stack.unwrap_or_else(|problems| panic!("{problems}")))
}

fn release<'a>(graph: &'a Graph, name: &str) -> &'a HelmRelease {
    graph.helm().find(|release| release.id.name == name).unwrap_or_else(|| panic!("no release {name}"))
}

fn values(graph: &Graph, name: &str) -> Value {
    release(graph, name).resolved(&|late| format!("<{late}>"))
}

fn needs(graph: &Graph, id: impl Into<ResourceId>) -> Vec<String> {
    let id = id.into();
    let resource = graph.get(&id).unwrap_or_else(|| panic!("no {id}"));
    resource.depends_on.iter().map(ToString::to_string).collect()
}

fn helm(namespace: &str, name: &str) -> ReleaseId {
    ReleaseId::new(namespace, name)
}

/// Where each chart that reaches AWS has its service account.
const ACCOUNTS: &[(&str, &str, &str, &str)] = &[
    ("karpenter", "/serviceAccount", "karpenter", "karpenter"),
    ("cluster-autoscaler", "/rbac/serviceAccount", "cluster-autoscaler-sa", "cluster-autoscaler"),
    ("aws-load-balancer-controller", "/serviceAccount", "aws-load-balancer-controller-sa", "load-balancer"),
    (
        "kube-prometheus-stack",
        "/prometheus/serviceAccount",
        "amp-iamproxy-ingest-service-account",
        "amp-ingest",
    ),
    ("aws-cloudwatch-metrics", "/serviceAccount", "aws-cloudwatch-metrics", "cloudwatch-metrics"),
    ("aws-for-fluent-bit", "/serviceAccount", "aws-for-fluent-bit-sa", "fluent-bit"),
];

#[test]
fn service_accounts_are_tied_to_their_roles_by_annotation_or_by_association() {
    let irsa = graph("");
    let pod_identity = graph("identities: {provider: pod-identity}\n");
    for (name, pointer, account, role) in ACCOUNTS {
        let arn = format!("arn:aws:iam::<account.id>:role/demo-eu-central-1-{role}");
        assert_eq!(
            values(&irsa, name).pointer(pointer),
            Some(
                &json!({ "create": true, "name": account, "annotations": { "eks.amazonaws.com/role-arn": arn } })
            ),
            "{name}"
        );
        assert_eq!(
            values(&pod_identity, name).pointer(pointer),
            Some(&json!({ "create": true, "name": account })),
            "{name}"
        );
    }
    let accounts = values(&pod_identity, "kube-prometheus-stack");
    assert_eq!(accounts["grafana"]["serviceAccount"]["name"], "amp-iamproxy-ingest-service-account");
}

/// Every role of a chart's has the service account and the namespace of its release.
#[test]
fn a_release_lies_where_its_role_is_for() {
    use crate::desired::names::addon_account;
    let stack = format!("name: demo\nregion: eu-central-1\nnodeGroups: [{{name: core}}]\n{ALL}");
    let stack = Document::parse(&stack, "stack.yaml").unwrap().stack(&Facts::unknown()).unwrap();
    for addon in super::Addons::of(&stack).releases {
        if let Some(account) = addon_account(addon.kind) {
            assert_eq!(addon.release.id.namespace, account.namespace, "{}", addon.release.id);
        }
    }
}

/// Turning one on adds its releases, and nothing else of Helm's.
#[test]
fn what_is_off_is_not_rendered() {
    let charts = AddonKind::ALL.iter().filter(|kind| kind.delivery() == AddonDelivery::Chart);
    let charts: Vec<&str> = charts.map(|kind| kind.key()).collect();
    let releases = |on: Option<&str>| -> Vec<String> {
        let switches = charts.iter().map(|key| format!("{key}: {{enabled: {}}}", on == Some(key)));
        let switches: Vec<String> = switches.collect();
        let spark = if on == Some("sparkHistoryServer") { "addons" } else { "off" };
        let more = format!(
            "addons: {{amazonManagedPrometheus: {{enabled: false}}, {}}}\nairflow: {{ingress: {{enabled: false}}}}\n",
            switches.join(", ")
        );
        // A history server needs a team, and teams need the operator.
        let more = match spark {
            "addons" => {
                more.replace("sparkOperator: {enabled: false}", "sparkOperator: {enabled: true}")
                    + "spark: {enabled: true, teams: [{name: a}]}\n"
            }
            _ => more,
        };
        graph(&more).helm().map(|release| release.id.name.clone()).collect()
    };
    assert_eq!(releases(None), Vec::<String>::new());
    for key in &charts {
        let expected: &[&str] = match *key {
            "awsForFluentBit" => &["aws-for-fluent-bit"],
            "awsLoadBalancerController" => &["aws-load-balancer-controller"],
            "cloudwatchMetrics" => &["aws-cloudwatch-metrics"],
            "clusterAutoscaler" => &["cluster-autoscaler"],
            "clusterProportionalAutoscaler" => &["cluster-proportional-autoscaler"],
            "externalSecrets" => &["external-secrets"],
            "karpenter" => &["karpenter-crd", "karpenter"],
            "keda" => &["keda"],
            "kubePrometheusStack" => &["kube-prometheus-stack"],
            "kubecost" => &["kubecost"],
            "sparkHistoryServer" => &["spark-history-a", "spark-operator"],
            "sparkOperator" => &["spark-operator"],
            other => panic!("{other} is in no list"),
        };
        let mut found = releases(Some(key));
        found.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{key}");
    }
}

#[test]
fn values_of_the_user_win() {
    let graph = graph(
        "addons:\n  karpenter:\n    version: 1.13.0\n    values:\n      replicas: 1\n      logLevel: debug\n      settings: {interruptionQueue: other}\n\
         \x20     affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}\n",
    );
    let values = values(&graph, "karpenter");
    assert_eq!(values["replicas"], 1);
    assert_eq!(values["logLevel"], "debug");
    assert_eq!(values["settings"]["interruptionQueue"], "other");
    assert_eq!(values["settings"]["clusterName"], "demo");
    let terms = "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    assert_eq!(values.pointer(terms), Some(&json!([])));
    for name in ["karpenter", "karpenter-crd"] {
        assert_eq!(release(&graph, name).chart.version.as_deref(), Some("1.13.0"), "{name}");
    }
    assert!(release(&graph, "karpenter").skip_crds);
}

#[test]
fn a_chart_comes_from_where_the_stack_says() {
    let source = |chart: &str, name: &str| {
        release(&graph(&format!("addons: {{karpenter: {chart}}}\n")), name).chart.clone()
    };
    let oci = "{version: 1.14.0, chart: {oci: 'oci://registry.example.com/karpenter/karpenter'}}";
    assert_eq!(
        source(oci, "karpenter-crd").source,
        ChartSource::Oci("oci://registry.example.com/karpenter/karpenter-crd".to_owned())
    );
    let repository = "{version: 1.14.0, chart: {repository: 'https://charts.example.com'}}";
    let expected = |chart: &str| ChartSource::Repository {
        url: "https://charts.example.com".to_owned(),
        chart: chart.to_owned(),
    };
    assert_eq!(source(repository, "karpenter").source, expected("karpenter"));
    assert_eq!(source(repository, "karpenter-crd").source, expected("karpenter-crd"));
    let path = source("{chart: {path: charts/karpenter}}", "karpenter");
    assert_eq!((path.source, path.version), (ChartSource::Path("charts/karpenter".to_owned()), None));
    let own = graph("");
    assert!(own.helm().all(|release| release.chart.version.is_some()));
}

#[test]
fn what_only_aws_can_tell_is_late() {
    let graph = graph("");
    assert_eq!(values(&graph, "karpenter")["settings"]["clusterEndpoint"], "<cluster.endpoint>");
    assert_eq!(values(&graph, "aws-load-balancer-controller")["vpcId"], "<vpc/vpc#id>");
    let write = &values(&graph, "kube-prometheus-stack")["prometheus"]["prometheusSpec"]["remoteWrite"][0];
    assert_eq!(write["url"], "<prometheus.endpoint>api/v1/remote_write");
    assert_eq!(write["sigv4"]["region"], "eu-central-1");
    let needed = needs(&graph, helm("kube-prometheus-stack", "kube-prometheus-stack"));
    assert!(needed.contains(&"PrometheusWorkspace metrics".to_owned()), "{needed:?}");
}

/// No secret stands in any value: Helm would keep it in its release.
#[test]
fn no_release_holds_a_secret() {
    for more in ["", ALL] {
        for release in graph(more).helm() {
            let late = release.late_values();
            assert!(!late.iter().any(|late| matches!(late, crate::graph::Late::Secret(_))), "{}", release.id);
        }
    }
}

#[test]
fn what_a_chart_defines_waits_for_it() {
    let graph = graph(&format!("{ALL}karpenterNodePools: [{{name: general}}]\n"));
    let object = |group: &str, kind: &str, namespace: Option<&str>, name: &str| {
        needs(&graph, ObjectId::new(group, kind, namespace, name))
    };
    let karpenter =
        ["HelmRelease karpenter/karpenter", "HelmRelease karpenter/karpenter-crd"].map(str::to_owned);
    for pool in [
        object("karpenter.sh", "NodePool", None, "general"),
        object("karpenter.k8s.aws", "EC2NodeClass", None, "general"),
    ] {
        assert!(karpenter.iter().all(|release| pool.contains(release)), "{pool:?}");
    }
    let store = object("external-secrets.io", "SecretStore", Some("airflow"), "airflow-secrets");
    assert!(store.contains(&"HelmRelease external-secrets/external-secrets".to_owned()), "{store:?}");
    let monitor = object("monitoring.coreos.com", "ServiceMonitor", Some("airflow"), "airflow-statsd");
    assert!(
        monitor.contains(&"HelmRelease kube-prometheus-stack/kube-prometheus-stack".to_owned()),
        "{monitor:?}"
    );
    let ingress = object("networking.k8s.io", "Ingress", Some("airflow"), "airflow-ingress");
    assert!(
        ingress.contains(&"HelmRelease kube-system/aws-load-balancer-controller".to_owned()),
        "{ingress:?}"
    );
    let grafana = needs(&graph, helm("kube-prometheus-stack", "kube-prometheus-stack"));
    for needed in [
        "ExternalSecret kube-prometheus-stack/grafana-admin",
        "Namespace kube-prometheus-stack",
        "StorageClass gp3",
    ] {
        assert!(grafana.contains(&needed.to_owned()), "{needed} not in {grafana:?}");
    }
    let operator = needs(&graph, helm("spark-operator", "spark-operator"));
    assert!(operator.contains(&"Namespace spark-team-b".to_owned()), "{operator:?}");
    let fluent_bit = needs(&graph, helm("aws-for-fluentbit", "aws-for-fluent-bit"));
    assert!(fluent_bit.contains(&"LogGroup containers".to_owned()), "{fluent_bit:?}");
    assert!(needs(&graph, helm("karpenter", "karpenter")).contains(&"Queue karpenter".to_owned()));
}

/// While the webhook for services is on and its controller does not run, nobody can make a Service.
#[test]
fn services_wait_for_the_webhook_that_could_refuse_them() {
    let controller = "HelmRelease kube-system/aws-load-balancer-controller".to_owned();
    let with = "addons: {awsLoadBalancerController: {values: {enableServiceMutatorWebhook: true}}}\n";
    for (more, waits) in [("", false), (with, true)] {
        let graph = graph(more);
        let service = needs(&graph, ObjectId::new("", "Service", Some("airflow"), "airflow-statsd"));
        assert_eq!(service.contains(&controller), waits);
        assert_eq!(needs(&graph, helm("karpenter", "karpenter")).contains(&controller), waits);
    }
}

#[test]
fn each_team_has_a_history_server_of_its_own_folder() {
    let graph = graph(ALL);
    let s3 = &values(&graph, "spark-history-spark-team-b")["logStore"]["s3"];
    assert_eq!(s3["eventLogsPath"], "spark/spark-team-b/event-logs/");
    assert_eq!(s3["irsaRoleArn"], "");
    let needed = needs(&graph, helm("spark-history-server", "spark-history-spark-team-b"));
    assert!(needed.iter().any(|need| need.starts_with("Job spark-team-b/spark-event-logs-")), "{needed:?}");
    assert!(needed.contains(&"ServiceAccount spark-history-server/spark-history-server-sa".to_owned()));
    let watched = &values(&graph, "spark-operator")["spark"]["jobNamespaces"];
    assert_eq!(*watched, json!(["spark-team-a", "spark-team-b"]));
}

#[test]
fn prometheus_keeps_what_the_stack_says_and_reads_every_monitor() {
    let graph = graph(
        "observability: {prometheus: {retention: 72h, storageSize: 20Gi, storageClass: io2}, grafana: {enabled: false}}\n\
         addons: {amazonManagedPrometheus: {enabled: false}}\n",
    );
    let values = values(&graph, "kube-prometheus-stack");
    let spec = &values["prometheus"]["prometheusSpec"];
    assert_eq!(spec["retention"], "72h");
    assert_eq!(spec["serviceMonitorSelectorNilUsesHelmValues"], false);
    let claim = &spec["storageSpec"]["volumeClaimTemplate"]["spec"];
    assert_eq!(claim["storageClassName"], "io2");
    assert_eq!(claim["resources"]["requests"]["storage"], "20Gi");
    assert_eq!(spec.get("remoteWrite"), None);
    assert_eq!(values["grafana"], json!({ "enabled": false }));
    assert!(!graph.kubernetes().any(|object| object.id.name == "grafana-admin"));
}
