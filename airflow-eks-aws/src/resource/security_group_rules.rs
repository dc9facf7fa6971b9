//! The rules of a security group.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::{
    AwsKind, STACK_TAG, SecurityGroupRule, SecurityGroupRules, Tags, is_known,
};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::AwsId;
use aws_sdk_ec2::types::{
    self as ec2, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRuleRequest,
    SecurityGroupRuleUpdate, UserIdGroupPair,
};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::security_groups;
use crate::tags::ec2 as tags;
use crate::wait::looking_first;

/// Each rule has the stack's tags itself, so that those of others in the same group can be told apart, and so that a group
/// that is not ours, such as the one that EKS makes, can have rules of ours.
impl Manage for SecurityGroupRules {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        if !is_known(&wanted.body.group_id) {
            return Ok(None);
        }
        let Some(rules) = list(aws, &wanted.id.to_string(), &wanted.body.group_id).await? else {
            return Ok(None);
        };
        let body = Self {
            group_id: wanted.body.group_id.clone(),
            ingress: shown(&rules, &wanted.body.ingress, false),
            egress: shown(&rules, &wanted.body.egress, true),
        };
        let is_empty = |rules: &Self| rules.ingress.is_empty() && rules.egress.is_empty();
        if is_empty(&body) && !is_empty(wanted.body) {
            return Ok(None);
        }
        Ok(Some(Found {
            physical_id: wanted.body.group_id.clone(),
            tags: common_tags(&rules, wanted),
            body,
            attributes: BTreeMap::new(),
            readiness: Readiness::Ready,
            ownership: Ownership::Ours,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        set(aws, wanted).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        _physical_id: &str,
        _changes: Changes<'_>,
    ) -> Result<(), Error> {
        set(aws, wanted).await
    }

    /// Takes away the rules and leaves the group: groups that refer to each other can be deleted only then.
    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let rules = list(aws, physical_id, physical_id).await?.unwrap_or_default();
        for egress in [false, true] {
            let ours = rules.iter().filter(|rule| rule.ours && rule.egress == egress);
            security_groups::revoke(
                aws,
                physical_id,
                physical_id,
                egress,
                ours.map(|rule| rule.id.clone()).collect(),
            )
            .await?;
        }
        Ok(())
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let filters = vec![tags::filter(&format!("tag:{STACK_TAG}"), &aws.stack)];
        let rules = security_groups::rules(aws, &AwsKind::SecurityGroupRules.to_string(), filters).await?;
        let groups: BTreeSet<(AwsId, String)> = rules
            .iter()
            .filter_map(|rule| Some((aws.marked(&tags::read(rule.tags()))?, rule.group_id()?.to_owned())))
            .collect();
        Ok(groups.into_iter().collect())
    }
}

/// A rule that is there.
#[derive(Debug, Clone)]
struct Present {
    id: String,
    egress: bool,
    rule: SecurityGroupRule,
    tags: Tags,
    ours: bool,
}

impl Present {
    /// Whether AWS takes two rules for the same: descriptions do not count.
    fn is(&self, egress: bool, rule: &SecurityGroupRule) -> bool {
        let key = |rule: &SecurityGroupRule| {
            (rule.ip_protocol.clone(), rule.from_port, rule.to_port, rule.peer.clone())
        };
        self.egress == egress && key(&self.rule) == key(rule)
    }

    /// The wanted one that it is.
    fn wanted_as<'a>(&self, body: &'a SecurityGroupRules) -> Option<&'a SecurityGroupRule> {
        let rules = if self.egress { &body.egress } else { &body.ingress };
        rules.iter().find(|rule| self.is(self.egress, rule))
    }
}

/// What counts of one direction: our rules; and where another's is just what is wanted, that too, for AWS refuses a second.
fn shown(
    present: &[Present],
    wanted: &BTreeSet<SecurityGroupRule>,
    egress: bool,
) -> BTreeSet<SecurityGroupRule> {
    let present = present.iter().filter(|rule| rule.egress == egress);
    let counts = |present: &Present| match present.ours {
        true => Some(present.rule.clone()),
        false => wanted.iter().find(|rule| present.is(egress, rule)).cloned(),
    };
    present.filter_map(counts).collect()
}

/// The tags that all our rules have that are to stay.
fn common_tags(present: &[Present], wanted: Wanted<'_, SecurityGroupRules>) -> Tags {
    let stay = present.iter().filter(|rule| rule.ours && rule.wanted_as(wanted.body).is_some());
    let both = |mut all: Tags, tags: Tags| {
        all.retain(|key, value| tags.get(key) == Some(value));
        all
    };
    stay.map(|rule| rule.tags.clone()).reduce(both).unwrap_or_else(|| wanted.tags.clone())
}

/// The rules of a group; nothing where there is no such group.
async fn list(aws: &Aws, resource: &str, group: &str) -> Result<Option<Vec<Present>>, Error> {
    let filters = || vec![tags::filter("group-id", group)];
    let groups = security_groups::groups(aws, resource, filters()).await?;
    let Some(found) = groups.first() else { return Ok(None) };
    let group_is_ours = aws.ownership(&tags::read(found.tags())) == Ownership::Ours;
    let rules = security_groups::rules(aws, resource, filters()).await?;
    Ok(Some(rules.iter().filter_map(|rule| present(aws, rule, group_is_ours)).collect()))
}

fn present(aws: &Aws, found: &ec2::SecurityGroupRule, group_is_ours: bool) -> Option<Present> {
    let rule = read(found);
    let tags = tags::read(found.tags());
    let egress = found.is_egress().unwrap_or_default();
    // AWS gives it to every new group, without tags.
    let given = group_is_ours
        && egress
        && rule.ip_protocol == "-1"
        && rule.peer == "0.0.0.0/0"
        && !tags.contains_key(STACK_TAG);
    let ours = given || aws.ownership(&tags) == Ownership::Ours;
    Some(Present { id: found.security_group_rule_id()?.to_owned(), egress, rule, tags, ours })
}

fn read(rule: &ec2::SecurityGroupRule) -> SecurityGroupRule {
    let group = rule.referenced_group_info().and_then(|group| group.group_id());
    let peer = rule.cidr_ipv4().or(rule.cidr_ipv6()).or(group).or(rule.prefix_list_id());
    SecurityGroupRule {
        ip_protocol: rule.ip_protocol().unwrap_or_default().to_owned(),
        from_port: rule.from_port().unwrap_or(-1),
        to_port: rule.to_port().unwrap_or(-1),
        peer: peer.unwrap_or_default().to_owned(),
        description: rule.description().unwrap_or_default().to_owned(),
    }
}

/// Makes our rules those that are wanted. What is missing comes first, so that nothing is cut off meanwhile.
async fn set(aws: &Aws, wanted: Wanted<'_, SecurityGroupRules>) -> Result<(), Error> {
    let resource = wanted.id.to_string();
    let group = wanted.body.group_id.as_str();
    looking_first(|| async {
        let rules = list(aws, &resource, group).await?.unwrap_or_default();
        for (egress, wanted_rules) in [(false, &wanted.body.ingress), (true, &wanted.body.egress)] {
            let there = |rule: &&SecurityGroupRule| rules.iter().any(|present| present.is(egress, rule));
            let missing: Vec<_> = wanted_rules.iter().filter(|rule| !there(rule)).map(permission).collect();
            authorize(aws, wanted, egress, missing).await?;
        }
        let (stay, leave): (Vec<&Present>, Vec<&Present>) =
            rules.iter().filter(|rule| rule.ours).partition(|rule| rule.wanted_as(wanted.body).is_some());
        describe_anew(aws, wanted, &stay).await?;
        tag(aws, wanted, &stay).await?;
        for egress in [false, true] {
            let ids = leave.iter().filter(|rule| rule.egress == egress).map(|rule| rule.id.clone());
            security_groups::revoke(aws, &resource, group, egress, ids.collect()).await?;
        }
        Ok(())
    })
    .await
}

/// A rule as AWS takes it. Where all protocols are meant there are no ports.
fn permission(rule: &SecurityGroupRule) -> IpPermission {
    let all = rule.ip_protocol == "-1";
    let permission = IpPermission::builder()
        .ip_protocol(&rule.ip_protocol)
        .set_from_port((!all).then_some(rule.from_port))
        .set_to_port((!all).then_some(rule.to_port));
    let description = Some(rule.description.clone()).filter(|text| !text.is_empty());
    let peer = rule.peer.as_str();
    let permission = if peer.starts_with("sg-") {
        let pair = UserIdGroupPair::builder().group_id(peer).set_description(description);
        permission.user_id_group_pairs(pair.build())
    } else if peer.starts_with("pl-") {
        let list = PrefixListId::builder().prefix_list_id(peer).set_description(description);
        permission.prefix_list_ids(list.build())
    } else if peer.contains(':') {
        let range = Ipv6Range::builder().cidr_ipv6(peer).set_description(description);
        permission.ipv6_ranges(range.build())
    } else {
        permission.ip_ranges(IpRange::builder().cidr_ip(peer).set_description(description).build())
    };
    permission.build()
}

async fn authorize(
    aws: &Aws,
    wanted: Wanted<'_, SecurityGroupRules>,
    egress: bool,
    missing: Vec<IpPermission>,
) -> Result<(), Error> {
    if missing.is_empty() {
        return Ok(());
    }
    let group = wanted.body.group_id.as_str();
    let tags = tags::on_creation(ResourceType::SecurityGroupRule, wanted.tags);
    if egress {
        let request =
            || aws.ec2.authorize_security_group_egress().group_id(group).tag_specifications(tags.clone());
        let operation = Operation::once("ec2", "AuthorizeSecurityGroupEgress");
        let send = || request().set_ip_permissions(Some(missing.clone())).send();
        aws.call(operation, wanted.id, send).await.map(drop)
    } else {
        let request =
            || aws.ec2.authorize_security_group_ingress().group_id(group).tag_specifications(tags.clone());
        let operation = Operation::once("ec2", "AuthorizeSecurityGroupIngress");
        let send = || request().set_ip_permissions(Some(missing.clone())).send();
        aws.call(operation, wanted.id, send).await.map(drop)
    }
}

/// Gives rules the wanted descriptions, without taking them away for a moment.
async fn describe_anew(
    aws: &Aws,
    wanted: Wanted<'_, SecurityGroupRules>,
    stay: &[&Present],
) -> Result<(), Error> {
    let changed = |present: &Present| {
        let rule = present.wanted_as(wanted.body)?;
        (rule.description != present.rule.description).then(|| rename(&present.id, rule))
    };
    let changed: Vec<_> = stay.iter().filter_map(|present| changed(present)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    aws.call(Operation::repeatable("ec2", "ModifySecurityGroupRules"), wanted.id, || {
        aws.ec2
            .modify_security_group_rules()
            .group_id(&wanted.body.group_id)
            .set_security_group_rules(Some(changed.clone()))
            .send()
    })
    .await
    .map(drop)
}

fn rename(id: &str, rule: &SecurityGroupRule) -> SecurityGroupRuleUpdate {
    let request = SecurityGroupRuleRequest::builder()
        .ip_protocol(&rule.ip_protocol)
        .from_port(rule.from_port)
        .to_port(rule.to_port)
        .description(&rule.description);
    let peer = rule.peer.as_str();
    let request = if peer.starts_with("sg-") {
        request.referenced_group_id(peer)
    } else if peer.starts_with("pl-") {
        request.prefix_list_id(peer)
    } else if peer.contains(':') {
        request.cidr_ipv6(peer)
    } else {
        request.cidr_ipv4(peer)
    };
    SecurityGroupRuleUpdate::builder().security_group_rule_id(id).security_group_rule(request.build()).build()
}

async fn tag(aws: &Aws, wanted: Wanted<'_, SecurityGroupRules>, stay: &[&Present]) -> Result<(), Error> {
    let lacks =
        |present: &&&Present| wanted.tags.iter().any(|(key, value)| present.tags.get(key) != Some(value));
    let ids: Vec<String> = stay.iter().filter(lacks).map(|present| present.id.clone()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    aws.call(Operation::repeatable("ec2", "CreateTags"), wanted.id, || {
        let tags = Some(tags::write(wanted.tags));
        aws.ec2.create_tags().set_resources(Some(ids.clone())).set_tags(tags).send()
    })
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(peer: &str, description: &str) -> SecurityGroupRule {
        SecurityGroupRule {
            ip_protocol: "tcp".into(),
            from_port: 443,
            to_port: 443,
            peer: peer.into(),
            description: description.into(),
        }
    }

    fn present(rule: SecurityGroupRule, ours: bool) -> Present {
        Present { id: "sgr-1".into(), egress: false, rule, tags: Tags::new(), ours }
    }

    #[test]
    fn rules_of_others_show_only_where_they_are_just_what_is_wanted() {
        let wanted = BTreeSet::from([rule("10.0.0.0/16", "wanted")]);
        let there = [
            present(rule("10.0.0.0/16", "of others"), false),
            present(rule("10.1.0.0/16", "of others"), false),
            present(rule("10.2.0.0/16", "ours"), true),
        ];
        let expected = BTreeSet::from([rule("10.0.0.0/16", "wanted"), rule("10.2.0.0/16", "ours")]);
        assert_eq!(shown(&there, &wanted, false), expected);
        assert!(shown(&there, &wanted, true).is_empty());
    }

    #[test]
    fn a_peer_stands_in_the_field_of_what_it_is() {
        assert_eq!(permission(&rule("sg-1", "")).user_id_group_pairs().len(), 1);
        assert_eq!(permission(&rule("pl-1", "")).prefix_list_ids().len(), 1);
        assert_eq!(permission(&rule("::/0", "")).ipv6_ranges().len(), 1);
        assert_eq!(permission(&rule("0.0.0.0/0", "")).ip_ranges().len(), 1);
    }
}
