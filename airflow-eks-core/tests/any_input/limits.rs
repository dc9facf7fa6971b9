//! Inputs that are too long, too deep or too many.

use airflow_eks_core::presets::DEFAULT;
use airflow_eks_core::{Document, Facts};

use crate::is_an_answer;

fn refused(text: &str) -> String {
    let stack = Document::parse(text, "stack.yaml").and_then(|document| document.stack(&Facts::unknown()));
    let problems = stack.unwrap_err();
    is_an_answer(&problems);
    problems.to_string()
}

#[test]
fn ten_thousand_brackets_are_refused() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
        assert!(refused(&open.repeat(10_000)).contains("stack.yaml:1:"));
        assert!(refused(&(open.repeat(10_000) + &close.repeat(10_000))).contains("stack.yaml:1:"));
    }
}

#[test]
fn a_very_long_line_is_answered_in_few_words() {
    let long = "x".repeat(100_000);
    for text in [
        format!("name: {long}"),
        format!("{long}: demo"),
        format!("airflow: {{config: {{core: {{x: {long}}}}}}}"),
        format!("environment: {long}"),
        format!("network: {{zoneCount: {long}}}"),
        format!("network: {{vpcCidr: {long}}}"),
        format!("airflow: {{ingress: {{host: {long}}}}}"),
    ] {
        assert!(refused(&text).len() < 4_000, "{}", refused(&text).len());
    }
}

#[test]
fn aliases_cannot_blow_a_text_up() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        text += &format!("a{level}: &a{level} [{below}]\n");
    }
    assert!(refused(&text).contains("aliases"));
}

#[test]
fn aliases_cannot_nest_deeper_than_brackets() {
    let mut text = format!("a0: &a0 {}{}\n", "[".repeat(40), "]".repeat(40));
    for level in 1..60 {
        let (open, close) = ("[".repeat(40), "]".repeat(40));
        text += &format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1);
    }
    assert!(refused(&text).contains("nested more than 64 levels deep"));
}

#[test]
fn assignments_cannot_nest_deeper_than_brackets() {
    let mut document = DEFAULT.document().unwrap();
    for steps in [65, 100_000] {
        let path = vec!["a"; steps].join(".");
        let problems = document.set(&format!("{path}=1")).unwrap_err();
        is_an_answer(&problems);
        assert!(problems.to_string().len() < 1_000_000);
    }
    let (open, close) = ("[".repeat(60), "]".repeat(60));
    is_an_answer(&document.set(&format!("addons.keda.values.a.b={open}{close}")).unwrap_err());
    assert!(document.stack(&Facts::unknown()).is_ok());
}

#[test]
fn bytes_that_editors_leave_are_taken_or_named() {
    let text = DEFAULT.text;
    assert!(
        Document::parse(&format!("\u{feff}{text}"), "stack.yaml").unwrap().spec().is_ok(),
        "byte order mark"
    );
    let windows = text.replace('\n', "\r\n");
    let spec = Document::parse(&windows, "stack.yaml").unwrap().spec().unwrap();
    assert_eq!(spec, DEFAULT.document().unwrap().spec().unwrap());
    let wrong = windows.replace("zoneCount: 2", "zoneCount: 4");
    let line = 1 + text.lines().position(|line| line.contains("zoneCount")).unwrap();
    assert!(refused(&wrong).starts_with(&format!("stack.yaml:{line}:14: network.zoneCount: ")));
    for broken in
        ["name: de\0mo", "\0", "name: \"\\uD800\"", "name: \"\\uDC00\\uD800\"", "name: \"\\0\"", "\u{1b}[31m"]
    {
        let answer = refused(broken);
        assert!(!answer.contains(['\0', '\u{1b}']), "{answer:?}");
    }
}

#[test]
fn numbers_beyond_any_type_are_refused() {
    for number in
        ["1e400", "99999999999999999999999999999", "-99999999999999999999999999999", ".nan", "0x7fffffffff"]
    {
        refused(&format!("name: demo\nregion: us-west-2\nnodeGroups: [{{name: core, minSize: {number}}}]\n"));
        refused(&format!(
            "name: demo\nregion: us-west-2\nkarpenterNodePools: [{{name: a, cpuLimit: {number}Ei}}]\n"
        ));
    }
}

#[test]
fn a_thousand_mistakes_get_a_thousand_answers() {
    let groups: String = (0..1_000).map(|n| format!("  - {{name: group-{n}, diskSizeGib: big}}\n")).collect();
    let text = format!("name: demo\nregion: us-west-2\nnodeGroups:\n{groups}");
    let problems = Document::parse(&text, "stack.yaml").unwrap().stack(&Facts::unknown()).unwrap_err();
    // And one for the number of groups.
    assert_eq!(problems.len(), 1_001);
}

#[test]
fn a_hundred_thousand_keys_are_read() {
    let keys: String = (0..90_000).map(|n| format!("key-{n}: 1\n")).collect();
    assert!(Document::parse(&keys, "stack.yaml").is_ok());
}
