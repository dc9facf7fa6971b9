//! A port of a pod on this machine, through the API server.

use std::time::Duration;

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ObjectId;
use airflow_eks_core::k8s_openapi::api::core::v1::{Pod, Service};
use airflow_eks_core::k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::api::{Api, ListParams};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::error::{Error, failure, other};
use crate::kubernetes::Kubernetes;

const OPERATION: &str = "forward a port to";
/// How long is waited after a connection could not even be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// A port of a service, which some pod behind it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardTarget {
    service: ObjectId,
    port: u16,
}

/// The pod that answers at the moment, and the port of its container.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answering {
    pod: String,
    port: u16,
}

impl Kubernetes {
    /// Makes sure that somebody answers behind a port of a service.
    ///
    /// # Errors
    /// There is no such service, it has no such port, or no pod behind it is ready.
    pub async fn forward_target(&self, service: &ObjectId, port: u16) -> Result<ForwardTarget, Failure> {
        let target = ForwardTarget { service: service.clone(), port };
        self.answering(&target).await?;
        Ok(target)
    }

    /// Takes connections on this machine and hands each on to a pod that is ready at that time, until it is dropped.
    ///
    /// # Errors
    /// None so far: a connection that fails is noted in the log, and the next one is tried anew.
    pub async fn forward(&self, listener: TcpListener, target: ForwardTarget) -> Result<(), Failure> {
        loop {
            match listener.accept().await {
                Ok((connection, _)) => {
                    let (kubernetes, target) = (self.clone(), target.clone());
                    tokio::spawn(async move {
                        if let Err(failure) = kubernetes.hand_on(connection, &target).await {
                            tracing::warn!("{failure}");
                        }
                    });
                }
                // Too many open files, for example: it passes.
                Err(error) => {
                    tracing::warn!("a connection could not be taken: {error}");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn hand_on(&self, mut connection: TcpStream, target: &ForwardTarget) -> Result<(), Failure> {
        let name = target.service.to_string();
        let answering = self.answering(target).await?;
        let client = self.connected(&name, OPERATION).await?;
        let pods: Api<Pod> = Api::namespaced(client, namespace(target));
        let forwarding = pods.portforward(&answering.pod, &[answering.port]).await;
        let mut forwarding = forwarding.map_err(|error| failed(&name, error))?;
        let broken = |what: &str| other(&name, OPERATION, format!("pod {}: {what}", answering.pod));
        let mut stream = forwarding
            .take_stream(answering.port)
            .ok_or_else(|| broken("the API server opened no stream"))?;
        // Whoever goes first ends it: browsers drop connections all the time.
        let _ = copy_bidirectional(&mut connection, &mut stream).await;
        drop(stream);
        forwarding.abort();
        Ok(())
    }

    async fn answering(&self, target: &ForwardTarget) -> Result<Answering, Failure> {
        let name = target.service.to_string();
        let client = self.connected(&name, OPERATION).await?;
        let services: Api<Service> = Api::namespaced(client.clone(), namespace(target));
        let service = services.get(&target.service.name).await.map_err(|error| failed(&name, error))?;
        let pods: Api<Pod> = Api::namespaced(client, namespace(target));
        let pods = pods
            .list(&ListParams::default().labels(&selector(&service)))
            .await
            .map_err(|error| failed(&name, error))?;
        choose(&service, &pods.items, target.port).map_err(|why| other(&name, OPERATION, why))
    }
}

fn failed(name: &str, error: kube::Error) -> Failure {
    failure(name, OPERATION, &Error::from(error))
}

fn namespace(target: &ForwardTarget) -> &str {
    target.service.namespace.as_deref().unwrap_or("default")
}

fn selector(service: &Service) -> String {
    let labels = service.spec.iter().flat_map(|spec| spec.selector.iter().flatten());
    labels.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

/// A pod that is ready, and the port of its container that the service's port stands for.
fn choose(service: &Service, pods: &[Pod], port: u16) -> Result<Answering, String> {
    let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
    let Some(found) = ports.into_iter().find(|found| found.port == i32::from(port)) else {
        return Err(format!("it has no port {port}"));
    };
    let Some(pod) = pods.iter().find(|pod| is_ready(pod)) else {
        let there = pods.len();
        return Err(format!("no pod behind it is ready, of {there}; `airflow-eks status` says why"));
    };
    let number = match &found.target_port {
        None => Some(found.port),
        Some(IntOrString::Int(number)) => Some(*number),
        Some(IntOrString::String(name)) => named_port(pod, name),
    };
    let number = number.and_then(|number| u16::try_from(number).ok());
    let name = pod.metadata.name.clone().unwrap_or_default();
    match number {
        Some(port) => Ok(Answering { pod: name, port }),
        None => Err(format!("the pod {name} has no port that the port {port} stands for")),
    }
}

fn named_port(pod: &Pod, name: &str) -> Option<i32> {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    let mut ports = containers.flat_map(|container| container.ports.iter().flatten());
    ports.find(|port| port.name.as_deref() == Some(name)).map(|port| port.container_port)
}

fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let is_going = pod.metadata.deletion_timestamp.is_some();
    !is_going
        && conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;

    fn service(target: Value) -> Service {
        from_value(json!({ "spec": { "selector": { "component": "web" },
            "ports": [{ "port": 8080, "targetPort": target }] } }))
        .unwrap()
    }

    fn pod(name: &str, ready: &str) -> Pod {
        from_value(json!({
            "metadata": { "name": name },
            "spec": { "containers": [{ "name": "web", "ports": [{ "name": "ui", "containerPort": 8081 }] }] },
            "status": { "conditions": [{ "type": "Ready", "status": ready }] },
        }))
        .unwrap()
    }

    #[test]
    fn a_ready_pod_answers_on_the_port_of_its_container() {
        let pods = [pod("one", "False"), pod("two", "True")];
        let chosen = |target| choose(&service(target), &pods, 8080);
        assert_eq!(chosen(json!("ui")).unwrap(), Answering { pod: "two".into(), port: 8081 });
        assert_eq!(chosen(json!(9000)).unwrap(), Answering { pod: "two".into(), port: 9000 });
        assert!(chosen(json!("other")).unwrap_err().contains("no port that the port 8080 stands for"));
    }

    #[test]
    fn what_is_missing_is_said() {
        let unready = [pod("one", "False")];
        let why = choose(&service(json!("ui")), &unready, 8080).unwrap_err();
        assert!(why.contains("no pod behind it is ready, of 1"), "{why}");
        assert_eq!(choose(&service(json!("ui")), &unready, 80).unwrap_err(), "it has no port 80");
        assert_eq!(selector(&service(json!("ui"))), "component=web");
    }
}
