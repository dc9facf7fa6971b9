//! `kubeconfig`: a kubectl context for the cluster.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use airflow_eks_aws::ClusterAccess;
use serde_json::{Map, Value, json};

use crate::args::Global;
use crate::error::Error;
use crate::session::{block_on, connect};
use crate::{input, output};

pub(crate) fn run(global: &Global) -> Result<(), Error> {
    let stack = input::stack(global)?;
    let region = stack.spec().region.to_string();
    let cluster = stack.cluster_name().to_owned();
    let access = block_on(async { Ok(connect(&stack).await.cluster_access(&cluster).await?) })?;
    let Some(access) = access else {
        return Err(Error::Failed {
            message: format!("there is no cluster `{cluster}` in {region}, or it has no endpoint yet"),
            hint: Some("make it with `airflow-eks apply`".to_owned()),
        });
    };
    let context = global.context.clone().unwrap_or_else(|| cluster.clone());
    let path = match &global.kubeconfig {
        Some(path) if path.as_os_str() == "-" => {
            let alone = merged(Value::Null, &context, &cluster, &region, &access);
            return output::data(&airflow_eks_core::render::yaml(&alone));
        }
        Some(path) => path.clone(),
        None => default_path()?,
    };
    let config = merged(read(&path)?, &context, &cluster, &region, &access);
    write(&path, &airflow_eks_core::render::yaml(&config))?;
    output::talk(global, &format!("wrote the context `{context}` to {}", path.display()));
    output::talk(global, &format!("next: kubectl --context {context} get nodes"));
    Ok(())
}

/// The file that kubectl reads: the first of KUBECONFIG, or the one in the home folder.
fn default_path() -> Result<PathBuf, Error> {
    let listed = std::env::var_os("KUBECONFIG").unwrap_or_default();
    if let Some(first) = std::env::split_paths(&listed).find(|path| !path.as_os_str().is_empty()) {
        return Ok(first);
    }
    std::env::home_dir().map(|home| home.join(".kube").join("config")).ok_or_else(|| Error::Input {
        message: "there is no home folder to write to".to_owned(),
        hint: "name a file with --kubeconfig".to_owned(),
    })
}

fn read(path: &Path) -> Result<Value, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Value::Null),
        Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
    };
    let config: Result<Value, _> = serde_saphyr::from_str(&text);
    match config {
        Ok(config @ (Value::Object(_) | Value::Null)) => Ok(config),
        Ok(_) => Err(not_a_kubeconfig(path, "it is no mapping")),
        Err(error) => Err(not_a_kubeconfig(path, &error.to_string())),
    }
}

fn not_a_kubeconfig(path: &Path, why: &str) -> Error {
    Error::Input {
        message: format!("{} is not a kubeconfig: {why}", path.display()),
        hint: "mend it, or name another file with --kubeconfig".to_owned(),
    }
}

/// The configuration with one cluster, user and context more, or replaced. All else stays.
fn merged(config: Value, context: &str, cluster: &str, region: &str, access: &ClusterAccess) -> Value {
    let mut config = match config {
        Value::Object(entries) => entries,
        _ => Map::new(),
    };
    config.entry("apiVersion").or_insert_with(|| json!("v1"));
    config.entry("kind").or_insert_with(|| json!("Config"));
    let arguments = ["token", "--cluster", cluster, "--region", region];
    // The profile that sees the cluster now is the one that sees it later.
    let profile = std::env::var("AWS_PROFILE").ok().filter(|profile| !profile.is_empty());
    let environment: Vec<Value> =
        profile.into_iter().map(|profile| json!({ "name": "AWS_PROFILE", "value": profile })).collect();
    let user = json!({ "exec": {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "airflow-eks",
        "args": arguments,
        "env": environment,
        "interactiveMode": "Never",
        "installHint": "install airflow-eks, which makes the token",
    }});
    let server = json!({
        "server": access.endpoint,
        "certificate-authority-data": access.certificate_authority,
    });
    put(&mut config, "clusters", context, "cluster", server);
    put(&mut config, "users", context, "user", user);
    put(&mut config, "contexts", context, "context", json!({ "cluster": context, "user": context }));
    config.insert("current-context".to_owned(), json!(context));
    Value::Object(config)
}

fn put(config: &mut Map<String, Value>, list: &str, name: &str, key: &str, value: Value) {
    let entries = config.entry(list).or_insert_with(|| json!([]));
    if !entries.is_array() {
        *entries = json!([]);
    }
    if let Value::Array(entries) = entries {
        entries.retain(|entry| entry.get("name").and_then(Value::as_str) != Some(name));
        entries.push(json!({ "name": name, key: value }));
    }
}

/// Writes beside the file and puts the new one in its place, so that no reader sees half of it. Only its owner may read it.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    // A link stays a link: what it points to is replaced.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}
