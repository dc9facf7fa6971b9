"""AWS managed policies: only those that a deployment attaches, because reading all takes seconds.

moto parses the whole collection again for every account; a few dozen of them take milliseconds.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import json
import re

from moto.iam import models

_WANTED = re.compile(
    r"EKS|ContainerRegistry|EBSCSI|EFSCSI|S3CSI|SSMManagedInstance|AmazonSSM|CloudWatchAgent"
    r"|Prometheus|RDSEnhancedMonitoring|VPCResourceController|AmazonS3(ReadOnly|Full)Access"
    r"|XRay(Daemon)?Write|^AdministratorAccess$|^ReadOnlyAccess$|Grafana|SecretsManagerReadWrite"
    r"|ElasticFileSystem|CloudWatchLogs|AWSBackupServiceRole"
)


def keep_few() -> None:
    """Reduce moto's collection. Called before IAM is first used."""
    everything = json.loads(models.aws_managed_policies_data)
    few = {name: policy for name, policy in everything.items() if _WANTED.search(name)}
    models.aws_managed_policies_data = json.dumps(few)
