//! Users, their tokens and their kubeconfigs.

use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use serde_json::json;

use crate::{Error, RunDirectory, Server, error::file_error};

/// The user whose rights the API server gives to its controller manager.
pub(crate) const CONTROLLER_MANAGER: &str = "system:kube-controller-manager";
/// The user whose rights the API server gives to its scheduler.
pub(crate) const SCHEDULER: &str = "system:kube-scheduler";
/// The user as whom KWOK works.
pub(crate) const KWOK: &str = "testbed:kwok";
/// The user as whom the volume provisioner works.
pub(crate) const VOLUME_PROVISIONER: &str = "testbed:volume-provisioner";
const DEVELOPER: &str = "developer";

/// Writes the token file of the API server and a kubeconfig for each of its users.
pub(crate) fn write(directory: &RunDirectory, api_server_port: u16) -> Result<(), Error> {
    let mut tokens = String::new();
    for (user, groups, kubeconfig) in [
        (DEVELOPER, "system:masters", directory.kubeconfig()),
        (CONTROLLER_MANAGER, "", directory.kubeconfig_of(CONTROLLER_MANAGER)),
        (SCHEDULER, "", directory.kubeconfig_of(SCHEDULER)),
        (KWOK, "system:masters", directory.kubeconfig_of(KWOK)),
        (VOLUME_PROVISIONER, "system:masters", directory.kubeconfig_of(VOLUME_PROVISIONER)),
    ] {
        let token = random_token()?;
        tokens.push_str(&format!("{token},{user},{user},\"{groups}\"\n"));
        let text = kubeconfig_text(user, &token, &directory.certificate(), api_server_port);
        write_private(&kubeconfig, &text)?;
    }
    write_private(&directory.tokens(), &tokens)
}

/// A kubeconfig, as JSON, which is YAML too.
fn kubeconfig_text(user: &str, token: &str, certificate: &Path, api_server_port: u16) -> String {
    let name = "airflow-eks-testbed";
    let server = Server::KubeApiserver.url(api_server_port);
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": name, "cluster": { "server": server, "certificate-authority": certificate } }],
        "users": [{ "name": user, "user": { "token": token } }],
        "contexts": [{ "name": name, "context": { "cluster": name, "user": user } }],
        "current-context": name,
    });
    format!("{config:#}\n")
}

fn random_token() -> Result<String, Error> {
    let source = "/dev/urandom";
    let mut bytes = [0; 16];
    fs::File::open(source)
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(file_error("read", source))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn write_private(path: &Path, text: &str) -> Result<(), Error> {
    fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(file_error("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (one, other) = (random_token().unwrap(), random_token().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }

    #[test]
    fn a_kubeconfig_points_at_loopback_and_trusts_one_certificate() {
        let text = kubeconfig_text("developer", "secret", Path::new("/bed/apiserver.crt"), 6443);
        let config: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(config["clusters"][0]["cluster"]["server"], "https://127.0.0.1:6443");
        assert_eq!(config["clusters"][0]["cluster"]["certificate-authority"], "/bed/apiserver.crt");
        assert_eq!(config["users"][0]["user"]["token"], "secret");
    }
}
