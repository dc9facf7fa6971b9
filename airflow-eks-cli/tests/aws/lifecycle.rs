//! Made, found as it is to be, and removed without a trace.

use crate::support::Place;

/// From an empty account and back to it, for one preset.
fn there_and_back(preset: &str) {
    let place = Place::new();
    place.preset(preset);
    let before = place.aws.dump(&place.account).unwrap();

    place.apply().ok();
    place.aws.clear_requests(&place.account).unwrap();
    place.apply().ok();
    assert_eq!(place.mutations(), [""; 0], "a second apply changes nothing");
    place.run(&["plan", "--only", "aws", "--exit-code"]).ok();

    place.destroy().ok();
    let after = place.aws.dump(&place.account).unwrap();
    assert_eq!(after, before, "destroy leaves nothing");
    place.destroy().ok();
}

#[test]
fn the_default_stack() {
    there_and_back("self-managed-airflow");
}

#[test]
fn a_minimal_stack() {
    there_and_back("minimal");
}

#[test]
fn a_stack_with_spark() {
    there_and_back("spark");
}

#[test]
fn a_stack_on_fargate() {
    there_and_back("fargate");
}
