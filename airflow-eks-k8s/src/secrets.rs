//! Generated secrets, kept in the cluster where AWS does not keep them.

use std::sync::Arc;

use airflow_eks_core::engine::{Failure, SecretText, Secrets};
use airflow_eks_core::graph::{ApplySet, GeneratedSecret};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use futures::future::BoxFuture;
use http::Method;
use k8s_openapi::api::core::v1::Secret;
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt as _};
use rand::distr::{Alphanumeric, SampleString};
use serde_json::{Map, Value, json};

use crate::access::Access;
use crate::call::{Call, escaped};
use crate::connection::Connection;
use crate::error::{Error, failure, other};

/// Where the password of a database is taken from that the stack does not make.
const DATABASE_PASSWORD: &str = "AIRFLOW_EKS_DATABASE_PASSWORD";
const NAMESPACE: &str = "kube-system";

/// Generated secrets, kept in one Secret of the cluster. They are made once and never again: a database would not know a new
/// password, and what is encrypted with a key could not be read with another. Cheap to clone.
#[derive(Clone)]
pub struct ClusterSecrets {
    stack: String,
    connection: Arc<Connection>,
}

impl ClusterSecrets {
    /// The secrets of the stack of this name, in the cluster that is reached like this.
    #[must_use]
    pub fn new(stack: &str, access: Access) -> Self {
        Self { stack: stack.to_owned(), connection: Arc::new(Connection::new(access)) }
    }

    /// Makes those of `needed` that have not been made yet, before anything is applied that holds them.
    ///
    /// # Errors
    /// They cannot be read or written; the password of the database is needed, and nobody has said it; or one is lost that the
    /// database needs, while the stack is there.
    pub async fn make(&self, needed: &[GeneratedSecret]) -> Result<(), Failure> {
        let Some(client) = self.connection.client().await? else {
            return Err(other(&self.id(), "create", "there is no cluster yet"));
        };
        for _ in 0..20 {
            let found = self.find(&client).await?;
            if let Some(why) = self.lost(&client, needed, found.as_ref()).await? {
                return Err(why);
            }
            let mut missing = Map::new();
            for secret in needed.iter().filter(|secret| value(found.as_ref(), **secret).is_none()) {
                let text = self.generate(*secret)?;
                missing.insert(key(*secret), Value::from(STANDARD.encode(text.expose())));
            }
            if missing.is_empty() {
                return Ok(());
            }
            match self.add(&client, found, missing).await {
                Ok(()) => return Ok(()),
                // Another run was quicker: its secrets are the ones.
                Err(error) if error.is_conflict() || error.is_not_found() => {}
                Err(error) => return Err(failure(&self.id(), "write", &error)),
            }
        }
        Err(other(&self.id(), "write", "others write it all the time"))
    }

    /// Why a secret is not made that the database needs, where what the stack has in the cluster still holds the right one. All
    /// of that is applied after the secrets are made, so this is never a run that was cut short.
    async fn lost(
        &self,
        client: &Client,
        needed: &[GeneratedSecret],
        found: Option<&Value>,
    ) -> Result<Option<Failure>, Failure> {
        let is_missing = |secret: &GeneratedSecret, found: Option<&Value>| value(found, *secret).is_none();
        let of_database = [GeneratedSecret::FernetKey, GeneratedSecret::DatabasePassword];
        let mut missing: Vec<_> = of_database.into_iter().filter(|secret| needed.contains(secret)).collect();
        missing.retain(|secret| is_missing(secret, found) && said(*secret).is_none());
        if missing.is_empty() {
            return Ok(None);
        }
        let Some(holder) = self.holder(client).await? else { return Ok(None) };
        // Another run may have made them and applied what holds them in between.
        let found = self.find(client).await?;
        let Some(lost) = missing.into_iter().find(|secret| is_missing(secret, found.as_ref())) else {
            return Ok(None);
        };
        let message = format!(
            "its entry `{}` is lost, and what the database holds could not be used with a new one: the stack is there \
             already, with {holder}",
            key(lost)
        );
        let hint = "put the entry back with its old value, from a backup or from the stack's Secrets in the cluster, which still \
                    hold it; or, for an empty database, delete those first";
        Ok(Some(Failure { hint: Some(hint.to_owned()), ..other(&self.id(), "create", message) }))
    }

    /// A Secret of the stack. Those of Helm, which carry its name too, are none.
    async fn holder(&self, client: &Client) -> Result<Option<String>, Failure> {
        let selector = format!("{}={}", ApplySet::PART_OF, ApplySet::of(&self.stack).id());
        let secrets: Api<Secret> = Api::all(client.clone());
        let found = secrets.list_metadata(&ListParams::default().labels(&selector).limit(1)).await;
        let found =
            found.map_err(|error| failure("each Secret of the stack", "list", &Error::from(error)))?;
        Ok(found
            .items
            .first()
            .map(|secret| format!("Secret {}/{}", secret.namespace().unwrap_or_default(), secret.name_any())))
    }

    /// Adds entries to what was read, unless somebody has written it since.
    async fn add(
        &self,
        client: &Client,
        found: Option<Value>,
        missing: Map<String, Value>,
    ) -> Result<(), Error> {
        let call = match found {
            None => Call::new(Method::POST, self.folder()).body(&json!({
                "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": missing,
                "metadata": { "name": self.name(), "namespace": NAMESPACE, "labels": {
                    "app.kubernetes.io/managed-by": "airflow-eks", "airflow-eks/stack": self.stack } } })),
            Some(mut secret) => {
                if let Some(secret) = secret.as_object_mut() {
                    let data = secret.entry("data").or_insert_with(|| Value::Object(Map::new()));
                    if let Some(data) = data.as_object_mut() {
                        data.extend(missing);
                    }
                }
                Call::new(Method::PUT, self.path()).body(&secret)
            }
        };
        call.with("fieldManager", "airflow-eks").send::<Value>(client).await.map(drop)
    }

    async fn find(&self, client: &Client) -> Result<Option<Value>, Failure> {
        Call::get(self.path()).find(client).await.map_err(|error| failure(&self.id(), "get", &error))
    }

    async fn read(&self, secret: GeneratedSecret) -> Result<Option<SecretText>, Failure> {
        let Some(client) = self.connection.client().await? else { return Ok(None) };
        let found = self.find(&client).await?;
        let Some(text) = value(found.as_ref(), secret) else { return Ok(None) };
        let bytes = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let unreadable = || other(&self.id(), "read", format!("its entry `{}` is no text", key(secret)));
        bytes.map(SecretText::new).map(Some).ok_or_else(unreadable)
    }

    /// As AWS Secrets Manager would be given them: see `airflow-eks-aws`.
    fn generate(&self, secret: GeneratedSecret) -> Result<SecretText, Failure> {
        let text = match secret {
            GeneratedSecret::DatabasePassword => said(secret).ok_or_else(|| self.no_password())?,
            GeneratedSecret::FernetKey => URL_SAFE.encode(rand::random::<[u8; 32]>()),
            // Letters and digits alone: people type it.
            GeneratedSecret::AdminPassword => Alphanumeric.sample_string(&mut rand::rng(), 32),
            _ => rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        Ok(SecretText::new(text))
    }

    /// Deletes all of them: what only they open stays closed. That there are none is no error.
    ///
    /// # Errors
    /// They cannot be deleted.
    pub async fn delete(&self) -> Result<(), Failure> {
        let Some(client) = self.connection.client().await? else { return Ok(()) };
        let gone = Call::new(Method::DELETE, self.path()).find::<Value>(&client).await;
        gone.map(drop).map_err(|error| failure(&self.id(), "delete", &error))
    }

    /// Whether any have been made.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn are_there(&self) -> Result<bool, Failure> {
        let Some(client) = self.connection.client().await? else { return Ok(false) };
        Ok(self.find(&client).await?.is_some())
    }

    fn no_password(&self) -> Failure {
        let message = "nobody has said the password of the database, which is not made here";
        let hint = format!("set {DATABASE_PASSWORD} for this first run; the cluster keeps it");
        Failure { hint: Some(hint), ..other(&self.id(), "create", message) }
    }

    fn name(&self) -> String {
        format!("airflow-eks-{}-secrets", self.stack)
    }

    /// The Secret that they are kept in, as messages have it.
    #[must_use]
    pub fn id(&self) -> String {
        format!("Secret {NAMESPACE}/{}", self.name())
    }

    fn folder(&self) -> String {
        format!("/api/v1/namespaces/{NAMESPACE}/secrets")
    }

    fn path(&self) -> String {
        format!("{}/{}", self.folder(), escaped(&self.name()))
    }
}

impl Secrets for ClusterSecrets {
    fn text(&self, secret: GeneratedSecret) -> BoxFuture<'_, Result<Option<SecretText>, Failure>> {
        Box::pin(self.read(secret))
    }
}

/// What a person has said of a secret, so that it is not made.
fn said(secret: GeneratedSecret) -> Option<String> {
    let is_said = secret == GeneratedSecret::DatabasePassword;
    is_said.then(|| std::env::var(DATABASE_PASSWORD).ok()).flatten().filter(|password| !password.is_empty())
}

/// The name of its entry: names of secrets may hold slashes, which entries may not.
fn key(secret: GeneratedSecret) -> String {
    secret.name().replace('/', ".")
}

fn value(found: Option<&Value>, secret: GeneratedSecret) -> Option<&str> {
    found?.get("data")?.get(key(secret))?.as_str().filter(|text| !text.is_empty())
}
