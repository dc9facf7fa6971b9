//! A stack of a test: its objects, its plans and what the API server holds of it.

use std::path::Path;
use std::sync::Arc;

use airflow_eks_core::Graph;
use airflow_eks_core::engine::{Execution, Failure, Outcome, SecretText, Secrets, observe};
use airflow_eks_core::graph::{ApplySet, GeneratedSecret, KubernetesObject, ResourceId};
use airflow_eks_core::plan::{self, Observations, Plan, PlanOptions};
use airflow_eks_k8s::{Access, Kubernetes};
use airflow_eks_testbed::{TestBed, unique_namespace};
use futures::future::BoxFuture;
use serde_json::{Value, json};

/// The value of every secret of a test.
pub(crate) const SECRET: &str = "hunter2-of-the-test";

struct OneSecret;

impl Secrets for OneSecret {
    fn text(&self, _: GeneratedSecret) -> BoxFuture<'_, Result<Option<SecretText>, Failure>> {
        Box::pin(async { Ok(Some(SecretText::new(SECRET.to_owned()))) })
    }
}

/// A stack of a test, with a namespace of its own. Both go when the test does.
pub(crate) struct Stack {
    pub(crate) bed: TestBed,
    pub(crate) name: String,
    pub(crate) namespace: String,
}

impl Stack {
    pub(crate) fn new(prefix: &str) -> Self {
        let name = unique_namespace(prefix);
        Self { bed: TestBed::connect().unwrap(), namespace: name.clone(), name }
    }

    /// A stack whose namespace is not its own.
    pub(crate) fn in_namespace_of_others(prefix: &str) -> Self {
        let stack = Self::new(prefix);
        stack.bed.kubectl().create_namespace(&stack.namespace).unwrap();
        stack
    }

    pub(crate) fn kubernetes(&self) -> Kubernetes {
        self.kubernetes_through(self.bed.kubeconfig_path())
    }

    pub(crate) fn kubernetes_through(&self, kubeconfig: &Path) -> Kubernetes {
        self.kubernetes_with(Access::Kubeconfig { file: Some(kubeconfig.to_owned()), context: None })
    }

    pub(crate) fn kubernetes_with(&self, access: Access) -> Kubernetes {
        Kubernetes::new(&self.name, access, Arc::new(OneSecret))
    }

    /// The kubeconfig of the test bed, which is JSON.
    pub(crate) fn kubeconfig(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.bed.kubeconfig_path()).unwrap()).unwrap()
    }

    pub(crate) fn namespace_object(&self) -> KubernetesObject {
        self.cluster_wide(
            json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": self.namespace } }),
        )
    }

    /// An object in the stack's namespace, with its labels.
    pub(crate) fn object(&self, mut body: Value) -> KubernetesObject {
        body["metadata"]["namespace"] = json!(self.namespace);
        self.cluster_wide(body)
    }

    pub(crate) fn cluster_wide(&self, mut body: Value) -> KubernetesObject {
        body["metadata"]["labels"]["airflow-eks/stack"] = json!(self.name);
        body["metadata"]["labels"][ApplySet::PART_OF] = json!(ApplySet::of(&self.name).id());
        KubernetesObject::from_value(body).unwrap()
    }

    pub(crate) fn config_map(&self, name: &str, data: Value) -> KubernetesObject {
        self.object(
            json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": data }),
        )
    }

    pub(crate) fn deployment(&self, name: &str, app: &str) -> KubernetesObject {
        self.object(json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name },
            "spec": {
                "replicas": 1,
                "selector": { "matchLabels": { "app": app } },
                "template": {
                    "metadata": { "labels": { "app": app } },
                    "spec": {
                        "containers": [{
                            "name": "main", "image": "pause:1", "ports": [{ "containerPort": 80 }],
                            "env": [{ "name": "NODE", "valueFrom": { "fieldRef": { "fieldPath": "spec.nodeName" } } }],
                            "resources": { "requests": { "cpu": "10m", "memory": "16Mi" } },
                        }],
                    },
                },
            },
        }))
    }

    /// Some objects of each kind that a stack has.
    pub(crate) fn objects(&self) -> Vec<KubernetesObject> {
        vec![
            self.namespace_object(),
            self.config_map("config", json!({ "a": "1", "b": "2" })),
            self.deployment("scheduler", "scheduler"),
            self.object(json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web" },
                "spec": { "selector": { "app": "web" }, "ports": [{ "name": "http", "port": 80 }] } })),
            self.object(json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "scheduler" } })),
            self.object(json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
                "metadata": { "name": "launcher" },
                "rules": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["create", "get"] }] })),
            self.object(json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
                "metadata": { "name": "launcher" },
                "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "launcher" },
                "subjects": [{ "kind": "ServiceAccount", "name": "scheduler", "namespace": self.namespace }] })),
            self.object(json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "key" },
                "type": "Opaque",
                "stringData": { "key": airflow_eks_core::graph::Late::Secret(GeneratedSecret::FernetKey).mark() } })),
            self.object(json!({ "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                "metadata": { "name": "web" },
                "spec": { "maxUnavailable": 1, "selector": { "matchLabels": { "app": "web" } } } })),
        ]
    }

    /// What there is, and what would be done about it.
    pub(crate) async fn plan(
        &self,
        kubernetes: &Kubernetes,
        graph: &Graph,
        options: PlanOptions,
    ) -> (Observations, Plan) {
        let observed = observe(graph, kubernetes, None).await;
        let observed = observed.with_owned(kubernetes.owned().await.unwrap());
        let plan = plan::plan(graph, &observed, options);
        (observed, plan)
    }

    /// Applies a graph, as a run of the program would.
    pub(crate) async fn apply_with(
        &self,
        kubernetes: &Kubernetes,
        graph: &Graph,
        options: PlanOptions,
    ) -> Outcome {
        let (observed, plan) = self.plan(kubernetes, graph, options).await;
        Execution::of(plan, graph, &observed, kubernetes).finish().await
    }

    /// The same, which has to succeed.
    pub(crate) async fn apply(&self, objects: Vec<KubernetesObject>) -> Outcome {
        let graph = Graph::of_objects(objects);
        let outcome = self.apply_with(&self.kubernetes(), &graph, PlanOptions::default()).await;
        assert!(outcome.is_complete(), "{outcome:?}");
        outcome
    }

    /// What a new run would do, in lines of text.
    pub(crate) async fn planned(&self, objects: Vec<KubernetesObject>) -> String {
        let (_, plan) =
            self.plan(&self.kubernetes(), &Graph::of_objects(objects), PlanOptions::default()).await;
        text(&plan)
    }

    /// Deletes everything that is the stack's.
    pub(crate) async fn destroy(&self) -> Outcome {
        let kubernetes = self.kubernetes();
        let plan = Plan::destroy(&kubernetes.owned().await.unwrap());
        let (graph, observed) = (Graph::default(), Observations::default());
        Execution::of(plan, &graph, &observed, &kubernetes).finish().await
    }

    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        let mut all = vec!["--namespace", &self.namespace];
        all.extend(arguments);
        self.bed.kubectl().run(&arguments.join(" "), &all).unwrap()
    }

    /// An object as the API server has it.
    pub(crate) fn get(&self, what: &str) -> Value {
        serde_json::from_str(&self.kubectl(&["get", what, "--output=json", "--show-managed-fields"])).unwrap()
    }

    /// The resource version of every object that is named: any write changes one.
    pub(crate) fn versions(&self) -> String {
        let kinds =
            "configmaps,deployments,services,serviceaccounts,roles,rolebindings,secrets,poddisruptionbudgets";
        let version = "jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.uid}/{.metadata.generation}/\
            {.metadata.managedFields[?(@.manager==\"airflow-eks\")].time}\n{end}";
        self.kubectl(&["get", kinds, "--show-managed-fields", "--output", version])
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let quietly = |arguments: &[&str]| drop(self.bed.kubectl().run("clean up", arguments));
        quietly(&["delete", "namespace", &self.namespace, "--wait=false", "--ignore-not-found"]);
        let parent = format!("airflow-eks-{}", self.name);
        quietly(&["delete", "configmap", &parent, "--namespace=kube-system", "--ignore-not-found"]);
    }
}

/// A plan in lines of text, without what is left as it is.
pub(crate) fn text(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for step in plan.steps().iter().filter(|step| step.action != plan::Action::Nothing) {
        lines.push(format!("{} {}", step.action.kind(), step.id));
        if let Some(reason) = step.action.reason() {
            lines.push(format!("  because {reason}"));
        }
        if let plan::Action::Replace { forced_by, .. } = &step.action {
            lines.push(format!("  forced by {}", forced_by.join(", ")));
        }
        for change in step.action.changes() {
            let before = change.before.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
            let after = match &change.after {
                plan::After::Known(value) => value.to_string(),
                plan::After::KnownAfterApply => "?".to_owned(),
                _ => "nothing".to_owned(),
            };
            let by = change.changed_by.as_ref().map(|by| format!(" (by {by})")).unwrap_or_default();
            lines.push(format!("  {}: {before} -> {after}{by}", change.path));
        }
    }
    lines.join("\n")
}

/// The ids of resources.
pub(crate) fn names<'a>(ids: impl Iterator<Item = &'a ResourceId>) -> Vec<String> {
    ids.map(ToString::to_string).collect()
}
