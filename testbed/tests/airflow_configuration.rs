//! Real Airflow reads what is rendered: its configuration, environment, task pods and connections, and it
//! runs the commands of the Jobs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot get at Airflow has to fail, loudly"
)]

mod rendered;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use airflow_eks_core::{presets, render};
use airflow_eks_testbed::{AirflowEnvironment, AirflowEnvironments, unique_namespace};
use rendered::{manifests, object, printed, run};
use serde_json::{Value, json};

const AIRFLOW_2: &str = include_str!("stacks/airflow-2.yaml");
const AIRFLOW_2_SETTINGS: &str = include_str!("stacks/airflow-2-every-setting.yaml");
const AIRFLOW_3_SETTINGS: &str = include_str!("stacks/airflow-3-every-setting.yaml");

const CHECK_CONFIGURATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/check_configuration.py");
const LOG_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/log_in.py");
const PARSE_COMMANDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/parse_commands.py");
const READ_CONNECTIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/read_connections.py");

/// Nothing that a shell, `printf` or a prompt gives a meaning to gets lost on the way.
const PASSWORD: &str = r#" pa$$'w"rd %s\n\ -n `id` $(id) * "#;

/// What `airflow config lint` says about any stack: it takes every value but the new default for the old one.
const FALSE_ALARMS: &[&str] = &["core.executor"];

/// A rendered stack beside the Airflow that is to run it, with a folder to run in.
struct Release {
    airflow: AirflowEnvironment,
    objects: Vec<render::Manifest>,
    name: &'static str,
    home: PathBuf,
}

impl Drop for Release {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.home);
    }
}

fn airflow_2(text: &str, name: &'static str) -> Release {
    Release::new(AirflowEnvironments::find().unwrap().airflow_2, text, name)
}

fn airflow_3(text: &str, name: &'static str) -> Release {
    Release::new(AirflowEnvironments::find().unwrap().airflow_3, text, name)
}

impl Release {
    fn new(airflow: AirflowEnvironment, text: &str, name: &'static str) -> Self {
        let home = env::temp_dir().join(unique_namespace("airflow-home"));
        fs::create_dir_all(&home).unwrap();
        let release = Self { airflow, objects: manifests(text, "stack.yaml"), name, home };
        fs::write(release.home.join("airflow.cfg"), release.configuration()).unwrap();
        fs::write(release.home.join("pod_template.yaml"), release.data("pod_template_file.yaml")).unwrap();
        release
    }

    fn data(&self, key: &str) -> &str {
        let config = object(&self.objects, "ConfigMap", &format!("{}-config", self.name));
        config["data"][key].as_str().unwrap()
    }

    fn configuration(&self) -> &str {
        self.data("airflow.cfg")
    }

    /// The main container of a component.
    fn deployed(&self, component: &str) -> &Value {
        let deployment = object(&self.objects, "Deployment", &format!("{}-{component}", self.name));
        &deployment["spec"]["template"]["spec"]["containers"][0]
    }

    /// The pod of the Job for a purpose. A fingerprint ends the name of a Job.
    fn job(&self, purpose: &str) -> &Value {
        let begin = format!("{}-{purpose}-", self.name);
        let jobs =
            self.objects.iter().map(|manifest| &manifest.object).filter(|object| object["kind"] == "Job");
        let mut found = jobs.filter(|job| job["metadata"]["name"].as_str().unwrap().starts_with(&begin));
        &found.next().unwrap()["spec"]["template"]["spec"]
    }

    /// A command of this Airflow, in an environment that is the container's and nothing else.
    fn command(&self, program: &str, container: &Value) -> Command {
        let mut command = Command::new(self.airflow.programs().join(program));
        let path = format!("{}:{}", self.airflow.programs().display(), env::var("PATH").unwrap());
        command.env_clear().envs(environment(container));
        command.env("PATH", path).env("HOME", &self.home).env("LANG", "C.UTF-8");
        command.env("AIRFLOW_HOME", &self.home).env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// A command that may use the database: a file here instead of a server. Airflow 2 takes no file together
    /// with an executor that runs several tasks.
    fn command_with_database(&self, program: &str, container: &Value) -> Command {
        let mut command = self.command(program, container);
        let file = format!("sqlite:///{}", self.home.join("airflow.db").display());
        command.env("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", file).env("AIRFLOW__METRICS__STATSD_ON", "False");
        if self.airflow.version().starts_with("2.") {
            command.env("AIRFLOW__CORE__EXECUTOR", "SequentialExecutor");
        }
        command
    }

    /// What the checking script reports about the configuration in a container's environment.
    fn report(&self, container: &Value, configuration: &str) -> Value {
        let file = |name: &str| self.home.join(name);
        let (config, variables) = (file("checked.cfg"), file("environment.json"));
        fs::write(&config, configuration).unwrap();
        fs::write(&variables, json!(environment(container)).to_string()).unwrap();
        let mut script = self.command("python", &json!({}));
        script.arg(CHECK_CONFIGURATION).arg("--config").arg(&config).arg("--environment").arg(&variables);
        script.arg("--pod-template").arg(file("pod_template.yaml"));
        serde_json::from_str(&printed(run(&mut script, ""))).unwrap()
    }
}

/// A container's variables, with made-up values of the right form for those that come from secrets.
fn environment(container: &Value) -> BTreeMap<String, String> {
    let variables = container["env"].as_array().into_iter().flatten();
    let value = |variable: &Value| match variable["valueFrom"]["secretKeyRef"]["key"].as_str() {
        Some(key) => made_up(key).to_owned(),
        None => variable["value"].as_str().unwrap_or_default().to_owned(),
    };
    variables.map(|variable| (variable["name"].as_str().unwrap().to_owned(), value(variable))).collect()
}

fn made_up(key: &str) -> &'static str {
    match key {
        "connection" => "postgresql://airflow:secret@airflow-pgbouncer.airflow:6543/airflow-metadata",
        "fernet-key" => "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "api-secret-key" | "jwt-secret" | "webserver-secret-key" => {
            "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ="
        }
        "password" => PASSWORD,
        other => panic!("no test value for secrets with the key {other}"),
    }
}

/// Section and key of an option, and its value.
type Options = BTreeMap<(String, String), String>;

/// What `airflow.cfg` says, as Python's `configparser` reads it.
fn options(configuration: &str) -> Options {
    let mut options = Options::new();
    let mut place = (String::new(), String::new());
    for line in configuration.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            place.0 = section.to_owned();
        } else if let Some((key, value)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
            place.1 = key.to_owned();
            options.insert(place.clone(), value.trim().to_owned());
        } else {
            let value = options.get_mut(&place).unwrap();
            value.push('\n');
            value.push_str(line.trim());
        }
    }
    options.values_mut().for_each(|value| *value = value.replace("%%", "%"));
    options
}

/// What the file says, and over it what `AIRFLOW__SECTION__KEY` variables say.
fn rendered_options(release: &Release, container: &Value) -> Options {
    let mut options = options(release.configuration());
    for (name, value) in environment(container) {
        if let Some((section, key)) = name.strip_prefix("AIRFLOW__").and_then(|rest| rest.split_once("__")) {
            options.insert((section.to_lowercase(), key.to_lowercase()), value);
        }
    }
    options
}

/// Each option that Airflow reads otherwise than it was rendered, or has something to say about.
fn findings(report: &Value, rendered: &Options) -> Vec<String> {
    let mut read = Options::new();
    let mut findings = Vec::new();
    for option in report["options"].as_array().unwrap() {
        let text = |member: &str| option[member].as_str().unwrap_or_default().to_owned();
        let remarks = [&option["type_error"], &option["error"]].into_iter().filter_map(Value::as_str);
        let remarks = remarks.chain(option["warnings"].as_array().unwrap().iter().filter_map(Value::as_str));
        findings.extend(remarks.map(|remark| format!("{}.{}: {remark}", text("section"), text("option"))));
        read.insert((text("section"), text("option")), text("value"));
    }
    for (place, value) in rendered {
        if read.get(place) != Some(value) {
            findings.push(format!("{place:?} is rendered as {value:?} and read as {:?}", read.get(place)));
        }
    }
    findings
}

/// Checks everything that the report tells, in the environment of each component.
fn check(release: &Release, components: &[&str]) {
    let template = release.report(&json!({}), release.configuration())["pod_template"]["template"].clone();
    let containers = components.iter().map(|component| (*component, release.deployed(component)));
    let worker = ("worker", &template["spec"]["containers"][0]);
    for (component, container) in containers.chain([worker]) {
        let report = release.report(container, release.configuration());
        assert_eq!(report["airflow_version"], release.airflow.version(), "{component}");
        assert_eq!(report["startup_error"], Value::Null, "{component}");
        assert_eq!(report["unknown"], json!([]), "{component}");
        assert_eq!(report["deprecated_or_moved"], json!([]), "{component}");
        let found = findings(&report, &rendered_options(release, container));
        assert!(found.is_empty(), "{component}: {}", found.join("\n"));
        // Its rules are about the step to Airflow 3: before that, they are advice.
        // Its rules are about the step to Airflow 3: before that they are advice.
        let linted: Vec<_> = (report["lint"].as_array().unwrap().iter())
            .map(|rule| format!("{}.{}", rule["section"].as_str().unwrap(), rule["option"].as_str().unwrap()))
            .collect();
        if !release.airflow.version().starts_with("2.") {
            assert_eq!(linted, FALSE_ALARMS, "{component}: {:#}", report["lint"]);
        }
        check_task_pods(release, &report);
    }
}

/// Airflow takes the template as it is, and makes from it a pod that has lost nothing.
fn check_task_pods(release: &Release, report: &Value) {
    let template = &report["pod_template"];
    assert_eq!(template["error"], Value::Null);
    assert_eq!(template["kind"], json!(["v1", "Pod"]));
    assert_eq!(template["dropped_fields"], json!([]));
    assert_eq!(template["containers"], json!(["base"]));

    let (pod, meant) = (&template["pod"], &template["template"]);
    assert_eq!(pod["error"], Value::Null);
    let namespace = object(&release.objects, "ConfigMap", &format!("{}-config", release.name));
    assert_eq!(pod["metadata"]["namespace"], namespace["metadata"]["namespace"]);
    for field in ["serviceAccountName", "securityContext", "volumes", "restartPolicy", "initContainers"] {
        assert_eq!(pod["spec"][field], meant["spec"][field], "{field}");
    }
    let (base, meant) = (&pod["spec"]["containers"][0], &meant["spec"]["containers"][0]);
    for field in ["image", "securityContext", "volumeMounts", "resources"] {
        assert_eq!(base[field], meant[field], "{field}");
    }
    assert_eq!(base["image"], release.deployed("scheduler")["image"]);
    assert!(!base["args"].as_array().unwrap().is_empty());
}

#[test]
fn airflow_2_reads_a_plain_stack() {
    check(&airflow_2(AIRFLOW_2, "airflow"), &["scheduler", "webserver"]);
}

#[test]
fn airflow_2_reads_every_setting() {
    let release = airflow_2(AIRFLOW_2_SETTINGS, "data-platform");
    check(&release, &["scheduler", "webserver"]);
    check_settings(&release, ("webserver", "instance_name"));
}

#[test]
fn airflow_3_reads_the_default_stack() {
    check(&airflow_3(presets::DEFAULT.text, "airflow"), &["scheduler", "api-server"]);
}

#[test]
fn airflow_3_reads_every_setting() {
    let release = airflow_3(AIRFLOW_3_SETTINGS, "data-platform");
    check(&release, &["scheduler", "api-server"]);
    check_settings(&release, ("api", "instance_name"));
    let bundles =
        &options(release.configuration())[&("dag_processor".to_owned(), "dag_bundle_config_list".to_owned())];
    assert_eq!(serde_json::from_str::<Value>(bundles).unwrap()[0]["name"], "dags");
}

/// What the checks above compare with is what the stack says: values of some settings, as they are meant.
#[track_caller]
fn check_settings(release: &Release, instance_name: (&str, &str)) {
    let rendered = rendered_options(release, release.deployed("scheduler"));
    let value = |(section, key): (&str, &str)| rendered[&(section.to_owned(), key.to_owned())].as_str();
    assert_eq!(value(instance_name), "{{ Airflow }} 日本語 🚀 100%");
    assert_eq!(
        value(("logging", "log_format")),
        "[%(asctime)s] {%(filename)s:%(lineno)d} %(levelname)s - 100%"
    );
    assert_eq!(value(("metrics", "metrics_allow_list")), "scheduler,\nexecutor,\ndagrun");
    assert_eq!(value(("core", "parallelism")), "64");
    assert_eq!(value(("core", "max_active_tasks_per_dag")), "100", "a variable goes before the file");
    assert_eq!(value(("sentry", "sentry_dsn")), PASSWORD);
}

#[test]
fn a_key_that_airflow_does_not_know_or_has_moved_is_found() {
    let release = airflow_3(presets::DEFAULT.text, "airflow");
    let wrong =
        "[core]\nparalelism = 64\n\n[webserver]\nbase_url = http://localhost\n\n[api]\nworkers = many\n";
    let report = release.report(&json!({}), wrong);
    let places = |member: &str| -> Vec<String> {
        let found = report[member].as_array().unwrap().iter();
        found.map(|one| format!("{}.{}", one["section"], one["option"]).replace('"', "")).collect()
    };
    assert_eq!(places("unknown"), ["core.paralelism"]);
    assert_eq!(places("deprecated_or_moved"), ["webserver.base_url"]);
    let found = findings(&report, &options("[core]\nparallelism = 64\n"));
    assert!(found.iter().any(|finding| finding.starts_with("api.workers: ")), "{found:?}");
    assert!(found.iter().any(|finding| finding.contains("and read as None")), "{found:?}");
}

#[test]
fn airflow_2_lists_our_values() {
    check_listed(&airflow_2(AIRFLOW_2, "airflow"), &["config", "list"]);
}

#[test]
fn airflow_3_lists_our_values() {
    check_listed(&airflow_3(presets::DEFAULT.text, "airflow"), &["config", "list", "--show-values"]);
}

fn check_listed(release: &Release, arguments: &[&str]) {
    let mut command = release.command("airflow", release.deployed("scheduler"));
    let listed = printed(run(command.args(arguments), ""));
    let rendered = options(release.configuration());
    assert!(rendered.len() > 20, "{rendered:?}");
    for ((section, key), value) in rendered {
        let rest = listed.split(&format!("\n[{section}]\n")).nth(1).unwrap_or_else(|| panic!("no {section}"));
        let mut lines = rest.lines().take_while(|line| !line.starts_with('['));
        assert!(lines.any(|line| line == format!("{key} = {value}")), "no {section}.{key} = {value}");
    }
}

#[test]
fn airflow_2_finds_the_connections() {
    check_connections(&airflow_2(AIRFLOW_2, "airflow"));
}

#[test]
fn airflow_3_finds_the_connections() {
    check_connections(&airflow_3(presets::DEFAULT.text, "airflow"));
}

fn check_connections(release: &Release) {
    let mut script = release.command("python", release.deployed("scheduler"));
    script.arg(READ_CONNECTIONS).args(["aws_s3_conn", "kubernetes_default"]);
    let found: Value = serde_json::from_str(&printed(run(&mut script, ""))).unwrap();
    let meant = |id: &str, kind: &str, extra: Value| {
        let nothing = Value::Null;
        json!({
            "conn_id": id, "conn_type": kind, "extra": extra,
            "host": nothing, "login": nothing, "password": nothing,
        })
    };
    let logs = meant("aws_s3_conn", "aws", json!({ "region_name": "us-west-2" }));
    let kubernetes = meant("kubernetes_default", "kubernetes", json!({ "in_cluster": true }));
    assert_eq!(found, json!([logs, kubernetes]));
}

#[test]
fn airflow_2_takes_every_command() {
    check_commands(&airflow_2(AIRFLOW_2, "airflow"));
}

#[test]
fn airflow_3_takes_every_command() {
    check_commands(&airflow_3(presets::DEFAULT.text, "airflow"));
}

/// Every `airflow` command of a container or a probe is one that this release has, with the options that it has.
fn check_commands(release: &Release) {
    let mut commands: Vec<Vec<String>> =
        release.objects.iter().flat_map(|manifest| commands(&manifest.object)).collect();
    commands.sort();
    commands.dedup();
    assert!(commands.len() >= 8, "{commands:?}");
    let misspelt = ["jobs", "check", "--job-kind", "TriggererJob"].map(str::to_owned).to_vec();
    commands.push(misspelt);
    let mut script = release.command("python", &json!({}));
    let answers = printed(run(script.arg(PARSE_COMMANDS), &json!(commands).to_string()));
    let mut answers: Vec<Option<String>> = serde_json::from_str(&answers).unwrap();
    assert!(answers.pop().unwrap().is_some(), "a misspelt option is accepted");
    let refused: Vec<_> = commands.iter().zip(answers).filter(|(_, answer)| answer.is_some()).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// The words after `airflow` wherever a list of words, or the script at its end, runs it.
fn commands(value: &Value) -> Vec<Vec<String>> {
    let own = value.as_array().and_then(|words| words.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    let words: Vec<&str> = match own.as_deref() {
        Some([_, "-c", script]) => script.split_whitespace().collect(),
        Some(words) => words.to_vec(),
        None => Vec::new(),
    };
    let command = words.iter().position(|word| *word == "airflow").map(|at| &words[at + 1..]);
    let command = command.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    let within: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(entries) => entries.values().collect(),
        _ => Vec::new(),
    };
    command.into_iter().chain(within.into_iter().flat_map(commands)).collect()
}

#[test]
fn the_jobs_of_airflow_2_make_a_user_who_can_log_in() {
    check_jobs(&airflow_2(AIRFLOW_2, "airflow"));
}

#[test]
fn the_jobs_of_airflow_3_make_a_user_who_can_log_in() {
    check_jobs(&airflow_3(presets::DEFAULT.text, "airflow"));
}

/// Runs what the Jobs run, word for word, in their order.
fn check_jobs(release: &Release) {
    let migration = &release.job("run-airflow-migrations")["containers"][0];
    let user_job = release.job("create-user");
    let (wait, create) = (&user_job["initContainers"][0], &user_job["containers"][0]);
    let (migration_words, wait_words, create_words) = (words(migration), words(wait), words(create));
    assert_eq!(migration_words[0], "airflow");
    assert_eq!(wait_words[0], "airflow");
    printed(run(release.command_with_database("airflow", migration).args(&migration_words[1..]), ""));
    printed(run(release.command_with_database("airflow", wait).args(&wait_words[1..]), ""));

    let seen = create_user(release, create, &create_words);
    assert_eq!(seen, Vec::<String>::new(), "the password is an argument of a process");
    let mut script = release.command_with_database("python", create);
    script.arg(LOG_IN).env("LOG_IN_USERNAME", "admin").env("LOG_IN_PASSWORD", PASSWORD);
    let answer: Value = serde_json::from_str(&printed(run(&mut script, ""))).unwrap();
    let meant = json!({
        "roles": ["Admin"], "email": "admin@example.com", "logged_in": true, "logged_in_otherwise": false,
    });
    assert_eq!(answer, meant);
    // A Job may run again, and one with another name for the same user too.
    create_user(release, create, &create_words);
}

fn words(container: &Value) -> Vec<&str> {
    container["args"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

/// Runs the command of the Job, and gives every command line that held the password meanwhile.
fn create_user(release: &Release, container: &Value, words: &[&str]) -> Vec<String> {
    // Without a terminal, as in a pod: the prompt would read from the terminal of whoever runs the tests.
    const WITHOUT_TERMINAL: &str = "import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])";
    let mut command = release.command_with_database("python", container);
    command.args(["-c", WITHOUT_TERMINAL]).args(words);
    let (output, seen) = watched(PASSWORD, || run(&mut command, ""));
    printed(output);
    seen
}

/// Does something, and looks all the while for a text in the arguments of every process.
fn watched<T: Send>(text: &str, action: impl FnOnce() -> T + Send) -> (T, Vec<String>) {
    thread::scope(|scope| {
        let running = scope.spawn(action);
        let mut seen = Vec::new();
        while !running.is_finished() {
            seen.extend(command_lines().into_iter().filter(|line| line.contains(text)));
            thread::sleep(Duration::from_millis(2));
        }
        (running.join().unwrap(), seen)
    })
}

fn command_lines() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path().join("cmdline"));
    // One may end between the two looks.
    processes
        .filter_map(|file| fs::read(file).ok())
        .map(|line| String::from_utf8_lossy(&line).into_owned())
        .collect()
}

#[test]
fn a_password_among_the_arguments_of_a_process_is_seen() {
    let text = unique_namespace("visible");
    let mut command = Command::new("sh");
    command.args(["-c", "sleep 0.3", &text]);
    let (_, seen) = watched(&text, || run(&mut command, ""));
    assert!(!seen.is_empty());
}

#[test]
fn the_scripts_are_where_the_tests_look_for_them() {
    for script in [CHECK_CONFIGURATION, LOG_IN, PARSE_COMMANDS, READ_CONNECTIONS] {
        assert!(Path::new(script).is_file(), "{script}");
    }
}
