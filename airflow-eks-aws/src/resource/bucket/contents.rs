//! What is in a bucket.

use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsOutput;
use aws_sdk_s3::types::{Delete, MultipartUpload, ObjectIdentifier};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::made::built;

/// Whether there is nothing in it, not even an old version.
pub(super) async fn is_empty(aws: &Aws, bucket: &str) -> Result<bool, Error> {
    let page = found(versions(aws, bucket, 1).await)?;
    Ok(page.is_none_or(|page| page.versions().is_empty() && page.delete_markers().is_empty()))
}

/// Deletes every object with all its versions, and every upload that was not finished.
pub(super) async fn delete(aws: &Aws, bucket: &str) -> Result<(), Error> {
    abort_uploads(aws, bucket).await?;
    // What was deleted is not in the next answer: the first page again and again, until there is none.
    loop {
        let objects = identifiers(bucket, &versions(aws, bucket, 1000).await?)?;
        if objects.is_empty() {
            return Ok(());
        }
        delete_objects(aws, bucket, objects).await?;
    }
}

/// The first versions and delete markers. A bucket without versions has one of each object.
/// See <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html>.
async fn versions(aws: &Aws, bucket: &str, most: i32) -> Result<ListObjectVersionsOutput, Error> {
    aws.call(Operation::read("s3", "ListObjectVersions"), bucket, || {
        aws.s3.list_object_versions().bucket(bucket).max_keys(most).send()
    })
    .await
}

fn identifiers(bucket: &str, page: &ListObjectVersionsOutput) -> Result<Vec<ObjectIdentifier>, Error> {
    let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
    let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
    let identifier = |(key, version): (Option<&str>, Option<&str>)| {
        let object = ObjectIdentifier::builder().set_key(key.map(str::to_owned));
        built(bucket, object.set_version_id(version.map(str::to_owned)).build())
    };
    versions.chain(markers).map(identifier).collect()
}

/// Objects are deleted or kept one by one, in an answer that is no error.
async fn delete_objects(aws: &Aws, bucket: &str, objects: Vec<ObjectIdentifier>) -> Result<(), Error> {
    let objects = built(bucket, Delete::builder().set_objects(Some(objects)).quiet(true).build())?;
    let answer = aws
        .call(Operation::delete("s3", "DeleteObjects"), bucket, || {
            aws.s3.delete_objects().bucket(bucket).delete(objects.clone()).send()
        })
        .await?;
    let Some(kept) = answer.errors().first() else { return Ok(()) };
    let why = kept.message().unwrap_or("no further explanation");
    let message = format!("the object `{}` was not deleted: {why}", kept.key().unwrap_or_default());
    let mut error = Error::other(bucket, "s3:DeleteObjects", message);
    error.failure.code = kept.code().map(str::to_owned);
    Err(error)
}

async fn abort_uploads(aws: &Aws, bucket: &str) -> Result<(), Error> {
    loop {
        let answer = aws
            .call(Operation::read("s3", "ListMultipartUploads"), bucket, || {
                aws.s3.list_multipart_uploads().bucket(bucket).send()
            })
            .await?;
        if answer.uploads().is_empty() {
            return Ok(());
        }
        for upload in answer.uploads() {
            abort(aws, bucket, upload).await?;
        }
    }
}

async fn abort(aws: &Aws, bucket: &str, upload: &MultipartUpload) -> Result<(), Error> {
    gone(
        aws.call(Operation::delete("s3", "AbortMultipartUpload"), bucket, || {
            let abort = aws.s3.abort_multipart_upload().bucket(bucket);
            abort
                .set_key(upload.key().map(str::to_owned))
                .set_upload_id(upload.upload_id().map(str::to_owned))
                .send()
        })
        .await,
    )
}
