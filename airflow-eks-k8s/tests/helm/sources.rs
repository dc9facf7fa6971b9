//! Where charts come from.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;

use airflow_eks_core::graph::ChartSource;
use airflow_eks_testbed::OciRegistry;
use serde_json::json;

use crate::chart::Chart;
use crate::setup::{Setup, nothing, shown};

fn package(setup: &Setup, chart: &Chart, version: &str) -> PathBuf {
    let (from, to) = (chart.path().display().to_string(), setup.folder.path().display().to_string());
    setup.test_bed.helm().run("pack", &["package", &from, "--destination", &to]).unwrap();
    setup.folder.path().join(format!("web-{version}.tgz"))
}

/// Serves the files of a folder, as a repository of charts does.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            let request = lines.next().unwrap_or_default();
            lines.for_each(drop);
            let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/').to_owned();
            let (status, body) =
                fs::read(folder.join(path)).map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = (&stream).write_all(&[head.as_bytes(), &body].concat());
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_a_repository_and_a_registry_give_the_same() {
    let setup = Setup::new("sources").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    let archive = package(&setup, &chart, "1.0.0");
    let release =
        setup.release_from("web", ChartSource::Path(archive.display().to_string()), None, json!({}));
    assert_eq!(shown(&releases.create(&release).await.unwrap()), nothing());

    let chart = chart.version("1.1.0");
    package(&setup, &chart, "1.1.0");
    let folder = setup.folder.path().display().to_string();
    setup.test_bed.helm().run("index", &["repo", "index", &folder]).unwrap();
    let source =
        ChartSource::Repository { url: serve(setup.folder.path().to_owned()), chart: "web".to_owned() };
    let release = setup.release_from("web", source, Some("1.1.0"), json!({}));
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(shown(&present), ["chart.version: \"1.0.0\" -> \"1.1.0\""]);
    assert_eq!(shown(&releases.update(&release, &[]).await.unwrap()), nothing());
    let pulls = setup.starts().iter().filter(|line| line.starts_with("pull")).count();
    assert_eq!(pulls, 1, "fetched once a run");

    let chart = chart.version("1.2.0");
    let archive = package(&setup, &chart, "1.2.0");
    let registry = OciRegistry::start().unwrap();
    let repository = registry.push(&setup.test_bed.helm(), &archive).unwrap();
    let source = ChartSource::Oci(format!("{repository}/web"));
    let release = setup.release_from("web", source, Some("1.2.0"), json!({}));
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(shown(&present), ["chart.version: \"1.1.0\" -> \"1.2.0\""]);
    assert_eq!(shown(&releases.update(&release, &[]).await.unwrap()), nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_that_is_not_there_is_told() {
    let setup = Setup::new("nowhere").await;
    let releases = setup.releases().await;
    let release =
        setup.release_from("web", ChartSource::Path("/nonexistent/chart".to_owned()), None, json!({}));
    let failure = releases.create(&release).await.unwrap_err();
    assert!(failure.message.contains("/nonexistent/chart"), "{failure}");
    let registry = OciRegistry::start().unwrap();
    let release = setup.release_from(
        "web",
        ChartSource::Oci(format!("{}/charts/web", registry.url())),
        Some("1.0.0"),
        json!({}),
    );
    let failure = releases.create(&release).await.unwrap_err();
    assert_eq!(failure.operation, "helm pull");
}
