//! Two stacks in one cluster.

use crate::stacks::small;
use crate::support::Place;

#[test]
fn one_stack_goes_and_the_other_stays_whole() {
    let (one, other) = (Place::new(), Place::new());
    for place in [&one, &other] {
        place.stack(&small(&place.name, ""));
        place.apply().ok();
    }
    one.is_settled();
    let of_other = || {
        let kinds = "configmaps,deployments,jobs,pods,poddisruptionbudgets,roles,rolebindings,secrets,services,serviceaccounts";
        let text = "--output=jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid} {.metadata.generation}{\"\\n\"}{end}";
        other.within(&["get", kinds, text])
    };
    let before = of_other();
    assert!(before.lines().count() > 30, "{before}");
    one.destroy().ok();
    assert_eq!(of_other(), before);
    other.is_settled();
    let gone = other.kubectl(&["get", "namespace", &one.name, "--ignore-not-found", "--output=name"]);
    assert_eq!(gone, "");
}

/// What belongs to another stack is not taken, and nothing is changed.
#[test]
fn a_stack_does_not_take_what_is_anothers() {
    let (one, other) = (Place::new(), Place::new());
    one.stack(&small(&one.name, ""));
    one.apply().ok();
    let begun = one.field("deployment/airflow-scheduler", "{.metadata.uid} {.metadata.resourceVersion}");
    // The same namespace, and so the same names.
    other.stack(
        &small(&one.name, "")
            .replace(&format!("name: {}\nregion", one.name), &format!("name: {}\nregion", other.name)),
    );
    other.apply().fails(4, &["nothing was changed", &one.name]);
    assert_eq!(
        one.field("deployment/airflow-scheduler", "{.metadata.uid} {.metadata.resourceVersion}"),
        begun
    );
    one.is_settled();
}
