//! Calls that make something, asked a second time.

use airflow_eks_core::engine::Ownership;
use aws_smithy_types::error::operation::BuildError;

use crate::clients::Aws;
use crate::error::{Class, Error};
use crate::resource::{Manage, Wanted};

/// Takes "it is there already" for done where it is this stack's: then an earlier call, of which no answer came back, has
/// made it. What is someone else's stays an error.
pub(crate) async fn made<K: Manage, T: Send>(
    aws: &Aws,
    wanted: Wanted<'_, K>,
    answer: Result<T, Error>,
) -> Result<(), Error> {
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.class == Class::AlreadyExists => match K::read(aws, wanted).await? {
            Some(found) if found.ownership == Ownership::Ours => Ok(()),
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// A part of a request, which the SDK checks for being complete.
pub(crate) fn built<T>(resource: impl ToString, part: Result<T, BuildError>) -> Result<T, Error> {
    part.map_err(|error| Error::other(resource, "building a request", error.to_string()))
}

/// Whether a resource's own policy shuts the caller out. Such a resource is not this stack's: our policies let the account
/// in. Any other refusal says nothing about the resource, and stays an error.
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>.
pub(crate) fn shut_out(error: &Error) -> bool {
    error.class == Class::Denied && error.failure.message.contains("resource-based policy")
}
