//! Control planes of one test: quick, apart from each other, and never left behind.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the test bed has to fail, loudly")]

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use airflow_eks_testbed::{FreshOptions, Server, TestBed};

/// What keeps this binary from being the process to be killed, when it is run by its own test.
const SACRIFICE: &str = "AIRFLOW_EKS_TESTBED_SACRIFICE";

fn folder(test_bed: &TestBed) -> PathBuf {
    test_bed.kubeconfig_path().parent().unwrap().to_owned()
}

/// The processes that were started with a folder on their command lines.
fn processes_of(folder: &Path) -> usize {
    let folder = folder.to_string_lossy().into_owned();
    let command_line = |entry: fs::DirEntry| fs::read_to_string(entry.path().join("cmdline")).ok();
    let lines = fs::read_dir("/proc").unwrap().filter_map(|entry| command_line(entry.unwrap()));
    lines.filter(|line| line.contains(&folder) && !line.starts_with("sh\0")).count()
}

#[test]
fn two_have_nothing_in_common_and_leave_nothing_behind() {
    let begin = Instant::now();
    let one = TestBed::fresh(FreshOptions::default()).unwrap();
    eprintln!("a bare one after {:?}", begin.elapsed());
    let begin = Instant::now();
    let other = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    eprintln!("one with nodes after {:?}", begin.elapsed());
    one.kubectl().create_namespace("here").unwrap();
    let namespaces = ["get", "namespaces", "--output=name"];
    assert!(one.kubectl().run("list", &namespaces).unwrap().contains("namespace/here"));
    assert!(!other.kubectl().run("list", &namespaces).unwrap().contains("namespace/here"));
    assert_eq!(one.kubectl().run("list", &["get", "nodes", "--output=name"]).unwrap(), "");
    assert_eq!(other.kubectl().run("list", &["get", "nodes", "--output=name"]).unwrap().lines().count(), 4);

    for test_bed in [one, other] {
        let folder = folder(&test_bed);
        assert!(processes_of(&folder) >= 4);
        drop(test_bed);
        assert_eq!(processes_of(&folder), 0);
        assert!(!folder.exists());
    }
}

#[test]
fn the_definitions_come_if_they_are_asked_for() {
    let begin = Instant::now();
    let test_bed = TestBed::fresh(FreshOptions::default().with_definitions_of("Karpenter")).unwrap();
    eprintln!("one with definitions of Karpenter after {:?}", begin.elapsed());
    let groups = test_bed.kubectl().crd_groups().unwrap();
    assert!(groups.iter().any(|group| group.group == "karpenter.sh"), "{groups:?}");
    assert!(!groups.iter().any(|group| group.group == "argoproj.io"), "{groups:?}");
    let everything = FreshOptions::default().with_custom_resource_definitions();
    assert_ne!(everything, FreshOptions::default().with_definitions_of("Karpenter"));
}

#[test]
fn the_api_server_comes_back_with_its_data() {
    let test_bed = TestBed::fresh(FreshOptions::default()).unwrap();
    test_bed.kubectl().create_namespace("kept").unwrap();
    test_bed.crash(Server::KubeApiserver).unwrap();
    let look = ["get", "namespace", "kept", "--output=name"];
    test_bed.kubectl().run("look", &look).unwrap_err();
    test_bed.start(Server::KubeApiserver).unwrap();
    assert_eq!(test_bed.kubectl().run("look", &look).unwrap(), "namespace/kept\n");
    test_bed.restart_api_server().unwrap();
    assert_eq!(test_bed.kubectl().run("look", &look).unwrap(), "namespace/kept\n");
}

#[test]
fn one_is_stopped_when_its_process_is_killed() {
    if std::env::var_os(SACRIFICE).is_some() {
        let test_bed = TestBed::fresh(FreshOptions::default()).unwrap();
        println!("folder={}", folder(&test_bed).display());
        thread::sleep(Duration::from_secs(600));
    }
    let mut sacrifice = Command::new(std::env::current_exe().unwrap());
    sacrifice.args(["--exact", "one_is_stopped_when_its_process_is_killed", "--nocapture"]);
    let mut child = sacrifice.env(SACRIFICE, "1").stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let (mut said, mut byte) = (String::new(), [0]);
    let folder = loop {
        assert_ne!(stdout.read(&mut byte).unwrap(), 0, "{said}");
        said.push(char::from(byte[0]));
        if let Some((_, rest)) = said.split_once("folder=")
            && let Some(folder) = rest.strip_suffix('\n')
        {
            break PathBuf::from(folder);
        }
    };
    assert!(processes_of(&folder) >= 4);
    child.kill().unwrap();
    child.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while processes_of(&folder) > 0 || folder.exists() {
        assert!(Instant::now() < deadline, "{} processes, {}", processes_of(&folder), folder.exists());
        thread::sleep(Duration::from_millis(50));
    }
}

const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: example.invalid/web:1}]}
"#;

#[test]
fn every_server_gets_over_the_end_of_the_api_server() {
    let test_bed = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    test_bed.restart_api_server().unwrap();
    let file = folder(&test_bed).join("deployment.yaml");
    fs::write(&file, DEPLOYMENT).unwrap();
    test_bed.kubectl().run("apply", &["apply", "--filename", &file.to_string_lossy()]).unwrap();
    let wait = ["wait", "deployment", "web", "--for=condition=Available", "--timeout=60s"];
    test_bed.kubectl().run("wait for the Deployment", &wait).unwrap();
}
