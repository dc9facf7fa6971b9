//! Definitions in a chart's `crds/`.

use serde_json::json;

use crate::chart::Chart;
use crate::setup::Setup;

fn definition(group: &str, field: &str) -> String {
    let schema = json!({ "type": "object", "properties": { "spec": { "type": "object", "properties": { field: { "type": "string" } } } } });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": format!("lamps.{group}") },
        "spec": {
            "group": group,
            "names": { "kind": "Lamp", "plural": "lamps", "singular": "lamp" },
            "scope": "Namespaced",
            "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } }],
        },
    })
    .to_string()
}

const PATH: &str = "{.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties}";

#[tokio::test(flavor = "multi_thread")]
async fn definitions_are_kept_in_step_with_the_chart_and_stay_when_it_goes() {
    let setup = Setup::new("crds").await;
    let releases = setup.releases().await;
    let group = format!("{}.example.com", setup.namespace);
    let name = format!("lamps.{group}");
    let fields = || setup.field(&format!("crd/{name}"), PATH);
    // An instance comes with the chart, so the definition has to be served before.
    let lamp = format!("apiVersion: {group}/v1\nkind: Lamp\nmetadata: {{name: one}}\nspec: {{color: red}}\n");
    let chart = Chart::new("lamps", "1.0.0")
        .with("crds/lamps.yaml", &definition(&group, "color"))
        .with("templates/lamp.yaml", &lamp);
    let release = setup.release("lamps", &chart, json!({}));
    releases.create(&release).await.unwrap();
    assert!(fields().contains("color"));

    let chart = chart.version("1.1.0").with("crds/lamps.yaml", &definition(&group, "watts"));
    let chart = chart.with("templates/lamp.yaml", &lamp.replace("color: red", "watts: \"60\""));
    releases.update(&release, &[]).await.unwrap();
    assert!(fields().contains("watts") && !fields().contains("color"), "{}", fields());
    assert_eq!(setup.field(&format!("lamps.{group}/one"), "{.spec.watts}"), "60");

    // Another tool keeps it.
    let file = setup.folder.path().join("definition.json");
    std::fs::write(&file, definition(&group, "watts").replace("Lamp\"", "Lamp\",\"shortNames\":[\"lp\"]"))
        .unwrap();
    let file = file.display().to_string();
    setup.kubectl(&[
        "apply",
        "--server-side",
        "--force-conflicts",
        "--field-manager=argocd-controller",
        "--filename",
        &file,
    ]);
    let chart = chart.version("1.2.0").with("crds/lamps.yaml", &definition(&group, "lumen"));
    let failure = releases.update(&release, &[]).await.unwrap_err();
    assert_eq!(failure.operation, format!("apply CustomResourceDefinition {name}"));
    assert_eq!(failure.message, "it is kept by `argocd-controller`");
    drop(chart);

    releases.delete(&release.id).await.unwrap();
    assert_eq!(setup.field(&format!("crd/{name}"), "{.metadata.name}"), name);
    setup.kubectl(&["delete", "crd", &name]);
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_that_are_to_be_skipped_are_not_made() {
    let setup = Setup::new("crds-skipped").await;
    let group = format!("{}.example.com", setup.namespace);
    let chart = Chart::new("lamps", "1.0.0").with("crds/lamps.yaml", &definition(&group, "color"));
    let mut release = setup.release("lamps", &chart, json!({}));
    release.skip_crds = true;
    setup.releases().await.create(&release).await.unwrap();
    assert_eq!(setup.field(&format!("crd/lamps.{group}"), "{.metadata.name}"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_of_another_release_is_left_to_that_one() {
    let setup = Setup::new("crds-of").await;
    let releases = setup.releases().await;
    let group = format!("{}.example.com", setup.namespace);
    let owner = Chart::new("lamps-crd", "1.0.0").with("templates/lamps.yaml", &definition(&group, "color"));
    releases.create(&setup.release("lamps-crd", &owner, json!({}))).await.unwrap();
    let user = Chart::new("lamps", "1.0.0").with("crds/lamps.yaml", &definition(&group, "watts"));
    releases.create(&setup.release("lamps", &user, json!({}))).await.unwrap();
    let name = format!("crd/lamps.{group}");
    assert!(setup.field(&name, PATH).contains("color"));
    releases.delete(&setup.release("lamps-crd", &owner, json!({})).id).await.unwrap();
    assert_eq!(setup.field(&name, "{.metadata.name}"), "");
}
