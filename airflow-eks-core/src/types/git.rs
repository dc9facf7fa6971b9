//! Git repositories and what to check out of them.

use super::text::{ensure, shown, text_type};

text_type! {
    /// The URL of a Git repository, over HTTPS or SSH. Credentials do not belong in it.
    GitUrl, git_url, example "https://github.com/example/dags.git",
        source "https://git-scm.com/docs/git-clone#_git_urls";
    /// A branch, tag or commit.
    GitReference, git_reference, example "main",
        source "https://git-scm.com/docs/git-check-ref-format";
    /// A folder inside a repository, a bucket or a volume: relative, without `..`.
    RelativePath, relative_path, example "dags",
        source "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap04.html";
}

impl GitUrl {
    /// Whether the repository is reached over SSH, so that a key and the host's own keys are needed.
    #[must_use]
    pub fn is_ssh(&self) -> bool {
        !self.as_str().starts_with("https://")
    }
}

fn git_url(text: &str) -> Result<(), String> {
    ensure(!text.contains(char::is_whitespace), || format!("{} contains white space", shown(text)))?;
    if let Some(rest) = text.strip_prefix("https://") {
        let host = rest.split('/').next().unwrap_or_default();
        ensure(!host.contains('@'), || {
            "carries credentials; put them into a Secret and name it in `credentialsSecret`".to_owned()
        })?;
        return ensure(!host.is_empty() && rest.contains('/'), || {
            format!("{} names no repository", shown(text))
        });
    }
    if text.starts_with("http://") || text.starts_with("git://") {
        return Err(format!("{} is not encrypted; use https or ssh", shown(text)));
    }
    let user = text.strip_prefix("ssh://").and_then(|rest| rest.split('/').next()?.rsplit_once('@'));
    ensure(!user.is_some_and(|(user, _)| user.contains(':')), || {
        "carries a password; put the key into a Secret and name it".to_owned()
    })?;
    let ssh = text.strip_prefix("ssh://").is_some_and(|rest| rest.contains('/'))
        || text
            .split_once(':')
            .is_some_and(|(host, path)| host.contains('@') && !path.is_empty() && !host.contains('/'));
    ensure(ssh, || format!("{} is neither an https nor an ssh address", shown(text)))
}

fn git_reference(text: &str) -> Result<(), String> {
    let shape = !text.is_empty()
        && text.len() <= 255
        && !text.starts_with(['-', '/', '.'])
        && !text.ends_with(['/', '.'])
        && !text.contains("..")
        && !text.contains("//")
        && !text.contains("@{")
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c));
    ensure(shape, || format!("{} is not a branch, tag or commit", shown(text)))
}

fn relative_path(text: &str) -> Result<(), String> {
    let shape = !text.is_empty()
        && !text.starts_with('/')
        && text.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        && !text.chars().any(char::is_control);
    ensure(shape, || format!("{} is not a relative path without `.` and `..` parts", shown(text)))
}
