//! The upstream releases: programs that need no building, where the internet is reachable.

use std::{fs, path::Path, process::Command};

use sha2::{Digest, Sha256};

use crate::{Error, cache, error::file_error, kubectl, versions};

/// Where Kubernetes and etcd publish their releases.
pub(crate) const UPSTREAM: Releases<'static> = Releases {
    kubernetes: "https://dl.k8s.io/release",
    etcd: "https://github.com/etcd-io/etcd/releases/download",
};

/// Two places with releases.
pub(crate) struct Releases<'a> {
    kubernetes: &'a str,
    etcd: &'a str,
}

impl Releases<'_> {
    /// Whether the releases can be had at all. Asked once, and quickly: on most machines without internet the answer
    /// is a refusal at once.
    pub(crate) fn are_reachable(&self) -> bool {
        let sum = format!("{}.sha256", self.kubernetes_program("kubectl"));
        let mut command = curl(&sum);
        command.args(["--head", "--output", "/dev/null", "--max-time", "10"]);
        kubectl::output(&mut command, "look for the upstream release").is_ok()
    }

    /// Puts a program into a folder, under its own name only once its checksum is right.
    pub(crate) fn download(&self, program: &str, folder: &Path) -> Result<(), Error> {
        let unfinished = folder.join(format!("{program}.unfinished"));
        match program {
            "etcd" => self.download_etcd(&unfinished)?,
            _ => {
                let url = self.kubernetes_program(program);
                fetch(&url, &unfinished)?;
                let sum = text(&format!("{url}.sha256"))?;
                verify(&unfinished, sum.trim(), &url)?;
            }
        }
        cache::make_executable(&unfinished)?;
        fs::rename(&unfinished, folder.join(program)).map_err(file_error("rename", unfinished))
    }

    fn kubernetes_program(&self, program: &str) -> String {
        let version = versions::required(versions::KUBERNETES);
        format!("{}/{version}/bin/linux/{}/{program}", self.kubernetes, architecture())
    }

    fn download_etcd(&self, to: &Path) -> Result<(), Error> {
        let version = versions::required(versions::ETCD);
        let stem = format!("etcd-{version}-linux-{}", architecture());
        let archive = to.with_extension("tar.gz");
        let url = format!("{}/{version}/{stem}.tar.gz", self.etcd);
        fetch(&url, &archive)?;
        let sums = text(&format!("{}/{version}/SHA256SUMS", self.etcd))?;
        let named = |line: &&str| line.ends_with(&format!("{stem}.tar.gz"));
        let sum = sums.lines().find(named).and_then(|line| line.split_whitespace().next());
        verify(&archive, sum.unwrap_or_default(), &url)?;
        let folder = to.parent().unwrap_or(Path::new("."));
        let mut tar = Command::new("tar");
        tar.args(["--extract", "--gzip", "--strip-components", "1", "--file"]).arg(&archive);
        tar.arg("--directory").arg(folder).arg(format!("{stem}/etcd"));
        kubectl::output(&mut tar, "unpack etcd")?;
        let unpacked = folder.join("etcd");
        fs::rename(&unpacked, to).map_err(file_error("rename", unpacked))?;
        fs::remove_file(&archive).map_err(file_error("remove", archive))
    }
}

fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    }
}

fn curl(url: &str) -> Command {
    let mut command = Command::new("curl");
    command.args(["--fail", "--silent", "--show-error", "--location", "--connect-timeout", "5", url]);
    command
}

fn fetch(url: &str, to: &Path) -> Result<(), Error> {
    kubectl::output(curl(url).arg("--output").arg(to), &format!("download {url}")).map(|_| ())
}

fn text(url: &str) -> Result<String, Error> {
    kubectl::output(&mut curl(url), &format!("download {url}"))
}

fn verify(file: &Path, expected: &str, url: &str) -> Result<(), Error> {
    let content = fs::read(file).map_err(file_error("read", file))?;
    let found: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == expected { Ok(()) } else { Err(Error::Checksum { url: url.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A folder that looks like both places, for one program each.
    fn mirror(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("airflow-eks-release-{name}-{}", std::process::id()));
        let kubernetes =
            folder.join(versions::required(versions::KUBERNETES)).join("bin/linux").join(architecture());
        fs::create_dir_all(&kubernetes).unwrap();
        fs::write(kubernetes.join("kubectl"), "a program").unwrap();
        let sum: String = Sha256::digest(b"a program").iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(kubernetes.join("kubectl.sha256"), sum).unwrap();
        folder
    }

    fn releases(url: &str) -> Releases<'_> {
        Releases { kubernetes: url, etcd: url }
    }

    #[test]
    fn a_program_with_the_right_checksum_is_taken() {
        let folder = mirror("right");
        let url = format!("file://{}", folder.display());
        releases(&url).download("kubectl", &folder).unwrap();
        assert_eq!(fs::read_to_string(folder.join("kubectl")).unwrap(), "a program");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_program_with_another_checksum_is_refused() {
        let folder = mirror("wrong");
        let url = format!("file://{}", folder.display());
        let sum = format!("{}.sha256", releases(&url).kubernetes_program("kubectl").replace("file://", ""));
        fs::write(sum, "0000").unwrap();
        let error = releases(&url).download("kubectl", &folder).unwrap_err();
        assert!(error.to_string().contains("checksum"), "{error}");
        assert!(!folder.join("kubectl").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn etcd_is_taken_out_of_its_archive() {
        let folder = mirror("etcd");
        let version = versions::required(versions::ETCD);
        let stem = format!("etcd-{version}-linux-{}", architecture());
        let release = folder.join(version);
        fs::create_dir_all(release.join(&stem)).unwrap();
        fs::write(release.join(&stem).join("etcd"), "a server").unwrap();
        let archive = release.join(format!("{stem}.tar.gz"));
        let packed = Command::new("tar")
            .args(["--create", "--gzip", "--directory"])
            .arg(&release)
            .arg("--file")
            .arg(&archive)
            .arg(&stem)
            .status()
            .unwrap();
        assert!(packed.success());
        let sum: String =
            Sha256::digest(fs::read(&archive).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(release.join("SHA256SUMS"), format!("{sum}  {stem}.tar.gz\n")).unwrap();
        let url = format!("file://{}", folder.display());
        releases(&url).download("etcd", &folder).unwrap();
        assert_eq!(fs::read_to_string(folder.join("etcd")).unwrap(), "a server");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_not_there_is_not_reachable() {
        assert!(!releases("file:///nonexistent").are_reachable());
    }
}
