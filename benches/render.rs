//! How long each stage takes from text to text, on the default stack. Compare figures of one run only.

use airflow_eks_core::{Document, Facts, Outputs, desired, presets, render};
use criterion::{Criterion, criterion_group, criterion_main};

fn stages(criterion: &mut Criterion) {
    let text = presets::DEFAULT.text;
    let facts = Facts::unknown();
    let (Ok(document), Ok(stack)) = (Document::parse(text, "stack.yaml"), presets::DEFAULT.stack(&facts))
    else {
        return;
    };
    let graph = desired(&stack);
    let manifests = render::manifests(&graph, &Outputs::default());
    criterion.bench_function("parse", |bench| bench.iter(|| Document::parse(text, "stack.yaml")));
    criterion.bench_function("validate", |bench| bench.iter(|| document.stack(&facts)));
    criterion.bench_function("desired", |bench| bench.iter(|| desired(&stack)));
    criterion.bench_function("render", |bench| bench.iter(|| render::manifests(&graph, &Outputs::default())));
    criterion.bench_function("yaml", |bench| bench.iter(|| render::yaml_stream(&manifests)));
}

criterion_group!(benches, stages);
criterion_main!(benches);
