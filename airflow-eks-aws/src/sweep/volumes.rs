//! EBS volumes of the EBS CSI driver that nothing uses.

use super::marks::CSI_CLUSTER;
use super::{Leftover, LeftoverKind, Search};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;

impl Search<'_> {
    pub(super) async fn volumes(self) -> Result<Vec<Leftover>, Error> {
        let (aws, subject) = (self.aws, self.subject());
        let filters = vec![tags::filter("status", "available"), tags::filter("tag-key", CSI_CLUSTER)];
        let operation = Operation::read("ec2", "DescribeVolumes");
        let send = |token| {
            aws.ec2.describe_volumes().set_filters(Some(filters.clone())).set_next_token(token).send()
        };
        let volumes =
            aws.every_page(operation, &subject, send, |page| (page.volumes, page.next_token)).await?;
        Ok(volumes
            .iter()
            .filter_map(|volume| {
                self.judge(LeftoverKind::Volume, volume.volume_id(), &tags::read(volume.tags()))
            })
            .collect())
    }
}

pub(super) async fn delete(aws: &Aws, id: &str) -> Result<(), Error> {
    let operation = Operation::delete("ec2", "DeleteVolume");
    gone(aws.call(operation, id, || aws.ec2.delete_volume().volume_id(id).send()).await)
}
