//! Amounts of processor time and memory, and lengths of time.

use super::text::{ensure, shown, text_type};

text_type! {
    /// A Kubernetes quantity: a number and a unit, such as `500m` of a processor or `4Gi` of memory.
    Quantity, |t| quantity(t).map(|_| ()), example "4Gi",
        source "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/";
    /// A length of time in Go's notation, as Karpenter reads it: hours, minutes and seconds.
    GoDuration, |t| go_duration(t).map(|_| ()), example "1h30m",
        source "https://pkg.go.dev/time#ParseDuration";
    /// Memory of a Spark driver or executor, in the notation of the Java virtual machine.
    SparkMemory, |t| spark_memory(t).map(|_| ()), example "4g",
        source "https://spark.apache.org/docs/latest/configuration.html#spark-properties";
}

impl Quantity {
    /// The amount in thousandths of its base unit, for comparing.
    #[must_use]
    pub fn milli(&self) -> i128 {
        quantity(self.as_str()).unwrap_or_default()
    }
}

impl GoDuration {
    /// The length in seconds, rounded down.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        go_duration(self.as_str()).unwrap_or_default()
    }
}

impl SparkMemory {
    /// The amount in MiB, rounded down.
    #[must_use]
    pub fn mebibytes(&self) -> u64 {
        spark_memory(self.as_str()).unwrap_or_default()
    }
}

fn quantity(text: &str) -> Result<i128, String> {
    let bad = || {
        format!(
            "{} is not a quantity: a number and one of m, k, M, G, T, Ki, Mi, Gi, Ti or nothing",
            shown(text)
        )
    };
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let scale: i128 = match unit {
        "m" => 1,
        "" => 1000,
        "k" => 1_000_000,
        "M" => 1_000_000_000,
        "G" => 1_000_000_000_000,
        "T" => 1_000_000_000_000_000,
        "Ki" => 1000 << 10,
        "Mi" => 1000 << 20,
        "Gi" => 1000 << 30,
        "Ti" => 1000 << 40,
        _ => return Err(bad()),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || whole.len() > 15 || fraction.len() > 9 || number.ends_with('.') {
        return Err(bad());
    }
    let value: i128 = format!("{whole}{fraction}").parse().map_err(|_| bad())?;
    Ok(value * scale / 10_i128.pow(u32::try_from(fraction.len()).unwrap_or(0)))
}

fn go_duration(text: &str) -> Result<u64, String> {
    let bad = || format!("{} is not a duration made of hours `h`, minutes `m` and seconds `s`", shown(text));
    let (mut total, mut number, mut last) = (0_u64, String::new(), u64::MAX);
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let unit = match c {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return Err(bad()),
        };
        let count: u64 = number.parse().map_err(|_| bad())?;
        ensure(unit < last, bad)?;
        total = count.checked_mul(unit).and_then(|part| total.checked_add(part)).ok_or_else(bad)?;
        last = unit;
        number.clear();
    }
    if last == u64::MAX || !number.is_empty() { Err(bad()) } else { Ok(total) }
}

fn spark_memory(text: &str) -> Result<u64, String> {
    let bad = || format!("{} is not an amount of memory: a whole number and one of k, m, g, t", shown(text));
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().map_err(|_| bad())?;
    let bytes = match unit.to_ascii_lowercase().as_str() {
        "k" | "kb" => number.checked_mul(1 << 10),
        "m" | "mb" => number.checked_mul(1 << 20),
        "g" | "gb" => number.checked_mul(1 << 30),
        "t" | "tb" => number.checked_mul(1 << 40),
        _ => None,
    };
    bytes.map(|bytes| bytes >> 20).filter(|mebibytes| *mebibytes > 0).ok_or_else(bad)
}
