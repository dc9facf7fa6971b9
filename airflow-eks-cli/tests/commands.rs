//! What each command prints, where, and with which exit status it ends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;

/// The program in an empty folder, as scripts see it: no terminal, no colour.
fn airflow_eks(folder: &Path, arguments: &[&str]) -> Command {
    Command::new(cargo_bin!("airflow-eks")).current_dir(folder).env_remove("NO_COLOR").args(arguments)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn write(folder: &Path, file: &str, text: &str) {
    std::fs::write(folder.join(file), text).unwrap();
}

const SMALL: &str = "name: small\nregion: eu-central-1\nnodeGroups:\n  - name: core\n";

#[test]
fn init_writes_a_stack_that_is_valid_and_never_overwrites() {
    let folder = folder();
    airflow_eks(folder.path(), &["init"]).assert().success().stdout_eq("").stderr_eq(str![[r#"
wrote stack.yaml: Airflow on managed nodes, with Karpenter, RDS, EFS, S3 and every add-on
next: edit it, then `airflow-eks validate` and `airflow-eks render`

"#]]);
    airflow_eks(folder.path(), &["validate"]).assert().success().stdout_eq("").stderr_eq(str![[r#"
the stack `self-managed-airflow` is valid: 56 Kubernetes objects

"#]]);
    let before = std::fs::read(folder.path().join("stack.yaml")).unwrap();
    airflow_eks(folder.path(), &["init", "--preset", "minimal"]).assert().code(4).stdout_eq("").stderr_eq(
        str![[r#"
error: stack.yaml is there already
  help: name another file, or move this one away

"#]],
    );
    assert_eq!(std::fs::read(folder.path().join("stack.yaml")).unwrap(), before);
}

#[test]
fn init_writes_every_preset() {
    for preset in airflow_eks_core::presets::ALL {
        let folder = folder();
        airflow_eks(folder.path(), &["init", "--preset", preset.name, "my.yaml"]).assert().success();
        airflow_eks(folder.path(), &["-f", "my.yaml", "validate"]).assert().success();
    }
}

#[test]
fn init_to_a_folder_that_is_not_there_says_which_file() {
    airflow_eks(folder().path(), &["init", "no/where.yaml"]).assert().code(3).stdout_eq("").stderr_eq(str![
        [r#"
error: cannot write no/where.yaml: No such file or directory (os error 2)

"#]
    ]);
}

#[test]
fn validate_tells_every_problem_with_its_place() {
    let folder = folder();
    write(
        folder.path(),
        "stack.yaml",
        "name: small\nregion: eu-central-1a\nnodeGroups:\n  - name: core\n    minSize: 5\n    maxsize: 9\n",
    );
    airflow_eks(folder.path(), &["validate"]).assert().code(1).stdout_eq("").stderr_eq(str![[r#"
stack.yaml:2:9: region: `eu-central-1a` is not an AWS Region code (it looks like an availability zone; leave out its last letter)
  help: write for example `us-west-2`
stack.yaml:4:5: nodeGroups[0].desiredSize: 3 is less than minSize, which is 5
  help: raise desiredSize, or lower minSize
stack.yaml:6:5: nodeGroups[0].maxsize: `maxsize` is not a known key here
  help: did you mean `maxSize`? It can be: instanceTypes, taints, name, minSize, desiredSize, maxSize, capacityType, amiFamily, diskSizeGib, labels, keyPair, maxUnavailablePercentage
error: the stack has 3 problems

"#]]);
}

#[test]
fn validate_as_json_is_one_document_on_standard_output() {
    let folder = folder();
    write(folder.path(), "stack.yaml", "name: small\nregion: eu\n");
    airflow_eks(folder.path(), &["validate", "--output", "json"]).assert().code(1).stderr_eq("").stdout_eq(
        str![[r#"
{
  "problems": [
    {
      "column": 1,
      "file": "stack.yaml",
      "help": "add a node group, such as `- name: core`, or fargateProfiles",
      "line": 1,
      "message": "there is nothing for pods to run on",
      "path": "nodeGroups"
    },
    {
      "column": 9,
      "file": "stack.yaml",
      "help": "write for example `us-west-2`",
      "line": 2,
      "message": "`eu` is not an AWS Region code",
      "path": "region"
    }
  ],
  "valid": false
}

"#]],
    );
    write(folder.path(), "stack.yaml", SMALL);
    airflow_eks(folder.path(), &["validate", "--output", "json"]).assert().success().stderr_eq("").stdout_eq(
        str![[r#"
{
  "kubernetesObjects": 51,
  "problems": [],
  "stack": "small",
  "valid": true
}

"#]],
    );
}

#[test]
fn a_stack_comes_from_standard_input_too() {
    airflow_eks(folder().path(), &["-f", "-", "validate"])
        .stdin("name: Small\nregion: eu-central-1\nnodeGroups: [{name: core}]\n")
        .assert()
        .code(1)
        .stderr_eq(str![[r#"
<stdin>:1:7: name: `Small` contains `S`; only lower-case letters, digits and `-` are allowed
  help: write for example `self-managed-airflow`
error: the stack has one problem

"#]]);
}

#[test]
fn a_file_that_is_missing_or_no_text_is_an_error_of_the_input() {
    let folder = folder();
    airflow_eks(folder.path(), &["-f", "missing.yaml", "render"]).assert().code(1).stdout_eq("").stderr_eq(
        str![[r#"
error: cannot read missing.yaml: No such file or directory (os error 2)

"#]],
    );
    std::fs::write(folder.path().join("stack.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    airflow_eks(folder.path(), &["render"]).assert().code(1).stdout_eq("").stderr_eq(str![[r#"
error: cannot read stack.yaml: stream did not contain valid UTF-8

"#]]);
}

#[test]
fn set_is_typed_and_refuses_unknown_paths() {
    let folder = folder();
    write(folder.path(), "stack.yaml", SMALL);
    let set = |assignment| airflow_eks(folder.path(), &["validate", "--set", assignment]).assert();
    set("airflow.scheduler.replicas=3").success();
    set("tags={team: data}").success();
    set("airflow.scheduler.replicas=three").code(1).stderr_eq(str![[r#"
--set airflow.scheduler.replicas: airflow.scheduler.replicas: `three` is not a whole number from 0 to 4294967295
  help: write digits only, without a unit
error: the stack has one problem

"#]]);
    set("airflow.shceduler.replicas=3").code(1).stderr_eq(str![[r#"
--set airflow.shceduler.replicas: airflow.shceduler: `shceduler` is not a known key here
  help: did you mean `scheduler`? It can be: env, imagePullSecrets, version, image, name, namespace, executor, dags, logs, config, loadExamples, adminUser, scheduler, webserver, apiServer, dagProcessor, triggerer, jobs, workers, statsd, pgbouncer, ingress
error: the stack has one problem

"#]]);
    set("replicas").code(1).stderr_eq(str![[r#"
--set replicas: has no `=`
  help: write --set path=value, for example --set airflow.scheduler.replicas=3
error: the stack has one problem

"#]]);
}

#[test]
fn render_without_a_stack_prints_the_default_one() {
    let output = airflow_eks(folder().path(), &["render"]).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("---\napiVersion: v1\nkind: Namespace\n"), "{text}");
    assert_eq!(text.matches("\n---\n").count() + 1, 56);
    snapbox::assert_data_eq!(
        String::from_utf8(output.stderr).unwrap(),
        str![[r#"
note: stand-ins for what only AWS can tell: account.id, database.endpoint, fileSystem.id (known? give --outputs FILE)
note: stand-ins for secrets, which are never rendered: airflow/admin-password, airflow/api-secret-key, database/password, airflow/fernet-key, grafana/admin-password, airflow/jwt-secret
note: 9 Helm releases are not among these: aws-cloudwatch-metrics, aws-for-fluent-bit, karpenter-crd, karpenter, aws-load-balancer-controller, cluster-autoscaler, cluster-proportional-autoscaler, kube-prometheus-stack, kubecost (`apply` installs them, and `--format argocd|flux` writes them too)

"#]]
    );
    let again = airflow_eks(folder().path(), &["render"]).output().unwrap();
    assert_eq!(String::from_utf8(again.stdout).unwrap(), text);
}

#[test]
fn render_puts_known_values_in_place() {
    let folder = folder();
    write(
        folder.path(),
        "outputs.json",
        r#"{"outputs": {"account.id": "111122223333", "database.endpoint": "db.example.com", "fileSystem.id": "fs-0a1b2c3d"}}"#,
    );
    let output = airflow_eks(folder.path(), &["render", "--outputs", "outputs.json"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("fileSystemId: fs-0a1b2c3d"));
    assert!(text.contains("host=db.example.com "));
    assert!(!text.contains("known after apply"));
    write(folder.path(), "outputs.json", r#"{"database/password": "hunter2"}"#);
    airflow_eks(folder.path(), &["render", "--outputs", "outputs.json"])
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq(str![[r#"
error: outputs.json: `database/password` is a secret, which does not belong in a file
  help: give the JSON that `status --output json` prints, or an object of names and values

"#]]);
}

#[test]
fn render_as_json_is_one_list() {
    let output = airflow_eks(folder().path(), &["render", "--format", "json", "--quiet"]).output().unwrap();
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(list["kind"], "List");
    assert_eq!(list["items"].as_array().unwrap().len(), 56);
    assert!(output.stderr.is_empty());
}

#[test]
fn render_writes_one_file_an_object_into_an_empty_folder_only() {
    let folder = folder();
    airflow_eks(folder.path(), &["render", "--out", "manifests", "-q"]).assert().success().stdout_eq("");
    let mut files: Vec<String> = std::fs::read_dir(folder.path().join("manifests"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files.len(), 56);
    assert_eq!(files[0], "001-namespace-airflow.yaml");
    airflow_eks(folder.path(), &["render", "--out", "manifests"]).assert().code(4).stdout_eq("").stderr_eq(
        str![[r#"
error: the folder manifests is not empty
  help: name another folder, or empty this one

"#]],
    );
}

/// A stack for GitOps, and everything that only AWS can tell of it.
fn write_for_gitops(folder: &Path) {
    let more = "secrets: external-secrets\ngitops: {repository: 'https://git.example.com/a/b.git'}\n";
    write(folder, "stack.yaml", &format!("{SMALL}{more}"));
    let known: serde_json::Map<_, _> = airflow_eks_core::graph::Output::ALL
        .iter()
        .map(|output| (output.name().to_owned(), serde_json::Value::from("known")))
        .collect();
    write(folder, "outputs.json", &serde_json::Value::from(known).to_string());
}

#[test]
fn render_for_gitops_writes_what_the_repository_holds() {
    for (format, entry) in [("argocd", "application.yaml"), ("flux", "flux/stack.yaml")] {
        let folder = folder();
        write_for_gitops(folder.path());
        let render = |more: &[&str]| {
            let arguments = ["render", "--format", format, "--outputs", "outputs.json"];
            airflow_eks(folder.path(), &[&arguments, more].concat()).output().unwrap()
        };
        let output = render(&["--out", "git"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        assert!(
            said.contains("next: commit them, push, and once `kubectl apply -f git/stacks/small/"),
            "{said}"
        );
        let root = std::fs::read_to_string(folder.path().join("git/stacks/small").join(entry)).unwrap();
        assert!(root.contains("name: small\n"), "{root}");
        let stream = String::from_utf8(render(&[]).stdout).unwrap();
        assert!(stream.contains(&format!("---\n{root}")), "{stream}");
        assert!(stream.contains("kind: ExternalSecret\n") && !stream.contains("known after apply"));
    }
}

#[test]
fn render_for_gitops_refuses_what_must_not_get_into_git() {
    let folder = folder();
    write(folder.path(), "stack.yaml", SMALL);
    airflow_eks(folder.path(), &["render", "--format", "flux"]).assert().code(1).stdout_eq("").stderr_eq(str![[
        r#"
secrets: generated secrets must not be written into a Git repository
  help: write `secrets: external-secrets`, so that the External Secrets Operator reads them from AWS Secrets Manager, and Git never holds any
what only AWS can tell is not known: [..]
  help: make the AWS side first, then give what `status --only aws --output json` prints with --outputs FILE
gitops: nothing says which Git repository Flux reads
  help: write for example `gitops: {repository: "https://github.com/example/clusters.git"}`
error: the stack has 3 problems

"#
    ]]);
}

#[test]
fn the_schema_is_a_json_document() {
    let output = airflow_eks(folder().path(), &["schema"]).output().unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["required"], serde_json::json!(["name", "region"]));
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = airflow_eks(folder().path(), &["completions", shell]).output().unwrap();
        assert!(String::from_utf8(output.stdout).unwrap().contains("validate"), "{shell}");
    }
}

#[test]
fn a_wrong_command_line_is_wrong_input() {
    airflow_eks(folder().path(), &["rendre"]).assert().code(1).stdout_eq("").stderr_eq(str![[r#"
error: unrecognized subcommand 'rendre'

  tip: a similar subcommand exists: 'render'

Usage: airflow-eks [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]]);
}

#[test]
fn colour_is_for_terminals_or_on_demand() {
    let folder = folder();
    let render = |color| {
        airflow_eks(folder.path(), &["-f", "missing", "validate", "--color", color]).output().unwrap()
    };
    assert!(render("always").stderr.contains(&0x1b));
    assert!(!render("auto").stderr.contains(&0x1b));
    assert!(!render("never").stderr.contains(&0x1b));
}

#[test]
fn verbose_says_where_the_stack_comes_from() {
    let folder = folder();
    airflow_eks(folder.path(), &["validate", "-v"]).assert().success().stderr_eq(str![[r#"
there is no stack.yaml here: this is the preset `self-managed-airflow`
the stack `self-managed-airflow` is valid: 56 Kubernetes objects

"#]]);
    write(folder.path(), "stack.yaml", SMALL);
    airflow_eks(folder.path(), &["validate", "-v"]).assert().success().stderr_eq(str![[r#"
reading stack.yaml
the stack `small` is valid: 51 Kubernetes objects

"#]]);
}
