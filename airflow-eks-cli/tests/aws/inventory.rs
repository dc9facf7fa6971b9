//! What is in an account after apply, read back by another program in another language and compared with a table.

use std::process::Command;

use crate::ran::Ran;
use crate::support::Place;

/// Where the inventory is.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../testbed/aws");

fn inventory(place: &Place, arguments: &[&str]) -> Ran {
    let mut command = Command::new(place.aws.python());
    command.arg("-m").args(arguments).args(["--account", &place.account]).current_dir(FOLDER);
    command.env_remove("AWS_PROFILE").env_remove("AWS_SESSION_TOKEN").env("PYTHONDONTWRITEBYTECODE", "1");
    command.envs(place.aws.environment(&place.account)).output().unwrap().into()
}

fn applied(preset: &str) -> Place {
    let place = Place::new();
    place.preset(preset);
    place.apply().ok();
    place
}

fn is_as_the_table_says(preset: &str) {
    inventory(&applied(preset), &["inventory", "--preset", preset]).ok();
}

#[test]
fn a_minimal_stack() {
    is_as_the_table_says("minimal");
}

#[test]
fn a_stack_with_spark() {
    is_as_the_table_says("spark");
}

#[test]
fn a_stack_on_fargate() {
    is_as_the_table_says("fargate");
}

/// In the same account: that the comparison can fail.
#[test]
fn the_default_stack() {
    let place = applied("self-managed-airflow");
    inventory(&place, &["inventory", "--preset", "self-managed-airflow"]).ok();
    inventory(&place, &["inventory.sanity"]).ok();
    inventory(&place, &["inventory", "--preset", "self-managed-airflow"]).ok();
}
