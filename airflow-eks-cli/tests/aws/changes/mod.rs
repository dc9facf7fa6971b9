//! Changing each field that may be changed plans exactly that change; applying it converges, and so does going back.

mod cluster;
mod data;
mod identities;
mod network;
mod nodes;

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
