//! What programs and people read.

use super::*;

#[test]
fn the_document_says_what_the_plan_says() {
    let role = object(AwsKind::Role, "nodes");
    let mut there = present(&role);
    there.fields["description"] = json!("Old");
    let observed = observed([(&role, Observed::Present(Box::new(there)))])
        .with_owned(vec![owned(AwsKind::Queue, "old")]);
    let plan = plan(&graph(std::slice::from_ref(&role)), &observed, PlanOptions::default());
    assert_eq!(
        plan.to_json("demo"),
        json!({
            "version": 1,
            "stack": "demo",
            "steps": [
                { "resource": "Role nodes", "kind": "Role", "name": "nodes", "action": "update",
                  "dependsOn": [],
                  "changes": [{ "path": "description", "before": "Old", "after": "Nodes" }] },
                { "resource": "Queue old", "kind": "Queue", "name": "old", "action": "delete",
                  "dependsOn": [], "changes": [], "physicalId": "queue-1" },
            ],
            "summary": { "create": 0, "update": 1, "replace": 0, "delete": 1, "wait": 0, "blocked": 0,
                "nothing": 0 },
        })
    );
    assert_eq!(
        plan.to_string(),
        "~   Role nodes\n    ~   description: \"Old\" → \"Nodes\"\n-   Queue old (queue-1)\n\
         1 to update, 1 to delete.\n"
    );
}
