//! What the pages that describe this stack tell a reader to type after the deployment, and kubectl's way in.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::{Value, json};

use crate::ran::Ran;
use crate::support::Place;

const NAME: &str = "self-managed-airflow";

/// Takes a token apart as a cluster does, and asks STS who signed it.
const WHO: &str = r#"
import base64, sys, urllib.request
token = sys.argv[1].removeprefix("k8s-aws-v1.")
url = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
request = urllib.request.Request(url, headers={"x-k8s-aws-id": sys.argv[2], "Accept": "application/json"})
print(urllib.request.urlopen(request, timeout=30).read().decode())
"#;

/// One stack for all of them: making it takes longer than they do.
#[test]
fn what_the_pages_tell_to_type_works() {
    let place = Place::new();
    place.preset(NAME);
    place.apply().ok();

    let cluster = place.aws_cli(&["eks", "describe-cluster", "--name", NAME]);
    assert_eq!(cluster["cluster"]["status"], "ACTIVE");

    let ids = ["efs", "describe-file-systems", "--query", "FileSystems[*].FileSystemId"];
    let ids = place.aws_cli(&ids);
    assert!(ids[0].as_str().unwrap().starts_with("fs-"), "{ids}");
    assert_eq!(ids.as_array().unwrap().len(), 1);

    let secrets = place.aws_cli(&["secretsmanager", "list-secrets", "--query", "SecretList[].Name"]);
    let names: Vec<&str> = secrets.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let database = names.iter().find(|name| name.contains("database")).unwrap();
    let value = place.aws_cli(&["secretsmanager", "get-secret-value", "--secret-id", database]);
    assert!(value["SecretString"].as_str().unwrap().len() >= 16, "the password can be read");

    let buckets = place.aws_cli(&["s3api", "list-buckets", "--query", "Buckets[].Name"]);
    assert!(buckets[0].as_str().unwrap().contains("airflow-logs-"), "{buckets}");

    let region = ["eks", "list-nodegroups", "--cluster-name", NAME, "--region", "us-west-2"];
    assert_eq!(place.aws_cli(&region)["nodegroups"], json!(["core"]));

    kubeconfig(&place);
    token(&place);
}

fn kubeconfig(place: &Place) {
    let file = place.path().join("kube.config");
    let mine = "apiVersion: v1\nkind: Config\ncurrent-context: mine\npreferences: {}\n\
        clusters: [{name: mine, cluster: {server: \"https://127.0.0.1:6443\"}}]\n\
        users: [{name: mine, user: {token: abc}}]\n\
        contexts: [{name: mine, context: {cluster: mine, user: mine, namespace: jobs}}]\n";
    std::fs::write(&file, mine).unwrap();
    for _ in 0..2 {
        place.run(&["kubeconfig", "--kubeconfig", file.to_str().unwrap()]).ok();
    }
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "a file with credentials is the owner's alone");
    let config = read_yaml(place, &file);
    let named = |list: &str, name: &str| -> Value {
        let mut items = config[list].as_array().unwrap().iter().filter(|item| item["name"] == name);
        let item = items.next().unwrap_or_else(|| panic!("no {name} in {config}")).clone();
        assert!(items.next().is_none(), "{list} {name} is there once");
        item
    };
    assert_eq!(named("contexts", "mine")["context"]["namespace"], "jobs");
    assert_eq!(named("users", "mine")["user"]["token"], "abc");
    assert_eq!(named("clusters", "mine")["cluster"]["server"], "https://127.0.0.1:6443");
    let context = named("contexts", NAME)["context"].clone();
    let user = named("users", context["user"].as_str().unwrap())["user"].clone();
    assert_eq!(user["exec"]["apiVersion"], "client.authentication.k8s.io/v1");
    let there = place.aws_cli(&["eks", "describe-cluster", "--name", NAME])["cluster"].clone();
    let cluster = named("clusters", context["cluster"].as_str().unwrap())["cluster"].clone();
    assert_eq!(cluster["server"], there["endpoint"]);
    assert_eq!(cluster["certificate-authority-data"], there["certificateAuthority"]["data"]);
}

fn read_yaml(place: &Place, file: &std::path::Path) -> Value {
    let program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let ran: Ran = Command::new(place.aws.python()).args(["-c", program]).arg(file).output().unwrap().into();
    serde_json::from_str(&ran.ok().stdout).unwrap()
}

fn token(place: &Place) {
    let credential: Value = serde_json::from_str(&place.run(&["token"]).ok().stdout).unwrap();
    let token = credential["status"]["token"].as_str().unwrap();
    let ran: Ran = Command::new(place.aws.python()).args(["-c", WHO, token, NAME]).output().unwrap().into();
    assert!(ran.ok().stdout.contains(&place.account), "{ran:?}");
}
