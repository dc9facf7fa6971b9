//! The password of a database's first user: read where it is needed, and shown nowhere.

use std::fmt;

use airflow_eks_core::graph::AwsId;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;

/// A password that nothing prints.
pub(super) struct Password(String);

impl Password {
    /// Its text, for the call that needs it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// The password that a secret in Secrets Manager holds.
pub(super) async fn read(aws: &Aws, id: &AwsId, secret: &str) -> Result<Password, Error> {
    let operation = Operation::read("secretsmanager", "GetSecretValue");
    let send = || aws.secrets.get_secret_value().secret_id(secret).send();
    let answer = aws.call(operation, id, send).await.map_err(|mut error| {
        if error.is_not_found() {
            error.failure.hint = Some(format!("run again: secret `{secret}` is made anew"));
        }
        error
    })?;
    let value = answer.secret_string.filter(|value| !value.is_empty());
    value.map(Password).ok_or_else(|| {
        let message = format!("secret `{secret}` holds no text: put the password there, and run again");
        Error::other(id, "secretsmanager:GetSecretValue", message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        let password = Password("correct horse".to_owned());
        assert_eq!(format!("{password:?}"), "Password(hidden)");
        assert_eq!(password.reveal(), "correct horse");
    }
}
