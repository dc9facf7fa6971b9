//! What AWS answers when it does not do what it was asked, sorted once.

use airflow_eks_core::engine::Failure;

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) failure: Failure,
    pub(crate) class: Class,
}

/// What a failure means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// What was asked for, or what it refers to, is not there.
    NotFound,
    /// It is there already.
    AlreadyExists,
    /// Asked too often: nothing was done.
    Throttled,
    /// Something else still needs it, or it is being changed: later it may work.
    InUse,
    /// Something that was just made is not seen everywhere yet: later it will work.
    NotYet,
    /// Nobody knows whether it was done: no answer, or an internal error.
    Ambiguous,
    /// The caller may not.
    Denied,
    /// A limit of the account.
    Quota,
    /// Anything else: asking again would not help.
    Other,
}

impl Error {
    /// An error that no answer of AWS tells.
    pub(crate) fn other(
        resource: impl ToString,
        operation: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let failure = Failure {
            resource: resource.to_string(),
            operation: operation.into(),
            code: None,
            message: message.into(),
            hint: None,
        };
        Self { failure, class: Class::Other }
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.class == Class::NotFound
    }
}

/// Takes an answer of "there is none" for what it is: nothing.
pub(crate) fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes "there is none" for done, as when deleting.
pub(crate) fn gone<T>(answer: Result<T, Error>) -> Result<(), Error> {
    found(answer).map(|_| ())
}

/// Sorts an answer by service, code and text.
pub(crate) fn classify(service: &str, code: &str, message: &str, status: Option<u16>) -> Class {
    let message = message.to_lowercase();
    let says = |words: &[&str]| words.iter().all(|word| message.contains(word));
    if THROTTLES.contains(&code) {
        return Class::Throttled;
    }
    if DENIALS.contains(&code) {
        return Class::Denied;
    }
    // Roles, and grants to them, take seconds to be seen by other services.
    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency>
    let about_role = says(&["role"]) || says(&["principal"]);
    let not_seen = [
        "cannot be assumed",
        "not authorized to perform: sts",
        "does not exist",
        "is invalid",
        "could not be assumed",
        "invalid principal",
        "unable to assume",
        "not found",
        "required permissions",
        // EKS, of roles whose trust or policies it does not see yet.
        "misconfigured podexecutionrole trust policy",
        "were not found in the trust relationships",
        "managed policies associated",
        "error in role params",
        "trust relationship between role",
    ];
    if about_role
        && [
            "InvalidParameterException",
            "InvalidParameterValue",
            "InvalidRequestException",
            "MalformedPolicyDocument",
            "MalformedPolicyDocumentException",
            "InvalidParameterCombination",
            "ValidationException",
        ]
        .contains(&code)
        && not_seen.iter().any(|words| message.contains(words))
    {
        return Class::NotYet;
    }
    // RDS, where the account has no service-linked role of its own yet, and RDS has only just asked for one.
    // <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html>
    let linked_role = says(&["service linked role"]) || says(&["service-linked role"]);
    if linked_role && says(&["try again"]) || says(&["missing necessary credentials"]) {
        return Class::NotYet;
    }
    if code.contains("LimitExceeded") || code.contains("QuotaExceeded") || code.ends_with("TooMany") {
        return Class::Quota;
    }
    if code.contains("NotFound") || NOT_FOUND.contains(&code) {
        return Class::NotFound;
    }
    // EKS says so of names that are taken, too.
    if code == "ResourceInUseException"
        && ["already exists", "already in use on this cluster"].iter().any(|words| message.contains(words))
    {
        return Class::AlreadyExists;
    }
    if IN_USE.contains(&code) || (service == "sqs" && code.ends_with("QueueDeletedRecently")) {
        return Class::InUse;
    }
    if code.contains("AlreadyExists") || code.contains("Duplicate") || EXISTS.contains(&code) {
        return Class::AlreadyExists;
    }
    match status {
        Some(429) => Class::Throttled,
        Some(500..) => Class::Ambiguous,
        _ => Class::Other,
    }
}

const THROTTLES: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "PriorRequestNotComplete",
    "SlowDown",
    "BandwidthLimitExceeded",
];

const DENIALS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "OptInRequired",
    "AuthorizationError",
];

const NOT_FOUND: &[&str] = &[
    "NoSuchEntity",
    "NoSuchBucket",
    "NoSuchKey",
    "NoSuchUpload",
    "NoSuchTagSet",
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "ServerSideEncryptionConfigurationNotFoundError",
    "OwnershipControlsNotFoundError",
    "AWS.SimpleQueueService.NonExistentQueue",
    "QueueDoesNotExist",
    "NatGatewayNotFound",
    "404",
];

const IN_USE: &[&str] = &[
    "DependencyViolation",
    "DeleteConflict",
    "ResourceInUseException",
    "ResourceInUse",
    "FileSystemInUse",
    "InvalidDBInstanceState",
    "InvalidDBInstanceStateFault",
    "InvalidDBSubnetGroupStateFault",
    "InvalidDBParameterGroupState",
    "InvalidDBParameterGroupStateFault",
    "IncorrectState",
    "InvalidIPAddress.InUse",
    "InvalidCidrBlock.InUse",
    "Resource.AlreadyAssociated",
    "OperationAborted",
    "OperationAbortedException",
    "ConcurrentModification",
    "ConcurrentModificationException",
    "IncorrectFileSystemLifeCycleState",
    "IncorrectMountTargetState",
    "ConflictException",
    "InvalidNetworkInterface.InUse",
    "VolumeInUse",
];

const EXISTS: &[&str] = &[
    "BucketAlreadyOwnedByYou",
    "FileSystemAlreadyExists",
    "MountTargetConflict",
    "QueueAlreadyExists",
    "QueueNameExists",
    "InvalidPermission.Duplicate",
    "ResourceExistsException",
    "EntityAlreadyExists",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_a_service_is_making_for_itself_is_waited_for() {
        let class = |message| classify("rds", "InvalidParameterValue", message, Some(400));
        let making = "Unable to create the resource. Verify that you have permission to create service linked role. \
                      Otherwise wait and try again later";
        assert_eq!(class(making), Class::NotYet);
        assert_eq!(class("The DB instance is missing necessary credentials"), Class::NotYet);
        assert_eq!(class("The parameter MasterUsername is not valid"), Class::Other);
    }

    #[test]
    fn what_is_taken_exists_and_what_is_bound_is_in_use() {
        assert_eq!(classify("sqs", "QueueNameExists", "", Some(400)), Class::AlreadyExists);
        assert_eq!(classify("ec2", "InvalidCidrBlock.InUse", "", Some(400)), Class::InUse);
    }
}
