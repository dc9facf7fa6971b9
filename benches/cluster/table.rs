//! What came of it, as ratios.

use std::time::Duration;

use crate::measured::Measured;

/// The runs of each contender of a series.
pub(crate) struct Table {
    title: String,
    /// A word of the name of whom the others are compared with.
    reference: &'static str,
    rows: Vec<(&'static str, Vec<Measured>)>,
}

impl Table {
    pub(crate) fn new(title: String, reference: &'static str) -> Self {
        Self { title, reference, rows: Vec::new() }
    }

    /// Adds one run. It is told at once, because a series takes minutes.
    pub(crate) fn add(&mut self, name: &'static str, measured: Measured) {
        eprintln!("{}: {name}: {:.2} s", self.title, measured.wall.as_secs_f64());
        match self.rows.iter_mut().find(|(known, _)| *known == name) {
            Some((_, runs)) => runs.push(measured),
            None => self.rows.push((name, vec![measured])),
        }
    }

    /// Prints medians, and each as a multiple of the reference.
    pub(crate) fn print(&self) {
        let reference = self.rows.iter().find(|(name, _)| name.contains(self.reference));
        let reference = reference.map(|(_, runs)| (median(runs, wall), median(runs, cpu)));
        println!("\n{} (medians of {})", self.title, self.rows.first().map_or(0, |(_, runs)| runs.len()));
        println!(
            "{:<34} {:>8} {:>8} {:>10} {:>10} {:>9} {:>8}",
            "", "wall s", "times", "client CPU", "server CPU", "CPU times", "peak MB"
        );
        for (name, runs) in &self.rows {
            let (wall, cpu) = (median(runs, wall), median(runs, cpu));
            let times = |own: f64, of: Option<f64>| of.map_or(f64::NAN, |of| own / of);
            println!(
                "{name:<34} {wall:>8.2} {:>8.2} {:>10.2} {:>10.2} {:>9.2} {:>8.1}",
                times(wall, reference.map(|(wall, _)| wall)),
                median(runs, |run| run.client_cpu.as_secs_f64()),
                median(runs, |run| run.server_cpu.as_secs_f64()),
                times(cpu, reference.map(|(_, cpu)| cpu)),
                median(runs, peak),
            );
        }
    }
}

fn wall(run: &Measured) -> f64 {
    run.wall.as_secs_f64()
}

fn cpu(run: &Measured) -> f64 {
    let sum: Duration = run.client_cpu + run.server_cpu;
    sum.as_secs_f64()
}

fn peak(run: &Measured) -> f64 {
    u32::try_from(run.peak).map_or(f64::NAN, |peak| f64::from(peak) / 1024.0)
}

fn median(runs: &[Measured], of: impl Fn(&Measured) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
