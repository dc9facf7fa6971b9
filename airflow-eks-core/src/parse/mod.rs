//! Text → [`StackSpec`], with every value's place kept for the messages that follow.

mod access;
mod deserializer;
mod reader;
mod recover;
mod refusal;
mod tree;

use crate::facts::Facts;
use crate::problem::{Location, Path, Problem, Problems};
use crate::spec::StackSpec;
use crate::stack::Stack;
use crate::types::shown;
use tree::Node;

/// A `stack.yaml` that was read but not yet understood.
///
/// ```
/// use airflow_eks_core::{Document, Facts};
///
/// let text = "name: demo\nregion: eu-central-1\nnodeGroups:\n  - name: core\n    minSise: 2\n";
/// let problems = Document::parse(text, "stack.yaml").unwrap().stack(&Facts::unknown()).unwrap_err();
/// let problem = problems.iter().next().unwrap();
/// assert_eq!(problem.location.as_ref().unwrap().to_string(), "stack.yaml:5:5");
/// assert_eq!(problem.path.to_string(), "nodeGroups[0].minSise");
/// assert!(problem.hint.as_ref().unwrap().starts_with("did you mean `minSize`?"));
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    root: Node,
}

impl Document {
    /// Reads one YAML document. `file` names the text in messages.
    ///
    /// # Errors
    /// The place where the text stops being YAML; a key that stands twice; a tag; a second document.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        match reader::read(text, file) {
            Ok(root) => Ok(Self { root }),
            Err(problem) => Err(Problems::from_iter([*problem])),
        }
    }

    /// Sets one value, as `--set airflow.scheduler.replicas=3` does. The value is read as YAML.
    ///
    /// # Errors
    /// A text without `=`, a malformed path, a value that is no YAML, a path that enters a single value.
    /// Whether the path is one that a stack has is found out by [`Document::stack`].
    pub fn set(&mut self, assignment: &str) -> Result<(), Problems> {
        let (written, value) = assignment.split_once('=').map_or((assignment, None), |(p, v)| (p, Some(v)));
        let source = format!("--set {}", shown(written.trim()).trim_matches('`'));
        let place = Location { file: source.clone(), line: 0, column: 0 };
        let refuse = |path: Path, message: String, hint: Option<String>| {
            Problems::from_iter([Problem { path, message, hint, location: Some(place.clone()) }])
        };
        let usage =
            || Some("write --set path=value, for example --set airflow.scheduler.replicas=3".to_owned());
        let Some(value) = value else {
            return Err(refuse(Path::root(), "has no `=`".to_owned(), usage()));
        };
        let path: Path = written.trim().parse().map_err(|message| refuse(Path::root(), message, usage()))?;
        let mut node = match value.trim() {
            "" => Node::null(place.clone()),
            _ => reader::read(value, &source)
                .map_err(|problem| refuse(path.clone(), problem.message, problem.hint))?,
        };
        node.relocate(&place);
        self.root.set(&path, node).map_err(|(message, hint)| refuse(path.clone(), message, Some(hint)))
    }

    /// What the text says, before any rule that relates its parts.
    ///
    /// # Errors
    /// Every unknown key and every value that its type refuses, each with its place.
    pub fn spec(&self) -> Result<StackSpec, Problems> {
        let reading = recover::read(&self.root, &stand_in());
        match reading.spec {
            Some(spec) if reading.problems.is_empty() => Ok(spec),
            _ => Err(reading.problems.located(|path| Some(self.root.locate(path)))),
        }
    }

    /// The validated stack.
    ///
    /// # Errors
    /// Every problem of the text at once: unknown keys, malformed values, and broken rules between the parts, in the
    /// order of the text. A rule whose inputs are malformed themselves is left out until they are mended.
    pub fn stack(&self, facts: &Facts) -> Result<Stack, Problems> {
        let mut reading = recover::read(&self.root, &stand_in());
        let mut problems = std::mem::take(&mut reading.problems);
        let validated = reading.spec.take().map(|spec| Stack::validate_known(spec, facts, &reading.removed));
        match validated {
            Some(Ok(stack)) if problems.is_empty() => return Ok(stack),
            Some(Err(broken)) => problems.extend(broken.into_iter().filter_map(|mut problem| {
                problem.path = problem.path.before_removing(&reading.removed);
                reading.can_trust(&problem).then_some(problem)
            })),
            _ => {}
        }
        Err(problems.located(|path| Some(self.root.locate(path))))
    }
}

/// Values for the required entries of the top level, used only to go on checking a text that lacks them.
fn stand_in() -> Node {
    let text = "name: stand-in\nregion: us-west-2\n";
    reader::read(text, "stand-in")
        .unwrap_or_else(|_| Node::empty_mapping(Location { file: "stand-in".to_owned(), line: 1, column: 1 }))
}

impl FromIterator<Problem> for Problems {
    fn from_iter<T: IntoIterator<Item = Problem>>(problems: T) -> Self {
        let mut all = Self::new();
        all.extend(problems);
        all
    }
}
