//! What is measured.

use crate::Result;
use crate::contender::Contender;

const USAGE: &str = "usage: cargo bench -p airflow-eks-benches --bench cluster -- \
    [--rounds N] [--create N]... [--unchanged N] [--only NAME]...";

/// What is measured.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// How often each contender runs; the median counts.
    pub(crate) rounds: usize,
    /// How many objects are made.
    pub(crate) create: Vec<usize>,
    /// How many objects are looked at.
    pub(crate) unchanged: Option<usize>,
    only: Vec<String>,
}

impl Arguments {
    /// Those of the command line. Where it says nothing, everything is measured.
    pub(crate) fn read() -> Result<Self> {
        let mut read = Self { rounds: 3, create: Vec::new(), unchanged: None, only: Vec::new() };
        // Cargo adds `--bench` by itself.
        let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or(USAGE)?;
            match name.as_str() {
                "--rounds" => read.rounds = value.parse()?,
                "--create" => read.create.push(value.parse()?),
                "--unchanged" => read.unchanged = Some(value.parse()?),
                "--only" => read.only.push(value),
                _ => return Err(USAGE.into()),
            }
        }
        if read.create.is_empty() && read.unchanged.is_none() {
            (read.create, read.unchanged) = (vec![500, 2_000], Some(2_000));
        }
        Ok(read)
    }

    /// Those that take part.
    pub(crate) fn chosen(&self, all: &[Contender]) -> Vec<Contender> {
        let is_chosen = |contender: &&Contender| {
            self.only.is_empty() || self.only.iter().any(|only| contender.name.contains(only))
        };
        all.iter().filter(is_chosen).copied().collect()
    }
}
