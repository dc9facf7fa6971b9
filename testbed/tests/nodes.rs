//! What the test bed gives in place of nodes and of controllers that do not run here: that a test can wait for
//! real, and that it can see something fail.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the test bed has to fail, loudly")]

mod until;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Stdio,
    thread,
};

use airflow_eks_testbed::TestBed;
use until::{Namespace, until};

/// A pod of one container, by its image and its annotations.
fn pod(name: &str, image: &str, annotations: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, annotations: {{{annotations}}}}}\nspec:\n  \
         containers: [{{name: main, image: {image}}}]\n"
    )
}

fn job(name: &str, annotations: &str) -> String {
    format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}}}\nspec:\n  backoffLimit: 0\n  template:\n    \
         metadata: {{annotations: {{{annotations}}}}}\n    spec:\n      restartPolicy: Never\n      \
         containers: [{{name: main, image: example.invalid/job:1}}]\n"
    )
}

const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      nodeSelector: {NodeGroupType: core, kubernetes.io/arch: amd64}
      initContainers: [{name: prepare, image: example.invalid/web:1}]
      containers: [{name: web, image: example.invalid/web:1}]
"#;

#[test]
fn a_deployment_becomes_available_and_its_pods_go_with_it() {
    let namespace = Namespace::new("deployment");
    namespace.apply(DEPLOYMENT);
    let available = r#"{.status.conditions[?(@.type=="Available")].status} {.status.readyReplicas}"#;
    until("True 2", || namespace.field("deployment/web", available));
    namespace.kubectl(&["delete", "deployment", "web"]);
    until("", || namespace.kubectl(&["get", "pods", "--output=name"]));
}

#[test]
fn a_job_completes() {
    let namespace = Namespace::new("job");
    namespace.apply(&job("migrate", ""));
    let complete = r#"{.status.conditions[?(@.type=="Complete")].status} {.status.succeeded}"#;
    until("True 1", || namespace.field("job/migrate", complete));
}

#[test]
fn a_job_whose_container_ends_with_a_failure_fails() {
    let namespace = Namespace::new("job");
    namespace.apply(&job(
        "migrate",
        r#"testbed.airflow-eks/exit-code: "3", testbed.airflow-eks/message: no database"#,
    ));
    let failed = r#"{.status.conditions[?(@.type=="Failed")].reason}"#;
    until("BackoffLimitExceeded", || namespace.field("job/migrate", failed));
    let ended =
        "--output=jsonpath={.items[0].status.containerStatuses[0].state.terminated['exitCode','message']}";
    assert_eq!(namespace.kubectl(&["get", "pods", ended]), "3 no database");
}

#[test]
fn an_image_that_cannot_be_pulled_is_said_to_be_so() {
    let namespace = Namespace::new("image");
    namespace.apply(&pod("web", "broken.invalid/web:1", ""));
    let waiting = "{.status.containerStatuses[0].state.waiting.reason}";
    until("ImagePullBackOff", || namespace.field("pod/web", waiting));
    let message = namespace.field("pod/web", "{.status.containerStatuses[0].state.waiting.message}");
    assert!(message.contains("broken.invalid/web:1"), "{message}");
    assert_eq!(namespace.field("pod/web", "{.status.phase}"), "Pending");
}

#[test]
fn a_container_that_ends_again_and_again_is_restarted_again_and_again() {
    let namespace = Namespace::new("crash");
    namespace.apply(&pod("web", "crash.invalid/web:1", r#"testbed.airflow-eks/message: "no fernet key""#));
    let status = "{.status.containerStatuses[0].state.waiting.reason} \
                  {.status.containerStatuses[0].lastState.terminated['exitCode','message']}";
    until("CrashLoopBackOff 1 no fernet key", || namespace.field("pod/web", status));
    let restarts = || namespace.field("pod/web", "{.status.containerStatuses[0].restartCount}");
    let before = restarts();
    until("more", || if restarts() == before { before.clone() } else { "more".into() });
}

#[test]
fn an_init_container_can_be_the_one_that_ends() {
    let namespace = Namespace::new("crash");
    namespace.apply(&DEPLOYMENT.replace(
        "    metadata: {labels: {app: web}}",
        r#"    metadata: {labels: {app: web}, annotations: {testbed.airflow-eks/exit-code: "7", testbed.airflow-eks/container: prepare}}"#,
    ));
    let status = "--output=jsonpath={.items[0].status.initContainerStatuses[0].lastState.terminated.exitCode} \
                  {.items[0].status.containerStatuses[0].state.waiting.reason}";
    until("7 PodInitializing", || namespace.kubectl(&["get", "pods", status]));
}

#[test]
fn a_pod_that_fits_nowhere_is_said_to_be_so() {
    let namespace = Namespace::new("large");
    let fits = pod("web", "example.invalid/web:1", "");
    namespace.apply(&fits.replace("web:1}", r#"web:1, resources: {requests: {cpu: "10000"}}}"#));
    let scheduled = r#"{.status.conditions[?(@.type=="PodScheduled")].message}"#;
    until("Insufficient cpu", || {
        let message = namespace.field("pod/web", scheduled);
        if message.contains("Insufficient cpu") { "Insufficient cpu".into() } else { message }
    });
}

#[test]
fn a_pod_can_be_unready_and_can_be_left_alone() {
    let namespace = Namespace::new("unready");
    namespace.apply(&pod("unready", "example.invalid/web:1", r#"testbed.airflow-eks/unready: "true""#));
    namespace.apply(&pod("ignored", "example.invalid/web:1", r#"testbed.airflow-eks/ignore: "true""#));
    let status = r#"{.status.phase} {.status.conditions[?(@.type=="Ready")].status}"#;
    until("Running False", || namespace.field("pod/unready", status));
    until("core", || namespace.field("pod/ignored", "{.spec.nodeName}").chars().take(4).collect());
    assert_eq!(namespace.field("pod/ignored", status), "Pending ");
}

fn claim(name: &str, class: &str) -> String {
    format!(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}}}\nspec: {{storageClassName: {class}, \
         accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n"
    )
}

fn class(name: &str, provisioner: &str, mode: &str) -> String {
    format!(
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: {name}}}\nprovisioner: \
         {provisioner}\nvolumeBindingMode: {mode}\n"
    )
}

#[test]
fn a_claim_on_efs_is_bound_at_once() {
    let namespace = Namespace::new("efs");
    let name = namespace.name();
    namespace.apply(&class(name, "efs.csi.aws.com", "Immediate"));
    namespace.apply(&claim("logs", name));
    until("Bound", || namespace.field("pvc/logs", "{.status.phase}"));
    namespace.kubectl(&["delete", "storageclass", name]);
}

#[test]
fn a_claim_on_ebs_is_bound_once_a_pod_uses_it() {
    let namespace = Namespace::new("ebs");
    let name = namespace.name();
    namespace.apply(&class(name, "ebs.csi.aws.com", "WaitForFirstConsumer"));
    namespace.apply(&claim("data", name));
    until("WaitForFirstConsumer", || {
        namespace.kubectl(&["get", "events", "--output=jsonpath={.items[0].reason}"])
    });
    assert_eq!(namespace.field("pvc/data", "{.status.phase}"), "Pending");
    let uses = pod("web", "example.invalid/web:1", "")
        + "  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n";
    namespace.apply(&uses);
    until("Running", || namespace.field("pod/web", "{.status.phase}"));
    assert_eq!(namespace.field("pvc/data", "{.status.phase}"), "Bound");
    namespace.kubectl(&["delete", "storageclass", name]);
}

#[test]
fn load_balancers_get_names_unless_they_are_to_be_ignored() {
    let namespace = Namespace::new("ingress");
    let ingress = |name: &str, class: &str, annotations: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {name}, annotations: \
             {{{annotations}}}}}\nspec: {{ingressClassName: {class}, defaultBackend: {{service: {{name: web, port: \
             {{number: 80}}}}}}}}\n"
        )
    };
    namespace.apply(&ingress("ignored", "alb", r#"testbed.airflow-eks/ignore: "true""#));
    namespace.apply(&ingress("other-class", "nginx", ""));
    namespace.apply("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n");
    namespace.apply(&ingress("web", "alb", ""));
    let host = "{.status.loadBalancer.ingress[0].hostname}";
    for object in ["service/web", "ingress/web"] {
        until("amazonaws.com", || {
            let name = namespace.field(object, host);
            name.get(name.len().saturating_sub(13)..).unwrap_or_default().to_owned()
        });
    }
    assert_eq!(namespace.field("ingress/ignored", host), "");
    assert_eq!(namespace.field("ingress/other-class", host), "");
}

const READY: &str = r#"{.status.conditions[?(@.type=="Ready")].status}"#;

#[test]
fn karpenters_pools_and_classes_are_ready() {
    let namespace = Namespace::new("karpenter");
    let name = namespace.name();
    namespace.apply(&format!(
        r#"
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {{name: {name}}}
spec:
  template:
    spec:
      nodeClassRef: {{group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}}
      requirements: [{{key: karpenter.sh/capacity-type, operator: In, values: [spot]}}]
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {{name: {name}}}
spec:
  role: node
  amiSelectorTerms: [{{alias: al2023@latest}}]
  subnetSelectorTerms: [{{tags: {{a: b}}}}]
  securityGroupSelectorTerms: [{{tags: {{a: b}}}}]
"#
    ));
    until("True", || namespace.field(&format!("nodepool/{name}"), READY));
    until("True", || namespace.field(&format!("ec2nodeclass/{name}"), READY));
    namespace.kubectl(&["delete", "nodepool,ec2nodeclass", name]);
}

#[test]
fn external_secrets_are_there() {
    let namespace = Namespace::new("secrets");
    namespace.apply(
        r#"
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: store}
spec: {provider: {aws: {service: SecretsManager, region: eu-central-1}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: database}
spec:
  secretStoreRef: {name: store, kind: SecretStore}
  target: {name: database-password}
  data: [{secretKey: password, remoteRef: {key: database}}]
"#,
    );
    until("True", || namespace.field("secretstore/store", READY));
    until("True", || namespace.field("externalsecret/database", READY));
    assert_ne!(namespace.field("secret/database-password", "{.data.password}"), "");
}

#[test]
fn spark_applications_complete_or_fail_as_they_are_told() {
    let namespace = Namespace::new("spark");
    let application = |name: &str, annotations: &str| {
        format!(
            "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: {{name: {name}, annotations: \
             {{{annotations}}}}}\nspec: {{type: Python, mode: cluster, image: spark, mainApplicationFile: \
             'local:///pi.py', sparkVersion: 4.0.0, driver: {{cores: 1}}, executor: {{cores: 1}}}}\n"
        )
    };
    namespace.apply(&application("good", ""));
    namespace.apply(&application("bad", "testbed.airflow-eks/spark-state: FAILED"));
    let state = "{.status.applicationState.state}";
    until("COMPLETED", || namespace.field("sparkapplication/good", state));
    until("FAILED", || namespace.field("sparkapplication/bad", state));
}

#[test]
fn containers_say_what_a_test_has_them_say() {
    let namespace = Namespace::new("logs");
    namespace.apply(&pod("web", "crash.invalid/web:1", ""));
    namespace.apply(&pod("other", "example.invalid/web:1", ""));
    TestBed::connect().unwrap().set_log(namespace.name(), "web", &["one", "two", "three"]).unwrap();
    until("CrashLoopBackOff", || {
        namespace.field("pod/web", "{.status.containerStatuses[0].state.waiting.reason}")
    });
    let logs = |pod: &str, previous: &str| namespace.kubectl(&["logs", pod, "--tail=2", previous]);
    until("two\nthree\n", || logs("web", "--previous=false"));
    assert_eq!(logs("web", "--previous"), "two\nthree\n");
    until("Running", || namespace.field("pod/other", "{.status.phase}"));
    let said = logs("other", "--previous=false");
    assert!(said.contains("made up by the test bed"), "{said}");
}

#[test]
fn a_port_of_a_pod_leads_to_a_server_of_the_test() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let namespace = Namespace::new("ports");
    namespace.apply(&pod("web", "example.invalid/web:1", ""));
    let test_bed = TestBed::connect().unwrap();
    test_bed.forward_port(namespace.name(), 8080, server.local_addr().unwrap().port()).unwrap();
    until("Running", || namespace.field("pod/web", "{.status.phase}"));
    // As HTTP goes: it answers once it is asked, and the client hangs up.
    thread::spawn(move || {
        for connection in server.incoming() {
            let mut connection = connection.unwrap();
            connection.read_exact(&mut [0; 3]).unwrap();
            connection.write_all(b"hello").unwrap();
            let _ = connection.read_to_end(&mut Vec::new());
        }
    });
    let mut command = test_bed.kubectl().command();
    command.args(["port-forward", "--namespace", namespace.name(), "pod/web", ":8080"]);
    let mut forward = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    // Kept until the end: kubectl dies of a closed pipe.
    let mut lines = BufReader::new(forward.stdout.take().unwrap());
    lines.read_line(&mut said).unwrap();
    // `Forwarding from 127.0.0.1:41234 -> 8080`
    let port: u16 = said.split([':', ' ']).nth(3).and_then(|port| port.parse().ok()).unwrap();
    let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    connection.write_all(b"hi!").unwrap();
    let mut received = [0; 5];
    let outcome = connection.read_exact(&mut received);
    forward.kill().unwrap();
    forward.wait().unwrap();
    assert_eq!(&received, b"hello", "{said}: {outcome:?}");
}

#[test]
fn nodes_stay_ready() {
    let kubectl = TestBed::connect().unwrap().kubectl().clone();
    let zones = "--output=jsonpath={.items[*].metadata.labels.topology\\.kubernetes\\.io/zone}";
    let zones = kubectl.run("list the zones", &["get", "nodes", zones]).unwrap();
    assert!(zones.contains("eu-central-1a") && zones.contains("eu-central-1b"), "{zones}");
    let leases = ["get", "leases", "--namespace=kube-node-lease", "--output=name"];
    assert_eq!(kubectl.run("list the leases", &leases).unwrap().lines().count(), 4);
}
