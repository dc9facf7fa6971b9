//! Container images.

use super::text::{ensure, shown, text_type};

text_type! {
    /// A container image with its registry, repository and a tag or digest.
    ///
    /// A tag or digest is required: without one, `latest` is pulled and no two starts need be alike.
    ImageReference, image_reference, example "apache/airflow:3.3.2",
        source "https://docs.docker.com/reference/cli/docker/image/tag/#description";
}

impl ImageReference {
    /// The image of a repository whose tag is known to be well formed, because another type has checked it.
    pub(crate) fn of(repository: &str, tag: &str) -> Self {
        Self(format!("{repository}:{tag}"))
    }

    /// The part before the tag or digest.
    #[must_use]
    pub fn repository(&self) -> &str {
        split(self.as_str()).0
    }

    /// The tag, where the image is named by one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        split(self.as_str()).1
    }

    /// The digest, where the image is named by one.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.as_str().split_once('@').map(|(_, digest)| digest)
    }
}

fn split(text: &str) -> (&str, Option<&str>) {
    let named = text.split_once('@').map_or(text, |(name, _)| name);
    match named.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (named, None),
    }
}

fn image_reference(text: &str) -> Result<(), String> {
    let (repository, tag) = split(text);
    let digest = text.split_once('@').map(|(_, digest)| digest);
    ensure(!text.contains("://"), || format!("{} begins with a scheme; leave it out", shown(text)))?;
    ensure(tag.is_some() || digest.is_some(), || format!("{} has neither a tag nor a digest", shown(text)))?;
    let (first, rest) = repository.split_once('/').unwrap_or(("", repository));
    let registry_like = first.contains(['.', ':']) || first == "localhost";
    let (registry, path) = if registry_like { (first, rest) } else { ("", repository) };
    let path_ok = path.split('/').all(|part| {
        !part.is_empty() && part.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-'))
    });
    ensure(path_ok, || {
        format!(
            "the repository of {} may hold only lower-case letters, digits, `.`, `_`, `-` and `/`",
            shown(text)
        )
    })?;
    let registry_ok = registry.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-'));
    ensure(registry_ok, || format!("the registry of {} is not a host name", shown(text)))?;
    if let Some(tag) = tag {
        let tag_ok = (1..=128).contains(&tag.len())
            && tag.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
            && !tag.starts_with(['.', '-']);
        ensure(tag_ok, || format!("the tag of {} is not letters, digits, `.`, `_` or `-`", shown(text)))?;
    }
    if let Some(digest) = digest {
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        ensure(hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit()), || {
            format!("the digest of {} is not `sha256:` and 64 hexadecimal digits", shown(text))
        })?;
    }
    Ok(())
}
