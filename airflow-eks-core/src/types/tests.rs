//! Each type takes its own example, and refuses what people write by mistake.

use super::*;

macro_rules! refuses {
    ($($test:ident: $type:ident refuses [$($wrong:literal),+ $(,)?];)+) => { $(
        #[test]
        fn $test() {
            assert!($type::new($type::EXAMPLE).is_ok(), "{}", $type::EXAMPLE);
            for wrong in [$($wrong),+] {
                let invalid = $type::new(wrong).expect_err(wrong);
                assert!(!invalid.reason.is_empty());
                assert_eq!(invalid.example, $type::EXAMPLE);
            }
        }
    )+ };
}

refuses! {
    stack_name: StackName refuses ["", "Demo", "1demo", "a--b", "-a", "a-", "a_b", "twenty-three-characters", "ä"];
    region: Region refuses ["", "us-west-2a", "us west 2", "USWEST2", "us-west", "europe"];
    account_id: AccountId refuses ["", "11112222333", "1111222233334", "11112222333x"];
    availability_zone: AvailabilityZone refuses ["us-west-2", "usw2-az1", "us-west-2aa", ""];
    arn: Arn refuses ["", "arn:aws:iam", "aws:arn:iam::111122223333:role/x", "arn:amazon:iam::111122223333:role/x",
        "arn:aws:iam::1111:role/x", "arn:aws:iam::111122223333:", "arn:aws:iam::111122223333:role/a b"];
    vpc_id: VpcId refuses ["vpc", "vpc-1", "subnet-0a1b2c3d4e5f60718", "vpc-0A1B2C3D4E5F60718"];
    instance_type: InstanceType refuses ["", "m6i", "m6i.", ".large", "M6i.large", "m6i large"];
    database_instance_class: DatabaseInstanceClass refuses ["t4g.large", "db.large", "db."];
    database_identifier: DatabaseIdentifier refuses ["", "1a", "a-b", "{{ .x }}"];
    bucket_name: BucketName refuses ["ab", "Airflow-Logs", "a_b_c", "-abc", "xn--abc", "abc-s3alias"];
    tag_key: TagKey refuses ["", "aws:name", "AWS:name", "a{b}"];
    tag_value: TagValue refuses ["a{b}", "tab\tbed"];
    cluster_name: ClusterName refuses ["", "-a", "a b", "a.b"];
    namespace: NamespaceName refuses ["", "Airflow", "air_flow", "-a", "a.b"];
    object_name: ObjectName refuses ["", "A", "a..b", ".a"];
    label_key: LabelKey refuses ["", "a/", "/a", "a b", "-a", "Example.com/a"];
    label_value: LabelValue refuses ["a b", "-a", "a/b"];
    environment_variable_name: EnvironmentVariableName refuses ["", "1A", "A-B", "A B"];
    host_name: HostName refuses ["", "localhost", "https://a.b", "a b.c"];
    image_reference: ImageReference refuses ["", "apache/airflow", "apache/airflow:", "https://a/b:1", "Apache/Airflow:1",
        "apache/airflow@sha256:12", "registry.example.com:5000/airflow"];
    git_url: GitUrl refuses ["", "http://a/b", "git://a/b", "https://user:token@host/a", "ssh://git:secret@host/a", "https://host", "ftp://a/b", "a/b"];
    git_reference: GitReference refuses ["", "-a", "a..b", "a b", "a/", "a~1", "/a"];
    relative_path: RelativePath refuses ["", "/dags", "../dags", "dags/", "a//b", "./a"];
    cidr: Cidr refuses ["", "10.0.0.0", "10.0.0.1/16", "10.0.0.0/33", "10.0.0/8", "::/0"];
    quantity: Quantity refuses ["", "4Gb", "4 Gi", "-1", "Gi", "1.", "1e3", "4gi"];
    go_duration: GoDuration refuses ["", "30", "30d", "1m1h", "s", "-1h", "1h1h"];
    spark_memory: SparkMemory refuses ["", "4", "4Gi", "0g", "1.5g", "1k"];
    kubernetes_version: KubernetesVersion refuses ["", "1", "1.35.2", "v1.35", "2.1", "1.035"];
    airflow_version: AirflowVersion refuses ["", "2.11", "2.10.5", "1.10.15", "v3.0.0", "3.0.0rc1", "4.0.0"];
    chart_repository: ChartRepository refuses ["", "charts.example.com", "https://", "https://user:word@host/a", "https://a b", "https://a/?b"];
    chart_name: ChartName refuses ["", "a/b", "-a", "A"];
    oci_reference: OciReference refuses ["", "oci://", "oci://host", "oci://host/", "oci://host/a:1.0.0", "oci://user@host/a", "https://host/a"];
    chart_path: ChartPath refuses ["", "-a", "https://host/a"];
    addon_version: AddonVersion refuses ["", "latest", "1.9", "~1.9.0", "1.x"];
    postgres_version: PostgresVersion refuses ["", "12", "19", "17.1.2", "v17"];
    spark_version: SparkVersion refuses ["", "2.4.8", "4.0", "4.0.1-preview"];
    user_name: UserName refuses ["", "a b", "-a"];
    email_address: EmailAddress refuses ["", "a", "@b.c", "a@", "a b@c.d"];
}

#[test]
fn quantities_compare_by_amount() {
    let milli = |text: &str| Quantity::new(text).unwrap().milli();
    assert_eq!(milli("500m"), 500);
    assert_eq!(milli("2"), 2000);
    assert_eq!(milli("1.5"), 1500);
    assert_eq!(milli("1Ki"), 1_024_000);
    assert!(milli("1Gi") > milli("1G"));
}

#[test]
fn durations_and_memory_have_a_length() {
    assert_eq!(GoDuration::new("1h30m5s").unwrap().seconds(), 5405);
    assert_eq!(SparkMemory::new("2g").unwrap().mebibytes(), 2048);
}

#[test]
fn blocks_overlap_and_contain() {
    let block = |text: &str| Cidr::new(text).unwrap();
    assert!(block("10.0.0.0/16").overlaps(&block("10.0.4.0/24")));
    assert!(block("10.0.4.0/24").overlaps(&block("10.0.0.0/16")));
    assert!(!block("10.0.0.0/16").overlaps(&block("10.1.0.0/16")));
    assert!(!block("10.0.4.0/24").contains(&block("10.0.0.0/16")));
}

#[test]
fn an_image_has_parts() {
    let image = ImageReference::new("registry.example.com:5000/apache/airflow:3.3.2").unwrap();
    assert_eq!(
        (image.repository(), image.tag()),
        ("registry.example.com:5000/apache/airflow", Some("3.3.2"))
    );
    let digest = format!("sha256:{}", "a".repeat(64));
    let image = ImageReference::new(format!("apache/airflow@{digest}")).unwrap();
    assert_eq!(
        (image.repository(), image.tag(), image.digest()),
        ("apache/airflow", None, Some(digest.as_str()))
    );
}

#[test]
fn a_region_knows_its_partition() {
    let partition = |text: &str| Region::new(text).unwrap().partition();
    assert_eq!(partition("us-gov-west-1"), "aws-us-gov");
    assert_eq!(partition("cn-north-1"), "aws-cn");
    assert_eq!(partition("eu-central-1"), "aws");
}
