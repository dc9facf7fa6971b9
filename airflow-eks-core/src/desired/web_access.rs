//! How people reach the web interface.

use crate::graph::{GeneratedSecret, ObjectId};
use crate::stack::Stack;

use super::{Names, kubernetes};

/// How people reach the web interface of Airflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAccess {
    /// The service before it.
    pub service: ObjectId,
    /// The port of that service.
    pub port: u16,
    /// The ingress before that, where there is one.
    pub ingress: Option<ObjectId>,
    /// Its address, where the stack gives it a host name.
    pub url: Option<String>,
    /// Who can log in from the beginning, where the stack makes a first user.
    pub login: Option<Login>,
}

/// The first user. The password itself is known to Secrets Manager and to the cluster only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The name to log in with.
    pub username: String,
    /// The Kubernetes Secret that holds the password, under the key `password`.
    pub object: ObjectId,
    /// The name of the password in AWS Secrets Manager.
    pub secret: String,
}

/// How people reach the web interface of a stack.
///
/// ```
/// use airflow_eks_core::{Facts, presets, web_access};
///
/// let access = web_access(&presets::DEFAULT.stack(&Facts::unknown()).unwrap());
/// assert_eq!(access.service.to_string(), "Service airflow/airflow-api-server");
/// ```
#[must_use]
pub fn web_access(stack: &Stack) -> WebAccess {
    let airflow = &stack.spec().airflow;
    let object = |group: &str, kind: &str, name: &str| {
        ObjectId::new(group, kind, Some(airflow.namespace.as_str()), name)
    };
    let web = kubernetes::web(stack);
    let login = airflow.admin_user.create.then(|| Login {
        username: airflow.admin_user.username.to_string(),
        object: object("", "Secret", &web.admin_secret),
        secret: Names::of(stack).secret(GeneratedSecret::AdminPassword),
    });
    WebAccess {
        service: object("", "Service", &web.service),
        port: web.port,
        ingress: web.ingress.map(|name| object("networking.k8s.io", "Ingress", &name)),
        url: web.url,
        login,
    }
}
