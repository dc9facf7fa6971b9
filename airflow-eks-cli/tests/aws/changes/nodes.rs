//! Where pods run.

use super::{DEFAULT, there_and_back};

#[test]
fn settings_of_nodes() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["nodeGroups[0].minSize=2"], &["NodeGroup core: update minSize"]),
            (&["nodeGroups[0].maxSize=9"], &["NodeGroup core: update maxSize"]),
            // How many there are is the autoscaler's to say.
            (&["nodeGroups[0].desiredSize=4"], &[]),
            (&["nodeGroups[0].labels.team=data"], &["NodeGroup core: update labels.team"]),
            (
                &["nodeGroups[0].taints=[{key: dedicated, value: airflow, effect: NoSchedule}]"],
                &["NodeGroup core: update taints"],
            ),
            (
                &["nodeGroups[0].maxUnavailablePercentage=50"],
                &["NodeGroup core: update maxUnavailablePercentage"],
            ),
            (
                &["nodeGroups[0].diskSizeGib=150"],
                &["LaunchTemplate core: update volumeSize", "NodeGroup core: update launchTemplateVersion"],
            ),
            (
                &["nodeGroups[0].keyPair=ops"],
                &["LaunchTemplate core: update keyName", "NodeGroup core: update launchTemplateVersion"],
            ),
        ],
    );
}

#[test]
fn other_nodes() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["nodeGroups[0].instanceTypes=[m6i.2xlarge]"], &["NodeGroup core: replace instanceTypes"]),
            (&["nodeGroups[0].capacityType=spot"], &["NodeGroup core: replace capacityType"]),
            (
                &["nodeGroups[0].amiFamily=bottlerocket"],
                &[
                    "LaunchTemplate core: update deviceName",
                    "NodeGroup core: replace amiType launchTemplateVersion",
                ],
            ),
            (
                &["nodeGroups[1]={name: extra, instanceTypes: [m6i.large]}"],
                &["LaunchTemplate extra: create", "NodeGroup extra: create"],
            ),
            (
                &["fargateProfiles=[{name: jobs, selectors: [{namespace: jobs}]}]"],
                &[
                    "Role fargate-pod-execution: create",
                    "SecurityGroupRules fargate: create",
                    "SecurityGroupRules node: update ingress",
                    "FargateProfile jobs: create",
                ],
            ),
        ],
    );
}

#[test]
fn what_runs_on_fargate() {
    there_and_back(
        "fargate",
        &[],
        &[
            (
                &["fargateProfiles[1].selectors[1]={namespace: jobs}"],
                &["FargateProfile airflow: replace selectors"],
            ),
            (
                &["fargateProfiles[2]={name: others, selectors: [{namespace: others}]}"],
                &["FargateProfile others: create"],
            ),
        ],
    );
}
