//! A secret in Secrets Manager.

use std::collections::BTreeMap;
use std::time::Duration;

use airflow_eks_core::aws_resources::{AwsKind, Secret, Tags, is_known};
use airflow_eks_core::engine::{Failure, Ownership, Readiness, SecretText, Secrets};
use airflow_eks_core::graph::{Attribute, AwsId, GeneratedSecret};
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::Tag;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use futures::future::BoxFuture;
use rand::distr::{Alphanumeric, SampleString};
use zeroize::Zeroizing;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Class, Error, found, gone};
use crate::wait;

/// How long the name of a deleted secret may stay taken.
const NAME_TAKEN: Duration = Duration::from_mins(2);

impl Manage for Secret {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = &wanted.body.name;
        if !is_known(name) {
            return Ok(None);
        }
        let secret = describe(aws, wanted.id, name).await?.filter(|secret| secret.deleted_date().is_none());
        let Some(secret) = secret else { return Ok(None) };
        let arn = secret.arn().unwrap_or_default().to_owned();
        let tags = read(secret.tags());
        Ok(Some(Found {
            physical_id: arn.clone(),
            body: Self {
                name: name.clone(),
                description: secret.description().unwrap_or_default().to_owned(),
                generated: wanted.body.generated.clone(),
            },
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn)]),
            readiness: Readiness::Ready,
        }))
    }

    /// Makes the value, once. A secret of the stack that is scheduled for deletion is restored with the value that it had.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let value = generate(wanted)?;
        // Fresh for every run, and the same for every attempt: what was deleted and is made again is another secret.
        let token = Alphanumeric.sample_string(&mut rand::rng(), 36);
        let (value, token) = (&value, token.as_str());
        let made = wait::until(NAME_TAKEN, || async move {
            match create(aws, wanted, value, token).await {
                Ok(()) => Ok(Some(())),
                Err(error) if is_taken(&error) => take_over(aws, wanted, error).await,
                Err(error) => Err(error),
            }
        });
        let message = "its name is still held by a secret that is being deleted: run again in a few minutes";
        made.await?.ok_or_else(|| Error::other(wanted.id, "secretsmanager:CreateSecret", message))
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        arn: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("description") {
            set_description(aws, wanted, arn).await?;
        }
        if changes.touch("tags") {
            set_tags(aws, wanted, arn).await?;
        }
        Ok(())
    }

    /// At once and for good, without the days in which Secrets Manager would restore it: destroying a stack leaves nothing
    /// behind, and its name is free again.
    /// See <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>.
    async fn delete(aws: &Aws, arn: &str) -> Result<(), Error> {
        let answer = aws
            .call(Operation::delete("secretsmanager", "DeleteSecret"), arn, || {
                aws.secrets.delete_secret().secret_id(arn).force_delete_without_recovery(true).send()
            })
            .await;
        match answer {
            Err(error) if is_going(&error) => Ok(()),
            answer => gone(answer),
        }
    }

    async fn is_gone(aws: &Aws, arn: &str) -> Result<bool, Error> {
        let secret = describe(aws, arn, arn).await?;
        Ok(secret.is_none_or(|secret| secret.deleted_date().is_some()))
    }

    /// By their names, which are few: a list may lag minutes behind what there is.
    /// See <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let asked = GeneratedSecret::ALL.iter().map(|secret| async move {
            let secret = describe(aws, AwsKind::Secret, &name(aws, *secret)).await?;
            let secret = secret.filter(|secret| secret.deleted_date().is_none());
            Ok::<_, Error>(secret.and_then(|secret| {
                let id = aws.marked(&read(secret.tags())).filter(|id| id.kind == AwsKind::Secret)?;
                Some((id, secret.arn?))
            }))
        });
        let found = futures::future::try_join_all(asked).await?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// The name of a secret that the stack makes.
fn name(aws: &Aws, secret: GeneratedSecret) -> String {
    format!("{}/{}", aws.stack, secret.name())
}

impl Aws {
    /// The value of a secret that the stack has made; nothing where it has not been made.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn secret_value(&self, secret: GeneratedSecret) -> Result<Option<SecretText>, Failure> {
        self.secret_value_of(&name(self, secret)).await
    }

    /// The value of any secret, by its name or its ARN; nothing where there is none.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn secret_value_of(&self, secret: &str) -> Result<Option<SecretText>, Failure> {
        value(self, secret).await.map_err(|error| error.failure)
    }
}

impl Secrets for Aws {
    fn text(&self, secret: GeneratedSecret) -> BoxFuture<'_, Result<Option<SecretText>, Failure>> {
        Box::pin(self.secret_value(secret))
    }
}

/// The value of a secret, by its name or its ARN; nothing where there is none.
pub(crate) async fn value(aws: &Aws, secret: &str) -> Result<Option<SecretText>, Error> {
    let answer = aws
        .call(Operation::read("secretsmanager", "GetSecretValue"), secret, || {
            aws.secrets.get_secret_value().secret_id(secret).send()
        })
        .await;
    match answer {
        Err(error) if is_going(&error) => Ok(None),
        answer => {
            let text = found(answer)?.and_then(|answer| answer.secret_string);
            Ok(text.map(SecretText::new))
        }
    }
}

/// Makes a value. `rand::rng` is a cryptographically secure generator, seeded by the operating system.
/// See <https://docs.rs/rand/0.10/rand/rngs/struct.ThreadRng.html>.
fn generate(wanted: Wanted<'_, Secret>) -> Result<SecretText, Error> {
    let name = &wanted.body.generated;
    let Some(secret) = GeneratedSecret::ALL.iter().find(|secret| secret.name() == name) else {
        let message = format!("it is not known how to make the value of `{name}`");
        return Err(Error::other(wanted.id, "making a secret", message));
    };
    Ok(SecretText::new(match secret {
        // 32 bytes: see <https://cryptography.io/en/latest/fernet/>.
        GeneratedSecret::FernetKey => URL_SAFE.encode(random_bytes()),
        // Letters and digits alone: they stand in URLs, and in what people type.
        GeneratedSecret::AdminPassword
        | GeneratedSecret::DatabasePassword
        | GeneratedSecret::GrafanaPassword => Alphanumeric.sample_string(&mut rand::rng(), 32),
        _ => random_bytes().iter().map(|byte| format!("{byte:02x}")).collect(),
    }))
}

fn random_bytes() -> Zeroizing<[u8; 32]> {
    Zeroizing::new(rand::random())
}

async fn create(aws: &Aws, wanted: Wanted<'_, Secret>, value: &SecretText, token: &str) -> Result<(), Error> {
    let Secret { name, description, .. } = wanted.body;
    aws.call(Operation::repeatable("secretsmanager", "CreateSecret"), wanted.id, || {
        let create = aws.secrets.create_secret().name(name).description(description);
        create
            .secret_string(value.expose())
            .client_request_token(token)
            .set_tags(Some(write(wanted.tags)))
            .send()
    })
    .await?;
    Ok(())
}

/// Goes on with the secret that has the name; nothing where it is on its way out, and the name will be free.
async fn take_over(aws: &Aws, wanted: Wanted<'_, Secret>, error: Error) -> Result<Option<()>, Error> {
    let Some(secret) = describe(aws, wanted.id, &wanted.body.name).await? else { return Ok(None) };
    if aws.ownership(&read(secret.tags())) != Ownership::Ours {
        return Err(error);
    }
    if secret.deleted_date().is_some() {
        return restore(aws, wanted, secret.arn().unwrap_or_default()).await;
    }
    Ok(Some(()))
}

async fn restore(aws: &Aws, wanted: Wanted<'_, Secret>, arn: &str) -> Result<Option<()>, Error> {
    let answer = aws
        .call(Operation::repeatable("secretsmanager", "RestoreSecret"), wanted.id, || {
            aws.secrets.restore_secret().secret_id(arn).send()
        })
        .await;
    match answer {
        Ok(_) => {
            set_description(aws, wanted, arn).await?;
            set_tags(aws, wanted, arn).await?;
            Ok(Some(()))
        }
        // It was deleted without recovery.
        Err(error) if error.is_not_found() || is_going(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn set_description(aws: &Aws, wanted: Wanted<'_, Secret>, arn: &str) -> Result<(), Error> {
    aws.call(Operation::repeatable("secretsmanager", "UpdateSecret"), wanted.id, || {
        aws.secrets.update_secret().secret_id(arn).description(&wanted.body.description).send()
    })
    .await?;
    Ok(())
}

async fn set_tags(aws: &Aws, wanted: Wanted<'_, Secret>, arn: &str) -> Result<(), Error> {
    aws.call(Operation::repeatable("secretsmanager", "TagResource"), wanted.id, || {
        aws.secrets.tag_resource().secret_id(arn).set_tags(Some(write(wanted.tags))).send()
    })
    .await?;
    Ok(())
}

async fn describe(
    aws: &Aws,
    resource: impl ToString,
    secret: &str,
) -> Result<Option<DescribeSecretOutput>, Error> {
    let operation = Operation::read("secretsmanager", "DescribeSecret");
    let resource = resource.to_string();
    found(aws.call(operation, resource, || aws.secrets.describe_secret().secret_id(secret).send()).await)
}

/// Whether the name is held, by a secret or by one that is scheduled for deletion.
fn is_taken(error: &Error) -> bool {
    error.class == Class::AlreadyExists || is_going(error)
}

/// Secrets Manager has no code of its own for a secret that is scheduled for deletion.
fn is_going(error: &Error) -> bool {
    error.failure.code.as_deref() == Some("InvalidRequestException")
        && error.failure.message.contains("delet")
}

fn write(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn read(tags: &[Tag]) -> Tags {
    let pair = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    tags.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_of(secret: GeneratedSecret) -> String {
        let body =
            Secret { name: String::new(), description: String::new(), generated: secret.name().to_owned() };
        let id = AwsId::new(AwsKind::Secret, secret.name());
        let value = generate(Wanted { id: &id, tags: &Tags::new(), body: &body }).unwrap();
        value.expose().to_owned()
    }

    #[test]
    fn values_have_the_form_that_their_readers_take() {
        for secret in GeneratedSecret::ALL {
            let value = value_of(*secret);
            assert_ne!(value, value_of(*secret));
            match secret {
                GeneratedSecret::FernetKey => assert_eq!(URL_SAFE.decode(&value).unwrap().len(), 32),
                GeneratedSecret::AdminPassword
                | GeneratedSecret::DatabasePassword
                | GeneratedSecret::GrafanaPassword => {
                    assert_eq!(value.len(), 32);
                    assert!(value.chars().all(|c| c.is_ascii_alphanumeric()));
                }
                _ => {
                    assert_eq!(value.len(), 64);
                    assert!(value.chars().all(|c| c.is_ascii_hexdigit()));
                }
            }
        }
    }
}
