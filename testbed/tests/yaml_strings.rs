//! Strings that a reader of YAML might take for something else arrive as they were meant: from `stack.yaml`
//! to the stack, and from there, through rendered YAML and the YAML within it, to kubectl and to Python.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot get at the test bed has to fail, loudly"
)]

mod rendered;

use std::process::Command;

use airflow_eks_core::{
    Facts, Stack, render,
    spec::{AirflowRelease, NodeGroup, StackSpec},
};
use airflow_eks_testbed::{AirflowEnvironments, TestBed};
use k8s_openapi::api::core::v1::EnvVar;
use rendered::{manifests, manifests_of, object, printed, run};
use serde_json::{Value, json};

const READ_YAML: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/read_yaml.py");

/// Strings that look like something else, or that are hard to write.
#[rustfmt::skip] // A paragraph for each kind.
const STRINGS: &[&str] = &[
    // Booleans, of YAML 1.1 or 1.2.
    "y", "n", "Y", "N", "yes", "no", "Yes", "NO", "on", "off", "On", "OFF", "true", "false", "True",
    "FALSE",
    // Nothing.
    "null", "Null", "NULL", "~", "", " ", "  ",
    // Numbers.
    "0", "1", "-0", "+1", "-1", "1_000", "1,000", "0b11", "0o7", "07", "09", "0x1F", "0xdead_beef",
    "1e3", "1E+3", "1e999", ".5", "5.", "1.0", "+.5", "6.02e23", ".inf", "-.Inf", "+.INF", ".nan",
    ".NaN", "infinity", "NaN", "1__0", "0.", "._1", "123456789012345678901234567890",
    "1.7976931348623157e309",
    // Base 60.
    "1:30", "190:20:30", "-1:30", "1:30.5", "22:22",
    // Dates.
    "2026-11-21", "2026-1-1", "2026-11-21T10:00:00Z", "2026-11-21 10:00:00 +1:00",
    "2026-11-21t10:00:00.5-05:00",
    // Marks of YAML.
    "=", "<<", "!", "!tag", "!!str x", "&", "&a", "*", "*a", "%", "%x", "@", "@x", "`", "`x`", "|", ">",
    "|-", "-", "--", "- a", "?", "? a", ":", ": a", "#", "# a", ",", "[", "]", "{", "}", "{}", "[]",
    "[a, b]", "{a: b}", "---", "...", "--- a", "a: b", "a:b", "a:", "a #b", "a#b", "a, b", "key: [",
    "'", "\"", "'a'", "\"a\"", "it's", "say \"hi\"", "\\", "\\n", "C:\\new\\table", "a\\", "''", "\"\"",
    // White space.
    " a", "a ", "\ta", "a\t", "a\tb", "\t", "a  b", "\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "\na",
    "\n\na\n", "a\nb", "a\nb\n", "a\n\nb", "  a\nb\n", "a\n  b\n", " a\n b", "a \nb \n", "a\n \nb\n",
    "a\n\tb\n", "\ta\nb\n", "a\r\nb\r\n", "a\rb", "\r", "\n a", "a\n ", " \n", " \na\n", "# a\nb\n",
    "---\na\n", "...\na\n", "a: 1\nb: [\n", "- a\n- b\n", "{\n}\n", "if a:\n\treturn\n",
    // Unicode.
    "ä", "Zürich", "Straße", "日本語", "🚀", "👩‍👩‍👧", "e\u{301}", "\u{301}", "שלום", "مرحبا", "\u{202e}abc",
    "\u{200b}", "\u{a0}", "a\u{a0}", "\u{85}", "a\u{85}b", "\u{2028}", "a\u{2028}b", "a\u{2029}b\n",
    "\u{feff}", "\u{feff}a", "a\u{feff}", "\u{ad}", "\u{fffd}", "\u{e000}", "\u{10ffff}",
    "\u{1f1e9}\u{1f1ea}", "ﬁ", "\u{3000}", "\u{3000}a", "ä\nö\n", "🚀\n\n🚀",
    // Control characters.
    "\u{7}", "\u{1b}[31mred\u{1b}[0m", "\u{0b}", "\u{0c}", "\u{7f}", "\u{80}", "\u{9f}", "a\u{7}\nb\n",
    "\u{1}",
    // Other languages.
    "{{ jinja }}", "{{ ds }}", "{% if a %}", "$VAR", "${VAR}", "$(VAR)", "%(ref)s", "100%", "%%",
    "<b>&amp;</b>", "{\"a\": \"b\"}", "SELECT 'a' -- b", "postgres://u:p@h:5432/d?a=b&c=d#e",
    "s3://bucket/key=1/*.parquet", "^[a-z]+(\\.\\d{2})?$",
];

/// What is longer than any line that a writer would like.
fn long_strings() -> Vec<String> {
    vec![
        "word ".repeat(400),
        "word ".repeat(400).trim_end().to_owned(),
        "x".repeat(5000),
        format!("{}\n{}\n", "a b ".repeat(100), "c: d # ".repeat(100)),
        format!("# {}", "é".repeat(300)),
        "\"'\\ ".repeat(80),
    ]
}

fn strings() -> Vec<String> {
    STRINGS.iter().map(|text| (*text).to_owned()).chain(long_strings()).collect()
}

/// A stack in which every string is the value of a variable of every Airflow container.
fn stack_with(strings: &[String]) -> Stack {
    let mut airflow = AirflowRelease::builder();
    for (name, value) in variables(strings) {
        airflow = airflow.env_var(EnvVar { name, value: Some(value), ..EnvVar::default() });
    }
    let spec = StackSpec::builder()
        .name("strings".parse().unwrap())
        .region("us-west-2".parse().unwrap())
        .node_group(NodeGroup::builder().name("core".parse().unwrap()).build())
        .airflow(airflow.build())
        .build();
    Stack::validate(spec, &Facts::unknown()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn variables(strings: &[String]) -> impl Iterator<Item = (String, String)> {
    strings.iter().enumerate().map(|(position, text)| (format!("STRING_{position:03}"), text.clone()))
}

/// A reader of YAML: the documents of a text.
type Reader = fn(&str) -> Vec<Value>;

/// kubectl's own reader, on this side of the API server.
fn kubectl(text: &str) -> Vec<Value> {
    let json = printed(run(&mut kubectl_command(), text));
    serde_json::Deserializer::from_str(&json).into_iter().map(Result::unwrap).collect()
}

fn kubectl_or_nothing(text: &str) -> Option<Value> {
    let output = run(&mut kubectl_command(), text);
    output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap())
}

fn kubectl_command() -> Command {
    let bed = TestBed::connect().unwrap();
    let mut kubectl = bed.kubectl().command();
    kubectl.args(["create", "--dry-run=client", "--validate=ignore", "--output=json", "--filename=-"]);
    kubectl
}

/// PyYAML, with which Airflow reads its pod template.
fn python(text: &str) -> Vec<Value> {
    serde_json::from_str(&printed(run(&mut python_command(), text))).unwrap()
}

fn python_or_nothing(text: &str) -> Option<Value> {
    let output = run(&mut python_command(), text);
    output.status.success().then(|| serde_json::from_slice::<Vec<Value>>(&output.stdout).unwrap().remove(0))
}

fn python_command() -> Command {
    let mut python = Command::new(AirflowEnvironments::find().unwrap().airflow_3.python());
    python.arg(READ_YAML);
    python
}

#[test]
fn kubectl_reads_every_object_as_it_was_meant() {
    check_objects(kubectl);
}

#[test]
fn python_reads_every_object_as_it_was_meant() {
    check_objects(python);
}

#[test]
fn kubectl_reads_the_pod_template_as_it_was_meant() {
    check_pod_template(kubectl);
}

#[test]
fn python_reads_the_pod_template_as_it_was_meant() {
    check_pod_template(python);
}

fn check_objects(read: Reader) {
    let strings = strings();
    let manifests = manifests_of(&stack_with(&strings));
    let scheduler = object(&manifests, "Deployment", "airflow-scheduler");
    check_variables("as rendered", &strings, main_container(scheduler));

    let documents = read(&render::yaml_stream(&manifests));
    assert_eq!(documents.len(), manifests.len());
    for (manifest, document) in manifests.iter().zip(&documents) {
        if manifest.object == *scheduler {
            check_variables("as read", &strings, main_container(document));
        }
        assert_eq!(*document, manifest.object, "{}", manifest.file_stem);
    }
}

fn check_pod_template(read: Reader) {
    let strings = strings();
    let manifests = manifests_of(&stack_with(&strings));
    let config = object(&manifests, "ConfigMap", "airflow-config");
    let pods = read(config["data"]["pod_template_file.yaml"].as_str().unwrap());
    assert_eq!(pods.len(), 1);
    check_variables("as read", &strings, &pods[0]["spec"]["containers"][0]);
}

fn main_container(deployment: &Value) -> &Value {
    &deployment["spec"]["template"]["spec"]["containers"][0]
}

/// Tells every string that is not what it was, at once.
#[track_caller]
fn check_variables(when: &str, strings: &[String], container: &Value) {
    let env = container["env"].as_array().unwrap();
    let mut changed = Vec::new();
    for (name, meant) in variables(strings) {
        let found = env.iter().find(|variable| variable["name"] == name).map(|variable| &variable["value"]);
        if found != Some(&Value::from(meant.as_str())) {
            changed.push(format!("{meant:?} is {found:?}"));
        }
    }
    assert!(changed.is_empty(), "{when}: {}", changed.join("\n"));
}

/// What gives a text another meaning by its place: white space, marks, and what some readers take for a
/// line's end.
const ALPHABET: [char; 11] = ['a', ' ', '\t', '\n', '\r', '#', '-', ':', '\'', '\u{85}', '\u{feff}'];
const LONGEST: usize = 4;

#[test]
fn kubectl_reads_every_short_text_as_it_was_meant() {
    check_texts(kubectl_or_nothing, &every_short_text());
}

#[test]
fn python_reads_every_short_text_as_it_was_meant() {
    check_texts(python_or_nothing, &every_short_text());
}

/// Every text of up to [`LONGEST`] characters of the [`ALPHABET`].
fn every_short_text() -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut begin = 0;
    for _ in 0..LONGEST {
        let end = texts.len();
        for position in begin..end {
            let longer: Vec<_> = ALPHABET.iter().map(|last| format!("{}{last}", texts[position])).collect();
            texts.extend(longer);
        }
        begin = end;
    }
    texts
}

/// Reads all texts as values of one document; where that fails, halves them until the culprits are left.
#[track_caller]
fn check_texts(read: fn(&str) -> Option<Value>, texts: &[String]) {
    let mut changed = Vec::new();
    let mut parts = vec![texts];
    while let Some(part) = parts.pop().filter(|_| changed.len() < 10) {
        let values: Vec<_> = part.iter().map(|text| json!([{ "key": text }])).collect();
        let object = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": "a", "namespace": "b" },
            "data": values,
        });
        if read(&render::yaml(&object)).as_ref() == Some(&object) {
            continue;
        }
        match part {
            [text] => changed.push(text),
            _ => parts.extend([&part[part.len() / 2..], &part[..part.len() / 2]]),
        }
    }
    assert!(changed.is_empty(), "among the texts that do not arrive are {changed:?}");
}

/// What stands after `value:` in a `stack.yaml`, and the text that is meant.
const WRITTEN: &[(&str, &str)] = &[
    // Plain: the text as it stands, whatever it looks like.
    ("y", "y"),
    ("no", "no"),
    ("on", "on"),
    ("OFF", "OFF"),
    ("true", "true"),
    ("1", "1"),
    ("1_000", "1_000"),
    ("0b11", "0b11"),
    ("0o7", "0o7"),
    ("0x1F", "0x1F"),
    ("1e3", "1e3"),
    (".5", ".5"),
    ("+1", "+1"),
    ("-0", "-0"),
    ("1.10", "1.10"),
    ("007", "007"),
    (".inf", ".inf"),
    ("1:30", "1:30"),
    ("190:20:30", "190:20:30"),
    ("2026-11-21", "2026-11-21"),
    ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"),
    ("=", "="),
    ("<<", "<<"),
    ("a b  c", "a b  c"),
    ("it's", "it's"),
    ("say \"hi\"", "say \"hi\""),
    ("C:\\new", "C:\\new"),
    ("a#b", "a#b"),
    ("a:b", "a:b"),
    ("$VAR", "$VAR"),
    ("a{{ jinja }}", "a{{ jinja }}"),
    ("http://example.com/?a=b#c", "http://example.com/?a=b#c"),
    ("日本語", "日本語"),
    ("🚀", "🚀"),
    ("e\u{301}", "e\u{301}"),
    ("שלום", "שלום"),
    ("a # a comment", "a"),
    ("  a  ", "a"),
    ("a\n        b", "a b"),
    // Quoted.
    ("'on'", "on"),
    ("\"no\"", "no"),
    ("\"1_000\"", "1_000"),
    ("'~'", "~"),
    ("'null'", "null"),
    ("''", ""),
    ("\"\"", ""),
    ("' a '", " a "),
    ("'it''s'", "it's"),
    ("'a: b'", "a: b"),
    ("'a # b'", "a # b"),
    ("'{{ ds }}'", "{{ ds }}"),
    ("'C:\\new'", "C:\\new"),
    ("\"a\\tb\\n\"", "a\tb\n"),
    ("\"\\u00e4 \\U0001F680 \\x41\"", "ä 🚀 A"),
    ("\"a\\\n        b\"", "ab"),
    ("\"\\uFEFF\"", "\u{feff}"),
    ("\"\\N\\_\\L\\P\"", "\u{85}\u{a0}\u{2028}\u{2029}"),
    // In blocks.
    ("|\n        a\n        b", "a\nb\n"),
    ("|-\n        a\n        b", "a\nb"),
    ("|+\n        a\n", "a\n\n"),
    (">\n        a\n        b\n\n        c", "a b\nc\n"),
    ("|\n        on\n        - no: [", "on\n- no: [\n"),
    ("|2\n          a\n        b", "  a\nb\n"),
];

#[test]
fn what_a_stack_says_arrives_as_it_was_meant() {
    let (written, meant): (Vec<&str>, Vec<String>) =
        WRITTEN.iter().map(|(written, meant)| (*written, (*meant).to_owned())).unzip();
    check_variables("as rendered", &meant, &scheduler_of_a_stack_that_says(&written));
}

#[test]
fn a_plain_null_is_no_value() {
    let scheduler = scheduler_of_a_stack_that_says(&["~", "null", "Null", "NULL", ""]);
    let variables = scheduler["env"].as_array().unwrap();
    let without_value = variables.iter().filter(|variable| {
        variable["name"].as_str().unwrap().starts_with("STRING_") && variable.get("value").is_none()
    });
    assert_eq!(without_value.count(), 5, "{variables:#?}");
}

/// The rendered container of a `stack.yaml` with these values.
fn scheduler_of_a_stack_that_says(values: &[&str]) -> Value {
    let begin = "name: strings\nregion: us-west-2\nnodeGroups:\n  - name: core\nairflow:\n  env:\n";
    let variable = |(position, value)| format!("    - name: STRING_{position:03}\n      value: {value}\n");
    let text: String = values.iter().enumerate().map(variable).collect();
    let manifests = manifests(&format!("{begin}{text}"), "stack.yaml");
    main_container(object(&manifests, "Deployment", "airflow-scheduler")).clone()
}
