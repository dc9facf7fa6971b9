//! The stand-in for AWS, as a test sees it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{Error, Progress, TestBed, aws_environment, aws_http, aws_server::OwnServer};

/// The account of whoever names none.
pub(crate) const DEFAULT_ACCOUNT: &str = "123456789012";
/// The Region of [`AwsStandIn::environment`].
const REGION: &str = "us-west-2";

/// A stand-in for AWS: moto with an extension, on a loopback port.
///
/// An access key id of twelve digits is the number of the account, so that every test has an account of its own by
/// [`AwsStandIn::environment`] alone. What the controls take and give is written in
/// `testbed/aws/stand_in/controls.py`.
///
/// ```no_run
/// use airflow_eks_testbed::AwsStandIn;
/// use serde_json::json;
///
/// let aws = AwsStandIn::start(&|line| eprintln!("{line}"))?;
/// let account = AwsStandIn::new_account();
/// aws.settings(&account, &json!({ "delays": { "eks:cluster": 2 } }))?;
/// let list = aws.aws_cli(&account).args(["eks", "list-clusters"]).output();
/// # Ok::<(), airflow_eks_testbed::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct AwsStandIn {
    port: u16,
    python: PathBuf,
    own: Option<Arc<OwnServer>>,
}

/// A request that the stand-in answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AwsRequest {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The service, such as `eks`.
    pub service: String,
    /// The operation, such as `CreateCluster`.
    pub operation: String,
    /// Whether the operation changes anything.
    pub mutating: bool,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The error code of the answer.
    pub error: Option<String>,
    /// When it came, in seconds since the start or the last clearing.
    pub seconds: f64,
    /// How long it took, in seconds.
    pub took: f64,
}

impl AwsStandIn {
    /// Starts one for the caller alone; it ends when the last clone is dropped. The first start on a machine
    /// installs its Python environment.
    ///
    /// # Errors
    /// There is no Python of the right version, or the server does not start.
    pub fn start(progress: Progress<'_>) -> Result<Self, Error> {
        let python = aws_environment::prepare(progress)?;
        let own = OwnServer::start(&python)?;
        Ok(Self { port: own.port, python, own: Some(Arc::new(own)) })
    }

    /// Finds the one of the running test bed, which all tests share.
    ///
    /// # Errors
    /// [`Error::NotRunning`] or [`Error::NoAwsStandIn`], which say how to start it.
    pub fn connect() -> Result<Self, Error> {
        let port = TestBed::connect()?.aws_port().ok_or(Error::NoAwsStandIn)?;
        Ok(Self { port, python: aws_environment::find()?, own: None })
    }

    /// An account that no other test uses.
    #[must_use]
    pub fn new_account() -> String {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // One to eleven digits from the process, the moment and the count: distinct over processes that run together.
        let mixed = u64::from(std::process::id()) * 7919 + u64::from(now) + number * 1_000_003;
        format!("2{:011}", mixed % 100_000_000_000)
    }

    /// Its URL: the value of `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A Python that has boto3.
    #[must_use]
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// The aws CLI, bound to the stand-in and an account.
    #[must_use]
    pub fn aws_cli(&self, account: &str) -> Command {
        let mut command = Command::new(self.python.with_file_name("aws"));
        command.envs(self.environment(account)).env_remove("AWS_PROFILE").env_remove("AWS_SESSION_TOKEN");
        command
    }

    /// The environment variables by which any client uses the stand-in as an account.
    #[must_use]
    pub fn environment(&self, account: &str) -> Vec<(&'static str, String)> {
        environment(&self.endpoint(), account)
    }

    /// Changes settings of an account; those that are not named stay.
    ///
    /// # Errors
    /// It does not know a setting, or does not answer.
    pub fn settings(&self, account: &str, values: &Value) -> Result<(), Error> {
        self.control("POST", &format!("settings?account={account}"), values).map(drop)
    }

    /// Every request to an account since [`AwsStandIn::clear_requests`].
    ///
    /// # Errors
    /// It does not answer.
    pub fn requests(&self, account: &str) -> Result<Vec<AwsRequest>, Error> {
        read(self.control("GET", &format!("requests?account={account}"), &Value::Null)?)
    }

    /// Forgets the requests to an account.
    ///
    /// # Errors
    /// It does not answer.
    pub fn clear_requests(&self, account: &str) -> Result<(), Error> {
        self.control("DELETE", &format!("requests?account={account}"), &Value::Null).map(drop)
    }

    /// How many requests to an account were refused for their number.
    ///
    /// # Errors
    /// It does not answer.
    pub fn throttled(&self, account: &str) -> Result<u64, Error> {
        let answer = self.control("GET", &format!("throttled?account={account}"), &Value::Null)?;
        Ok(answer["count"].as_u64().unwrap_or_default())
    }

    /// Everything that exists in an account, without times: two dumps are equal if nothing was made or left.
    ///
    /// # Errors
    /// It does not answer.
    pub fn dump(&self, account: &str) -> Result<Value, Error> {
        self.control("GET", &format!("dump?account={account}"), &Value::Null)
    }

    /// Lets time pass: phases end and limits recover.
    ///
    /// # Errors
    /// It does not answer.
    pub fn advance(&self, seconds: f64) -> Result<(), Error> {
        self.control("POST", "clock", &json!({ "advance": seconds })).map(drop)
    }

    /// What a server of its own has said so far; empty for the shared one, whose log is in the run directory.
    #[must_use]
    pub fn log(&self) -> String {
        self.own.as_ref().map_or_else(String::new, |own| own.log())
    }

    /// Asks `/stand-in/{path}`; a body of `null` is left out.
    ///
    /// # Errors
    /// It does not answer, or answers with an error.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Result<Value, Error> {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let failed = |problem: String| Error::AwsStandIn {
            endpoint: self.endpoint(),
            request: format!("{method} /stand-in/{path}"),
            problem,
        };
        let (status, answer) = aws_http::ask(self.port, method, &format!("/stand-in/{path}"), &text)
            .map_err(|error| failed(error.to_string()))?;
        if status >= 400 {
            return Err(failed(answer));
        }
        read(serde_json::from_str(&answer).map_err(json_error)?)
    }
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T, Error> {
    serde_json::from_value(answer).map_err(json_error)
}

fn json_error(source: serde_json::Error) -> Error {
    Error::Json { document: "the answer of the stand-in for AWS".into(), source }
}

/// The environment variables by which any client uses an endpoint as an account.
pub(crate) fn environment(endpoint: &str, account: &str) -> Vec<(&'static str, String)> {
    [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ACCESS_KEY_ID", account),
        ("AWS_SECRET_ACCESS_KEY", "stand-in"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        // Nothing of the caller's own configuration is to reach the tests.
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_have_twelve_digits_and_differ() {
        let accounts: std::collections::BTreeSet<_> = (0..100).map(|_| AwsStandIn::new_account()).collect();
        assert_eq!(accounts.len(), 100);
        assert!(accounts.iter().all(|account| account.len() == 12 && account.parse::<u64>().is_ok()));
    }

    #[test]
    fn what_does_not_answer_is_named() {
        let stand_in = AwsStandIn { port: 1, python: "/bin/python".into(), own: None };
        let error = stand_in.dump("1").unwrap_err().to_string();
        assert!(error.contains("http://127.0.0.1:1 does not answer GET /stand-in/dump?account=1"), "{error}");
    }
}
