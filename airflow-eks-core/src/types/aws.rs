//! AWS identifiers.

use super::text::{ensure, shown, text_type};

text_type! {
    /// The name of a stack: prefix of every name that is made, and value of the tag that marks what is ours.
    ///
    /// At most 22 characters, so that the S3 bucket names derived from it stay within their 63.
    StackName, stack_name, example "self-managed-airflow",
        source "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html";
    /// An AWS Region code.
    Region, region, example "us-west-2",
        source "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html";
    /// A twelve-digit AWS account number. Quote it in YAML where it begins with a zero.
    AccountId, account_id, example "111122223333",
        source "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html";
    /// An availability zone of a Region.
    AvailabilityZone, availability_zone, example "us-west-2a",
        source "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html";
    /// An Amazon Resource Name.
    Arn, arn, example "arn:aws:iam::111122223333:role/example",
        source "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html";
    /// The id of a VPC.
    VpcId, |t| resource_id(t, "vpc"), example "vpc-0a1b2c3d4e5f60718",
        source "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html";
    /// The id of a subnet.
    SubnetId, |t| resource_id(t, "subnet"), example "subnet-0a1b2c3d4e5f60718",
        source "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html";
    /// The id of a security group.
    SecurityGroupId, |t| resource_id(t, "sg"), example "sg-0a1b2c3d4e5f60718",
        source "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html";
    /// The id of an EFS file system.
    FileSystemId, |t| resource_id(t, "fs"), example "fs-0a1b2c3d4e5f60718",
        source "https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html";
    /// An EC2 instance type.
    InstanceType, instance_type, example "m6i.xlarge",
        source "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html";
    /// An RDS instance class.
    DatabaseInstanceClass, database_instance_class, example "db.t4g.large",
        source "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html";
    /// The name of a PostgreSQL database or user.
    DatabaseIdentifier, database_identifier, example "airflow",
        source "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html";
    /// A globally unique S3 bucket name.
    BucketName, bucket_name, example "example-airflow-logs",
        source "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html";
    /// The key of an AWS tag. Keys that begin with `aws:` belong to AWS.
    TagKey, tag_key, example "cost-centre",
        source "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html";
    /// The value of an AWS tag.
    TagValue, tag_value, example "data-platform",
        source "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html";
    /// The name of an EC2 key pair.
    KeyPairName, key_pair_name, example "operations",
        source "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html";
    /// The name of an EKS cluster.
    ClusterName, cluster_name, example "self-managed-airflow",
        source "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html";
}

impl Region {
    /// The partition this Region belongs to: the second part of each of its ARNs.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        match self.as_str() {
            r if r.starts_with("cn-") => "aws-cn",
            r if r.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }
}

impl AvailabilityZone {
    /// The Region part of the zone's name.
    #[must_use]
    pub fn region(&self) -> &str {
        self.as_str().trim_end_matches(|c: char| c.is_ascii_lowercase())
    }
}

impl Arn {
    /// The service part, such as `iam` or `acm`.
    #[must_use]
    pub fn service(&self) -> &str {
        self.as_str().split(':').nth(2).unwrap_or_default()
    }

    /// The Region part; empty for global services.
    #[must_use]
    pub fn region(&self) -> &str {
        self.as_str().split(':').nth(3).unwrap_or_default()
    }
}

fn stack_name(text: &str) -> Result<(), String> {
    super::text::dns_label(text, 22)?;
    ensure(text.starts_with(|c: char| c.is_ascii_lowercase()), || {
        format!("{} does not begin with a letter", shown(text))
    })?;
    ensure(!text.contains("--"), || {
        format!("{} contains `--`, which RDS identifiers do not allow", shown(text))
    })
}

fn region(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    let shape = matches!(parts.len(), 3 | 4)
        && parts[..parts.len() - 1].iter().all(letters)
        && parts[parts.len() - 1].chars().all(|c| c.is_ascii_digit())
        && matches!(parts[parts.len() - 1].len(), 1 | 2);
    ensure(shape, || format!("{} is not an AWS Region code{}", shown(text), zone_note(text)))
}

fn zone_note(text: &str) -> &'static str {
    let is_zone =
        text.ends_with(|c: char| c.is_ascii_lowercase()) && text.contains(|c: char| c.is_ascii_digit());
    if is_zone { " (it looks like an availability zone; leave out its last letter)" } else { "" }
}

fn account_id(text: &str) -> Result<(), String> {
    ensure(text.len() == 12 && text.chars().all(|c| c.is_ascii_digit()), || {
        format!("{} is not an account number of twelve digits", shown(text))
    })
}

fn availability_zone(text: &str) -> Result<(), String> {
    let base = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    ensure(base.len() + 1 == text.len() && region(base).is_ok(), || {
        format!("{} is not an availability zone: a Region code and one letter", shown(text))
    })
}

fn arn(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    ensure(parts.len() == 6 && parts[0] == "arn", || {
        format!("{} is not an ARN: `arn:partition:service:region:account:resource`", shown(text))
    })?;
    ensure(matches!(parts[1], "aws" | "aws-cn" | "aws-us-gov"), || {
        format!("{} names the unknown partition `{}`", shown(text), parts[1].escape_debug())
    })?;
    ensure(parts[4].is_empty() || account_id(parts[4]).is_ok() || parts[4] == "aws", || {
        format!("the account part of {} is not a number of twelve digits", shown(text))
    })?;
    ensure(
        !parts[2].is_empty()
            && !parts[5].is_empty()
            && text.len() <= 2048
            && !text.contains(char::is_whitespace),
        || format!("{} has an empty service or resource part", shown(text)),
    )
}

fn resource_id(text: &str, prefix: &str) -> Result<(), String> {
    let hex = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    let shape = hex
        .is_some_and(|h| matches!(h.len(), 8 | 17) && h.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
    ensure(shape, || format!("{} is not of the form `{prefix}-` and 8 or 17 hexadecimal digits", shown(text)))
}

fn instance_type(text: &str) -> Result<(), String> {
    let word =
        |part: &str| !part.is_empty() && part.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
    let shape = text.split_once('.').is_some_and(|(family, size)| {
        word(family) && word(size) && family.starts_with(|c: char| c.is_ascii_lowercase())
    });
    ensure(shape, || format!("{} is not an instance type: a family, a dot and a size", shown(text)))
}

fn database_instance_class(text: &str) -> Result<(), String> {
    match text.strip_prefix("db.") {
        Some(rest) => {
            instance_type(rest).map_err(|_| format!("{} is not an RDS instance class", shown(text)))
        }
        None => Err(format!("{} does not begin with `db.`", shown(text))),
    }
}

fn database_identifier(text: &str) -> Result<(), String> {
    let shape = (1..=63).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    ensure(shape, || format!("{} is not a letter and up to 62 letters, digits and `_`", shown(text)))
}

fn bucket_name(text: &str) -> Result<(), String> {
    ensure((3..=63).contains(&text.len()), || format!("has {} characters; 3 to 63 are allowed", text.len()))?;
    super::text::dns_subdomain(text)?;
    ensure(!text.starts_with("xn--") && !text.ends_with("-s3alias"), || {
        format!("{} begins or ends with letters that S3 keeps for itself", shown(text))
    })
}

fn tag_text(text: &str, longest: usize) -> Result<(), String> {
    ensure(text.chars().count() <= longest, || {
        format!("has {} characters, at most {longest} are allowed", text.chars().count())
    })?;
    match text.chars().find(|c| !(c.is_alphanumeric() || " +-=._:/@".contains(*c))) {
        Some(bad) => Err(format!(
            "contains `{}`; allowed are letters, digits, spaces and `+-=._:/@`",
            bad.escape_debug()
        )),
        None => Ok(()),
    }
}

fn tag_key(text: &str) -> Result<(), String> {
    ensure(!text.is_empty(), || "is empty".to_owned())?;
    ensure(!text.to_ascii_lowercase().starts_with("aws:"), || {
        "begins with `aws:`, which AWS keeps for itself".to_owned()
    })?;
    tag_text(text, 128)
}

fn tag_value(text: &str) -> Result<(), String> {
    tag_text(text, 256)
}

fn key_pair_name(text: &str) -> Result<(), String> {
    ensure((1..=255).contains(&text.len()) && text.is_ascii() && text.trim() == text, || {
        "is not 1 to 255 ASCII characters without spaces at its ends".to_owned()
    })
}

fn cluster_name(text: &str) -> Result<(), String> {
    ensure((1..=100).contains(&text.len()), || {
        format!("has {} characters; 1 to 100 are allowed", text.len())
    })?;
    let shape = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    ensure(shape, || {
        format!(
            "{} may hold only letters, digits, `-` and `_`, and begins with a letter or digit",
            shown(text)
        )
    })
}
