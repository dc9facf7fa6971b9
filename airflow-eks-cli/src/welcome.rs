//! Where to go once a stack is there: the web interface, the login, the cluster.

use airflow_eks_core::{Stack, WebAccess, web_access};
use serde_json::{Value, json};

use crate::session::Session;

/// Where to go, a line each.
pub(crate) fn lines(session: &Session) -> Vec<String> {
    let access = web_access(&session.stack);
    let mut lines = vec![match &access.url {
        Some(url) => format!("Airflow: {url} (or `airflow-eks ui`, from anywhere that reaches the cluster)"),
        None => "Airflow: `airflow-eks ui`".to_owned(),
    }];
    lines.extend(login(session, &access));
    lines.push("next: `airflow-eks kubeconfig`, `airflow-eks status`".to_owned());
    lines
}

/// Where the login is kept. The password itself is never printed.
pub(crate) fn login(session: &Session, access: &WebAccess) -> Option<String> {
    let login = access.login.as_ref()?;
    let namespace = login.object.namespace.as_deref().unwrap_or_default();
    let object = &login.object.name;
    let command =
        format!("kubectl -n {namespace} get secret {object} -o jsonpath='{{.data.password}}' | base64 -d");
    // Without AWS the cluster alone keeps it.
    let kept = match &session.sides.secrets {
        Some(_) => format!("its password: {command}"),
        None => format!(
            "with the password in the secret `{}` of AWS Secrets Manager, also: {command}",
            login.secret
        ),
    };
    Some(format!("login: `{}`, {kept}", login.username))
}

/// The same as a document.
pub(crate) fn json(stack: &Stack) -> Value {
    let access = web_access(stack);
    json!({
        "url": access.url,
        "service": access.service.to_string(),
        "username": access.login.as_ref().map(|login| &login.username),
        "passwordSecret": access.login.as_ref().map(|login| &login.secret),
    })
}
