//! Creating objects, and finding that nothing is to change, beside kubectl, Helm and a bare client: see `README.md`.

mod arguments;
mod bed;
mod contender;
mod cpu;
mod input;
mod measured;
mod table;

use std::error::Error;

use arguments::Arguments;
use bed::Bed;
use contender::{CREATE, Contender, UNCHANGED};
use table::Table;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    for count in arguments.create.clone() {
        create(&arguments, count)?;
    }
    if let Some(count) = arguments.unchanged {
        unchanged(&arguments, count)?;
    }
    Ok(())
}

/// Each on a server of its own, because servers grow slower as objects pile up.
fn create(arguments: &Arguments, count: usize) -> Result<()> {
    let mut table = Table::new(format!("creating {count} objects"), "bare client");
    for round in 0..arguments.rounds {
        for contender in turned(&arguments.chosen(CREATE), round) {
            let bed = Bed::start(count)?;
            // Only what the contender waits for takes part.
            bed.without_controllers()?;
            table.add(contender.name, bed.run(&contender)?);
        }
    }
    table.print();
    Ok(())
}

/// All on the same objects where they can be, and one after the other, so that all meet the same load.
fn unchanged(arguments: &Arguments, count: usize) -> Result<()> {
    let mut table = Table::new(format!("{count} objects, of which none is to change"), "plan");
    let contenders = arguments.chosen(UNCHANGED);
    let mut beds: Vec<(Contender, Bed)> = Vec::new();
    for maker in contenders.iter().map(Contender::maker) {
        if beds.iter().all(|(known, _)| known.name != maker.name) {
            let bed = Bed::start(count)?;
            bed.run(&maker)?;
            bed.settle()?;
            beds.push((maker, bed));
        }
    }
    for round in 0..arguments.rounds {
        for contender in turned(&contenders, round) {
            let maker = contender.maker();
            for (_, bed) in beds.iter().filter(|(known, _)| known.name == maker.name) {
                table.add(contender.name, bed.run(&contender)?);
            }
        }
    }
    table.print();
    Ok(())
}

/// Whoever is first in one round is last in the next.
fn turned(contenders: &[Contender], round: usize) -> Vec<Contender> {
    let mut contenders = contenders.to_vec();
    if !contenders.is_empty() {
        let by = round % contenders.len();
        contenders.rotate_left(by);
    }
    contenders
}
