//! The stack that everybody begins with.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use airflow_eks_testbed::{FreshOptions, TestBed};

use crate::inventory::{kinds, names};
use crate::stacks::{chart_of, stand_in, without_remote_addons};
use crate::support::Place;

/// The preset with three add-ons of their projects' own charts, and one that stands in for a chart that is not here.
fn place(bed: &airflow_eks_testbed::FreshTestBed) -> Place {
    let mut place = Place::on(bed, "self-managed-airflow");
    place.run(&["init"]).ok();
    let controller = stand_in(place.path(), "aws-load-balancer-controller");
    let mut values = without_remote_addons(&["karpenter", "awsLoadBalancerController"]);
    values.extend([
        chart_of("karpenter", "karpenter"),
        "addons.externalSecrets.enabled=true".to_owned(),
        chart_of("externalSecrets", "external-secrets"),
        "spark.enabled=true".to_owned(),
        "spark.teams=[{name: team-a}]".to_owned(),
        "addons.sparkHistoryServer.enabled=false".to_owned(),
        chart_of("sparkOperator", "spark-operator"),
        format!("addons.awsLoadBalancerController.chart.path={}", controller.display()),
    ]);
    place.set(&values.iter().map(String::as_str).collect::<Vec<_>>());
    place
}

#[test]
fn it_comes_up_stays_as_it_is_and_goes() {
    let bed = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    let place = place(&bed);
    let before = place.everything();

    let is_over = AtomicBool::new(false);
    let applied = thread::scope(|scope| {
        // Whoever plays the controllers does not look for the kinds of a chart by himself, and finds none that are not served yet.
        scope.spawn(|| {
            let there = || place.kubectl(&["get", "crds", "--output=name"]).contains("/ec2nodeclasses.");
            while !is_over.load(Ordering::Relaxed) {
                if there() {
                    place.bed.play_new_kinds().unwrap();
                }
                thread::sleep(Duration::from_secs(2));
            }
        });
        let applied = place.apply_with(&["--timeout=2m"]);
        is_over.store(true, Ordering::Relaxed);
        applied
    });
    applied.ok();
    let rendered = place.rendered();
    let kinds = kinds(&rendered);
    assert_eq!(place.owned(&kinds), names(&rendered), "owned is what is rendered");
    is_what_the_pages_show(&place);

    place.is_settled();
    let made = place.everything();
    let again = place.apply();
    assert!(again.ok().stderr.starts_with("Nothing to do.\n"), "{}", again.stderr);
    assert!(again.stderr.contains("Airflow: `airflow-eks ui`"), "it says where to go: {}", again.stderr);
    assert_eq!(place.everything(), made, "a second apply writes nothing");

    place.destroy().fails(4, &["nothing was deleted", "airflow-dags", "--delete-data"]);
    let gone = place.destroy_with_data();
    assert!(gone.ok().stdout.contains("objects and Helm releases"), "{}", gone.stdout);
    assert!(gone.stderr.contains(": 0 left"), "{}", gone.stderr);
    let mut after = place.everything();
    after.retain(|name, _| !is_kept(name));
    let left: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert_eq!(left, [""; 0], "destroy leaves nothing");
    place.destroy().ok();
}

/// What a destroyed stack leaves on purpose: keys that data are encrypted with, and definitions, with which everything of
/// their kind would go. New kinds bring rights of Kubernetes' own.
fn is_kept(name: &str) -> bool {
    name.ends_with("-secrets")
        || name.starts_with("CustomResourceDefinition ")
        || name.starts_with("APIService ")
}

/// A table of kubectl: each line from its second, in words.
fn table(place: &Place, arguments: &[&str]) -> Vec<Vec<String>> {
    let text =
        place.bed.released_kubectl().run("show a table", &[arguments, &["--no-headers"]].concat()).unwrap();
    text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// D5, D27, D29 and D31 of the seeds: namespace, claim, deployments and load balancer.
fn is_what_the_pages_show(place: &Place) {
    assert_eq!(table(place, &["get", "namespace", "airflow"])[0][..2], ["airflow", "Active"]);

    let deployments = table(place, &["get", "deployments", "--namespace=airflow"]);
    let ready: Vec<_> = deployments.iter().map(|line| format!("{} {}", line[0], line[1])).collect();
    // Since Airflow 3 the API server is where the web server was, and DAGs are parsed apart from the scheduler.
    let wanted = [
        "airflow-api-server 2/2",
        "airflow-dag-processor 1/1",
        "airflow-git-sync 1/1",
        "airflow-pgbouncer 1/1",
        "airflow-scheduler 2/2",
        "airflow-statsd 1/1",
        "airflow-triggerer 1/1",
    ];
    assert_eq!(ready, wanted);

    let claims = table(place, &["get", "persistentvolumeclaims", "--namespace=airflow"]);
    let [claim] = claims.as_slice() else { panic!("{claims:?}") };
    assert_eq!((claim[0].as_str(), claim[1].as_str()), ("airflow-dags", "Bound"));
    assert_eq!(claim[3..6], ["10Gi", "RWX", "efs-sc"]);
    let volume = "--output=jsonpath={.spec.persistentVolumeReclaimPolicy}";
    assert_eq!(place.kubectl(&["get", "persistentvolume", &claim[2], volume]), "Delete");

    let ingresses = table(place, &["get", "ingress", "--namespace=airflow"]);
    let [ingress] = ingresses.as_slice() else { panic!("{ingresses:?}") };
    assert_eq!(ingress[1], "alb");
    assert!(ingress[3].ends_with(".elb.amazonaws.com") && ingress[4] == "80", "{ingress:?}");

    let jobs = table(place, &["get", "jobs", "--namespace=airflow"]);
    assert!(jobs.len() == 2 && jobs.iter().all(|job| job[1..3] == ["Complete", "1/1"]), "{jobs:?}");
    let pools = table(place, &["get", "nodepools.karpenter.sh"]);
    assert_eq!(pools[0][..2], ["spark-compute-optimized", "spark-compute-optimized"]);
}
