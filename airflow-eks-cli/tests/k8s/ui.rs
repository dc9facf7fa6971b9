//! The web interface on this machine.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::stacks::small;
use crate::support::Place;

/// A child that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Answers every request of a browser with the same words, as long as the test runs.
fn web_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut request = [0; 4096];
            let read = connection.read(&mut request).unwrap_or_default();
            let asked =
                String::from_utf8_lossy(&request[..read]).lines().next().unwrap_or_default().to_owned();
            let answer = format!("this is airflow: {asked}");
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            let _ = connection.write_all((head + &answer).as_bytes());
        }
    });
    port
}

/// Asks as a browser does, which reads as much as it was told that there is.
fn ask(address: &str, path: &str) -> String {
    let connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(&connection, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = BufReader::new(connection);
    let mut length = 0;
    for line in answer.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()) {
        if let Some(number) = line.strip_prefix("Content-Length: ") {
            length = number.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    answer.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

#[test]
fn the_web_interface_is_reached_on_this_machine() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    // Before there is anything, that is said.
    place.run(&["ui", "--port", "0"]).fails(3, &["Service", "airflow-api-server"]);
    place.apply().ok();
    place.bed.forward_port(&place.name, 8080, web_server()).unwrap();

    let mut command = place.command(&["ui", "--port", "0", "--output", "json"]);
    let mut running = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut first = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut first).unwrap();
    place.note(&first);
    let told: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(told["username"], "admin");
    let url = told["url"].as_str().unwrap();
    let address = url.strip_prefix("http://").unwrap();
    thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                let answer = ask(address, &format!("/dags/{number}"));
                assert_eq!(answer, format!("this is airflow: GET /dags/{number} HTTP/1.1"));
            });
        }
    });
    // Ctrl-C ends it in order.
    let killed = std::process::Command::new("kill").args(["-INT", &running.0.id().to_string()]).status();
    assert!(killed.unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    assert!(TcpStream::connect(address).is_err(), "nothing listens any more");

    // A port that is taken.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listener = TcpListener::bind(taken).unwrap();
    place
        .run(&["ui", "--port", &taken.port().to_string()])
        .fails(3, &["cannot listen on the port", "--port 0"]);
    drop(listener);
}

#[test]
fn a_pod_that_is_not_ready_is_said() {
    let place = Place::new();
    place.stack(&small(
        &place.name,
        "  apiServer: {replicas: 1, pods: {annotations: {testbed.airflow-eks/unready: \"true\"}}}\n",
    ));
    place.apply_with(&["--no-wait"]).ok();
    let begun = Instant::now();
    // Its pod comes only after the database is migrated.
    loop {
        let ran = place.run(&["ui", "--port", "0"]);
        ran.fails(3, &["airflow-api-server"]);
        if ran.stderr.contains("ready") {
            assert!(ran.stderr.contains("pod"), "{}", ran.stderr);
            return;
        }
        assert!(begun.elapsed().as_secs() < 60, "{}", ran.stderr);
        thread::sleep(Duration::from_millis(500));
    }
}
