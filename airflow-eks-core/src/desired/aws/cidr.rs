//! Address ranges of subnets, cut from the ranges of the VPC.

use ipnet::Ipv4Net;

/// The most zones that there is room for.
pub(super) const MOST_ZONES: usize = 4;

/// The ranges of the subnets of one zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ZoneRanges {
    /// For internet-facing load balancers and NAT gateways: /26.
    pub(super) public: Ipv4Net,
    /// For internal load balancers and the control plane: /24.
    pub(super) private: Ipv4Net,
    /// For the database: /26.
    pub(super) database: Ipv4Net,
    /// For nodes and pods: an even share of the second range.
    pub(super) data_plane: Ipv4Net,
}

/// The ranges of each zone. The first /24 of the VPC holds the public subnets, those after it the private ones, and
/// further ones, each to the zone's number, the database's.
pub(super) fn zones(vpc: Ipv4Net, secondary: Ipv4Net, count: usize) -> Vec<ZoneRanges> {
    // A VPC of /20 has sixteen blocks of /24 in all.
    let first_database = if vpc.prefix_len() >= 20 { 8 } else { 20 };
    let share = secondary.prefix_len() + bits(count);
    (0..count.min(MOST_ZONES))
        .map(|zone| ZoneRanges {
            public: nth(vpc, 26, zone),
            private: nth(vpc, 24, 1 + zone),
            database: nth(nth(vpc, 24, first_database + zone), 26, 0),
            data_plane: nth(secondary, share, zone),
        })
        .collect()
}

/// How many bits it takes to count to `count`.
fn bits(count: usize) -> u8 {
    match count {
        0 | 1 => 0,
        2 => 1,
        _ => 2,
    }
}

/// The block of that prefix length at that position within `range`.
fn nth(range: Ipv4Net, prefix: u8, position: usize) -> Ipv4Net {
    // The rules of the network keep every range large enough for its blocks.
    range.subnets(prefix).ok().and_then(|mut blocks| blocks.nth(position)).unwrap_or(range)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(zones: &[ZoneRanges]) -> Vec<String> {
        let ranges = |zone: &ZoneRanges| [zone.public, zone.private, zone.database, zone.data_plane];
        zones.iter().flat_map(ranges).map(|range| range.to_string()).collect()
    }

    #[test]
    fn the_default_ranges_are_well_known() {
        let ranges = zones("10.0.0.0/16".parse().unwrap(), "100.64.0.0/16".parse().unwrap(), 2);
        assert_eq!(
            texts(&ranges),
            [
                "10.0.0.0/26",
                "10.0.1.0/24",
                "10.0.20.0/26",
                "100.64.0.0/17",
                "10.0.0.64/26",
                "10.0.2.0/24",
                "10.0.21.0/26",
                "100.64.128.0/17",
            ]
        );
    }

    proptest! {
        #[test]
        fn ranges_lie_in_their_own_and_never_overlap(
            vpc in 16u8..=20, secondary in 16u8..=18, count in 2usize..=MOST_ZONES, block in any::<u16>(),
        ) {
            let base = |first: u8| std::net::Ipv4Addr::new(first, (block >> 8) as u8, block as u8, 0);
            let vpc = Ipv4Net::new(base(10), vpc).unwrap().trunc();
            let secondary = Ipv4Net::new(base(100), secondary).unwrap().trunc();
            let zones = zones(vpc, secondary, count);
            prop_assert_eq!(zones.len(), count);
            let mut all: Vec<Ipv4Net> = Vec::new();
            for zone in zones {
                prop_assert!([zone.public, zone.private, zone.database].iter().all(|range| vpc.contains(range)));
                prop_assert!(secondary.contains(&zone.data_plane));
                prop_assert_eq!(
                    [zone.public, zone.private, zone.database].map(|range| range.prefix_len()), [26, 24, 26]
                );
                all.extend([zone.public, zone.private, zone.database, zone.data_plane]);
            }
            for (position, one) in all.iter().enumerate() {
                for other in &all[position + 1..] {
                    prop_assert!(!one.contains(other) && !other.contains(one), "{} and {}", one, other);
                }
            }
        }
    }
}
