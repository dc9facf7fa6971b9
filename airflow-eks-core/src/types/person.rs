//! People.

use super::text::{ensure, shown, text_type};

text_type! {
    /// The name that a person logs in with.
    UserName, user_name, example "admin",
        source "https://airflow.apache.org/docs/apache-airflow-providers-fab/stable/cli-ref.html";
    /// An e-mail address.
    EmailAddress, email_address, example "admin@example.com",
        source "https://datatracker.ietf.org/doc/html/rfc5321#section-4.1.2";
}

fn user_name(text: &str) -> Result<(), String> {
    let shape = (1..=64).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@'))
        && !text.starts_with('-');
    ensure(shape, || format!("{} is not 1 to 64 letters, digits, `.`, `_`, `-` or `@`", shown(text)))
}

fn email_address(text: &str) -> Result<(), String> {
    let shape = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && super::text::dns_subdomain(&domain.to_ascii_lowercase()).is_ok()
    });
    ensure(shape, || format!("{} is not an e-mail address", shown(text)))
}
