//! Deleting an RDS instance, with its data.

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};

use super::read::describe;

/// A protected instance is only deleted where deleting data was asked for.
pub(super) async fn run(aws: &Aws, name: &str) -> Result<(), Error> {
    let Some(there) = describe(aws, name, name).await? else { return Ok(()) };
    if there.db_instance_status() == Some("deleting") {
        return Ok(());
    }
    if there.deletion_protection().unwrap_or_default() {
        unprotect(aws, name).await?;
    }
    let send = || {
        aws.rds
            .delete_db_instance()
            .db_instance_identifier(name)
            .skip_final_snapshot(true)
            .delete_automated_backups(true)
            .send()
    };
    gone(aws.call(Operation::delete("rds", "DeleteDBInstance"), name, send).await)
}

async fn unprotect(aws: &Aws, name: &str) -> Result<(), Error> {
    if !aws.delete_data {
        let message = format!("database `{name}` is protected: deleting it would delete its data for good");
        let mut error = Error::other(name, "rds:DeleteDBInstance", message);
        error.failure.hint =
            Some("repeat with `--delete-data` to delete it nevertheless, without a last snapshot".to_owned());
        return Err(error);
    }
    let send = || {
        aws.rds
            .modify_db_instance()
            .db_instance_identifier(name)
            .deletion_protection(false)
            .apply_immediately(true)
            .send()
    };
    gone(aws.call(Operation::repeatable("rds", "ModifyDBInstance"), name, send).await)
}
