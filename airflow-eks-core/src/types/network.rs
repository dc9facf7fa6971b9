//! Address blocks.

use std::str::FromStr;

use ipnet::Ipv4Net;

use super::text::{ensure, shown, text_type};

text_type! {
    /// An IPv4 address block whose host bits are zero.
    Cidr, cidr, example "10.0.0.0/16",
        source "https://datatracker.ietf.org/doc/html/rfc4632#section-3.1";
}

impl Cidr {
    /// The block as numbers.
    #[must_use]
    pub fn network(&self) -> Ipv4Net {
        // The rule of the type made sure that this parses.
        Ipv4Net::from_str(self.as_str()).unwrap_or_default()
    }

    /// The length of the prefix, from 0 to 32.
    #[must_use]
    pub fn prefix_length(&self) -> u8 {
        self.network().prefix_len()
    }

    /// Whether the two blocks share an address.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let (a, b) = (self.network(), other.network());
        a.contains(&b) || b.contains(&a)
    }

    /// Whether `other` lies wholly within this block.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.network().contains(&other.network())
    }
}

impl From<Ipv4Net> for Cidr {
    fn from(network: Ipv4Net) -> Self {
        Self(network.trunc().to_string())
    }
}

fn cidr(text: &str) -> Result<(), String> {
    ensure(text.contains('/'), || {
        format!("{} has no prefix length, such as the `/32` of a single address", shown(text))
    })?;
    let network =
        Ipv4Net::from_str(text).map_err(|_| format!("{} is not an IPv4 address block", shown(text)))?;
    ensure(network.trunc().to_string() == text, || {
        format!("{} has bits set behind its prefix; the block is `{}`", shown(text), network.trunc())
    })
}
