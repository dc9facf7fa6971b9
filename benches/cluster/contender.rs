//! Who is measured.

use std::path::Path;
use std::process::Command;

use airflow_eks_benches::NAMESPACE;
use airflow_eks_testbed::TestBed;

use crate::input::Input;

/// Somebody who makes objects, or looks at them.
#[derive(Clone, Copy)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    tool: Tool,
    maker: Maker,
}

#[derive(Clone, Copy)]
enum Tool {
    /// Our process, with this word.
    Ours(&'static str),
    Kubectl(&'static [&'static str], Labels),
    Helm(&'static str),
}

/// Whose labels the objects carry.
#[derive(Clone, Copy)]
enum Labels {
    OfStack,
    None,
}

/// Who made the objects that are looked at.
#[derive(Clone, Copy)]
enum Maker {
    Engine,
    ApplySet,
    Helm,
}

const APPLY: Contender = ours("airflow-eks apply", "apply");
const APPLY_SET: Contender = Contender {
    name: "kubectl apply --prune --applyset",
    tool: Tool::Kubectl(
        &["apply", "--server-side", "--prune", "--applyset=configmaps/bench-set", "--namespace=default"],
        Labels::None,
    ),
    maker: Maker::ApplySet,
};
const HELM_INSTALL: Contender =
    Contender { name: "helm install", tool: Tool::Helm("install"), maker: Maker::Helm };
/// On objects that we made, and in our name: so nothing differs.
const SERVER_SIDE: Contender = Contender {
    name: "kubectl apply --server-side",
    tool: Tool::Kubectl(&["apply", "--server-side", "--field-manager=airflow-eks"], Labels::OfStack),
    maker: Maker::Engine,
};

/// Those that make objects.
pub(crate) const CREATE: &[Contender] =
    &[ours("bare client", "bare"), APPLY, SERVER_SIDE, APPLY_SET, HELM_INSTALL];

/// Those that find nothing to do.
pub(crate) const UNCHANGED: &[Contender] = &[
    ours("airflow-eks plan", "plan"),
    APPLY,
    Contender {
        name: "kubectl diff --server-side",
        tool: Tool::Kubectl(&["diff", "--server-side", "--field-manager=airflow-eks"], Labels::OfStack),
        maker: Maker::Engine,
    },
    SERVER_SIDE,
    APPLY_SET,
    Contender { name: "helm upgrade", tool: Tool::Helm("upgrade"), maker: Maker::Helm },
];

const fn ours(name: &'static str, word: &'static str) -> Contender {
    Contender { name, tool: Tool::Ours(word), maker: Maker::Engine }
}

impl Contender {
    /// Who makes the objects that this one looks at.
    pub(crate) fn maker(&self) -> Self {
        match self.maker {
            Maker::Engine => APPLY,
            Maker::ApplySet => APPLY_SET,
            Maker::Helm => HELM_INSTALL,
        }
    }

    /// What runs it.
    pub(crate) fn command(&self, test_bed: &TestBed, input: &Input) -> Command {
        let argument = |path: &Path| path.display().to_string();
        match self.tool {
            Tool::Ours(word) => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_contender"));
                command.arg(word).arg(test_bed.kubeconfig_path()).arg(input.count.to_string());
                command
            }
            Tool::Kubectl(arguments, labels) => {
                let mut command = test_bed.released_kubectl().command();
                let file = match labels {
                    Labels::OfStack => input.of_stack(),
                    Labels::None => input.plain(),
                };
                command
                    .env("KUBECTL_APPLYSET", "true")
                    .args(arguments)
                    .args(["--filename", &argument(&file)]);
                command
            }
            Tool::Helm(word) => {
                let mut command = test_bed.helm().command();
                command.args([word, "bench", &argument(&input.chart()), "--namespace", NAMESPACE]);
                command
            }
        }
    }
}
