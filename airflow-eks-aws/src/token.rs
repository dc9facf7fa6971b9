//! A token for the API of a cluster: a presigned call of STS, as EKS expects it.

use std::time::{Duration, SystemTime};

use airflow_eks_core::engine::Failure;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::call::told;
use crate::clients::Aws;
use crate::error::Error;

/// What EKS puts before the call.
const PREFIX: &str = "k8s-aws-v1.";
/// How long the presigned call may be used, in seconds.
const SIGNED_FOR: Duration = Duration::from_secs(60);
/// How long EKS takes a token for good, less a minute for clocks that differ.
/// See <https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster>.
const VALID_FOR: Duration = Duration::from_mins(14);

/// A token for the API of a cluster.
pub struct Token {
    /// The token. It stands for the caller: keep it secret.
    pub text: String,
    /// Until when it can be used.
    pub expires: SystemTime,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Aws {
    /// Makes a token for a cluster. Nothing is called, unless the credentials themselves have to be fetched.
    ///
    /// # Errors
    /// There are no credentials.
    pub async fn token(&self, cluster: &str) -> Result<Token, Failure> {
        let now = SystemTime::now();
        let url = self.presigned(cluster, now).await.map_err(|message| {
            let mut failure =
                Error::other(format!("cluster {cluster}"), "sts:GetCallerIdentity", message).failure;
            failure.hint = Some("sign in, or set AWS_PROFILE, as for the AWS command line".to_owned());
            failure
        })?;
        Ok(Token { text: format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(url)), expires: now + VALID_FOR })
    }

    async fn presigned(&self, cluster: &str, now: SystemTime) -> Result<String, String> {
        let provider = self.config.credentials_provider().ok_or("there are no credentials")?;
        let credentials = provider
            .provide_credentials()
            .await
            .map_err(|error| format!("no credentials: {}", told(&error)))?;
        let identity = credentials.into();
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(SIGNED_FOR);
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("sts")
            .time(now)
            .settings(settings)
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let url = format!("{}/?Action=GetCallerIdentity&Version=2011-06-15", self.sts_address());
        let headers = [("x-k8s-aws-id", cluster)];
        let request = SignableRequest::new("GET", &url, headers.into_iter(), SignableBody::Bytes(&[]))
            .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(request, &parameters).map_err(|error| error.to_string())?.into_parts();
        let mut signed = http::Request::builder().uri(&url).body(()).map_err(|error| error.to_string())?;
        instructions.apply_to_request_http1x(&mut signed);
        Ok(signed.uri().to_string())
    }

    /// The Region's own address of STS: EKS takes no token of the global one in newer Regions.
    fn sts_address(&self) -> String {
        match self.config.endpoint_url() {
            Some(address) => address.trim_end_matches('/').to_owned(),
            None => {
                let suffix =
                    if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
                format!("https://sts.{}.{suffix}", self.region)
            }
        }
    }
}
