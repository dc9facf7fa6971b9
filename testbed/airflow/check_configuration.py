#!/usr/bin/env python3
r"""Report what Apache Airflow itself makes of a rendered configuration.

Run with the interpreter of a virtual environment that holds Airflow (see the
``requirements-*.txt`` files next to this script)::

    DIR/bin/python check_configuration.py --config airflow.cfg \\
        [--environment environment.json] [--pod-template pod_template.yaml]

One JSON object is printed on standard output; everything Airflow logs goes to
standard error. The exit status is 0 whenever a report could be written, however
bad the configuration is: judging the report is up to the caller. Values are
printed in clear, also those of sensitive options, so give it no real secrets.

The report's members:

``airflow_version``, ``provider_versions``
    What was installed.
``startup_error``
    Why Airflow could not read the configuration at all, or null. If set, the
    members below are missing.
``options``
    Every option given in the file or by an ``AIRFLOW__*`` variable, with the value
    Airflow reads, its type error if it does not parse as the documented type, and
    the warnings Airflow gives when it is read.
``unknown``
    Options documented neither by Airflow's core nor by an installed provider, and
    not in ``deprecated_or_moved``. Airflow does not complain about these, nothing
    reads them. (Providers that are not installed cannot document theirs, for
    example ``[celery]``.)
``deprecated_or_moved``
    Options this version reads under another name, has deprecated, or (Airflow 3)
    that ``airflow config lint`` reports as removed or renamed.
``lint``
    The rules of ``airflow config lint`` that match a given option. Unlike the
    command, rules matching only a default value are left out. The rules are about
    the step from Airflow 2 to 3: under 2.x they are advice, not faults.
``kube_config``
    What the Kubernetes executor reads, or an ``error``.
``pod_template``
    The pod template as Airflow loads it, the fields the Kubernetes client dropped
    because it does not know them, and the pod the executor would create.

Nothing leaves the machine: values which live in a secrets backend
(``AIRFLOW__*_SECRET``) read as ``<from secrets backend: NAME>``. Commands
(``AIRFLOW__*_CMD``) are run, as Airflow would.
"""

from __future__ import annotations

import argparse
import configparser
import contextlib
import importlib
import importlib.metadata
import json
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OptionName = tuple[str, str]
Description = dict[OptionName, dict[str, Any]]

FILE = "airflow.cfg"
ENVIRONMENT = "environment"
VARIABLE_PREFIX = "AIRFLOW__"
BACKEND_VARIABLE = "AIRFLOW__SECRETS__BACKEND"
INDIRECT_FORMS = {"_cmd": "command", "_secret": "secret"}
TYPED_GETTERS = {"boolean": "getboolean", "bool": "getboolean", "integer": "getint", "float": "getfloat"}


class OfflineSecrets:
    """Stands in for the configured secrets backend, and never asks the network."""

    def __init__(self, **_: Any) -> None:
        """Accept the arguments of any backend."""

    def _set_connection_class(self, _: type) -> None:
        """Accept what Airflow 3 tells its backends."""

    def get_config(self, key: str) -> str:
        """Return a placeholder for the named value."""
        return f"<from secrets backend: {key}>"


@dataclass
class Given:
    """An option as it was given, before Airflow reads it."""

    section: str
    option: str
    form: str = "value"
    given: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> OptionName:
        """The pair Airflow looks the option up by."""
        return self.section, self.option

    def as_json(self) -> dict[str, Any]:
        """Return what identifies the option in the report."""
        return {"section": self.section, "option": self.option, "given_in": sorted(self.given)}


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--config", type=Path, required=True, help="the airflow.cfg to check")
    parser.add_argument("--environment", type=Path, help="a JSON object of variable names and values")
    parser.add_argument("--pod-template", type=Path, help="the pod template of the Kubernetes executor")
    return parser.parse_args(arguments)


def read_environment(path: Path | None) -> dict[str, str]:
    """Read the variables to apply from a JSON object of strings."""
    if path is None:
        return {}
    variables = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(variables, dict) or not all(isinstance(value, str) for value in variables.values()):
        raise ValueError(f"{path}: expected a JSON object of strings")
    return variables


def prepare_process(config: Path, variables: dict[str, str], home: str) -> None:
    """Make this process' environment the one given, and point Airflow at the file.

    Inherited ``AIRFLOW*`` variables are dropped. Airflow is told that it is used as
    a library, which keeps it from creating log directories and database engines.
    """
    for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
        del os.environ[name]
    os.environ.update(variables)
    os.environ.setdefault("AIRFLOW_HOME", home)
    os.environ["AIRFLOW_CONFIG"] = str(config.resolve(strict=True))
    os.environ["_AIRFLOW__AS_LIBRARY"] = "1"
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


def file_options(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield section, option and text of everything in the file, spelled as in it."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    with path.open(encoding="utf-8") as lines:
        parser.read_file(lines)
    for section in parser.sections():
        for option, text in parser.items(section):
            yield section, option, text


def environment_options() -> Iterator[tuple[str, str, str]]:
    """Yield section, option and text of every ``AIRFLOW__SECTION__OPTION`` variable."""
    for variable, text in sorted(os.environ.items()):
        if variable.startswith(VARIABLE_PREFIX):
            section, _, option = variable[len(VARIABLE_PREFIX) :].partition("__")
            yield section.lower(), option.lower(), text


def described_options(configuration: Any) -> Description:
    """Return the description of all options of the core and of installed providers."""
    from airflow.providers_manager import ProvidersManager

    core = configuration.retrieve_configuration_description(include_providers=False)
    descriptions = [core, *(config for _, config in ProvidersManager().provider_configs)]
    described: Description = {}
    for description in descriptions:
        for section, content in description.items():
            for option, metadata in (content.get("options") or {}).items():
                described.setdefault((section.lower(), option.lower()), metadata)
    return described


def resolve_section(section: str, described: Description) -> str:
    """Undo the dots a variable name cannot hold, where a described section has them."""
    for known, _ in described:
        if known.replace(".", "_") == section:
            return known
    return section


def split_form(conf: Any, section: str, option: str) -> tuple[str, str]:
    """Split ``option_cmd`` and ``option_secret`` into option and form.

    Airflow honours both suffixes for sensitive options only.
    """
    for suffix, form in INDIRECT_FORMS.items():
        base = option.removesuffix(suffix)
        if base != option and (section, base) in conf.sensitive_config_values:
            return base, form
    return option, "value"


def collect_given(conf: Any, config: Path, described: Description) -> list[Given]:
    """Merge the file's and the environment's options, one entry for each."""
    found: dict[tuple[str, str, str], Given] = {}
    sources = [(FILE, file_options(config)), (ENVIRONMENT, environment_options())]
    for source, options in sources:
        for section, option, text in options:
            if source == ENVIRONMENT:
                section = resolve_section(section, described)
            option, form = split_form(conf, section, option)
            entry = found.setdefault((section, option, form), Given(section, option, form))
            entry.given[source] = text
    return list(found.values())


def type_error(conf: Any, name: OptionName, expected: str | None) -> str | None:
    """Return why the value does not parse as the documented type, if it does not."""
    getter = TYPED_GETTERS.get(expected or "")
    if getter is None:
        return None
    try:
        getattr(conf, getter)(*name)
    except Exception as error:  # noqa: BLE001 - any failure is the finding
        return f"{type(error).__name__}: {error}"
    return None


def read_option(conf: Any, entry: Given, described: Description) -> dict[str, Any]:
    """Read one option through Airflow and report what came of it."""
    metadata = described.get(entry.name, {})
    report: dict[str, Any] = {
        **entry.as_json(),
        "form": entry.form,
        "known": entry.name in described,
        "type": metadata.get("type"),
        "sensitive": entry.name in conf.sensitive_config_values,
        "value": None,
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            report["value"] = conf.get(*entry.name, fallback=None)
        except Exception as error:  # noqa: BLE001 - any failure is the finding
            report["error"] = f"{type(error).__name__}: {error}"
    report["warnings"] = sorted({f"{item.category.__name__}: {item.message}" for item in caught})
    failure = None
    # An empty text means "not set" to most options with a type other than string.
    if report["value"]:
        failure = type_error(conf, entry.name, metadata.get("type"))
    report["type_error"] = failure
    return report


def renamed_options(conf: Any) -> dict[OptionName, list[dict[str, str]]]:
    """Map old names to the names this version reads them under."""
    renamed: dict[OptionName, list[dict[str, str]]] = {}

    def add(new: OptionName, old_section: str, old_option: str, since: str) -> None:
        moved = {"section": new[0], "option": new[1], "since": since}
        renamed.setdefault((old_section, old_option), []).append(moved)

    for new, old in conf.deprecated_options.items():
        add(new, *old)
    for new, olds in getattr(conf, "many_to_one_deprecated_options", {}).items():
        for old in olds:
            add(new, *old)
    return renamed


def find_renamed(conf: Any, entries: list[Given]) -> list[dict[str, Any]]:
    """Report the given options Airflow reads under another name."""
    renamed = renamed_options(conf)
    old_sections = {old: (new, since) for new, (old, since) in conf.deprecated_sections.items()}
    findings = []
    for entry in entries:
        for moved in renamed.get(entry.name, []):
            findings.append({**entry.as_json(), "reason": "renamed", "renamed_to": moved})
        if entry.section in old_sections:
            section, since = old_sections[entry.section]
            moved = {"section": section, "option": entry.option, "since": since}
            findings.append({**entry.as_json(), "reason": "section renamed", "renamed_to": moved})
    return findings


def find_deprecated(entries: list[Given], described: Description) -> list[dict[str, Any]]:
    """Report the given options whose description says they are deprecated."""
    findings = []
    for entry in entries:
        metadata = described.get(entry.name, {})
        if metadata.get("version_deprecated"):
            detail = {
                "reason": "deprecated",
                "since": metadata["version_deprecated"],
                "message": metadata.get("deprecation_reason"),
            }
            findings.append({**entry.as_json(), **detail})
    return findings


def lint_kind(change: Any) -> str:
    """Name the kind of one rule of ``airflow config lint``."""
    if change.default_change:
        return "default changed"
    if change.renamed_to:
        return "renamed"
    if change.was_removed:
        return "removed" if getattr(change, "remove_if_equals", None) is None else "value removed"
    return "value invalid"


def lint(entries: list[Given]) -> list[dict[str, Any]]:
    """Apply the rules of ``airflow config lint`` to the given options."""
    try:
        rules = importlib.import_module("airflow.cli.commands.config_command").CONFIGS_CHANGES
    except (ImportError, AttributeError):
        return []
    by_name = {entry.name: entry for entry in entries}
    findings = []
    for change in rules:
        entry = by_name.get((change.config.section, change.config.option))
        message = change.message if entry else None
        if entry and message:
            findings.append({**entry.as_json(), "reason": lint_kind(change), "message": message.strip()})
    return findings


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def failure(error: BaseException) -> dict[str, str]:
    """Describe an error inside the report."""
    return {"error": f"{type(error).__name__}: {error}"}


def guarded(action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run a part of the report; its failure is a finding, not the script's failure."""
    try:
        return action()
    except Exception as error:  # noqa: BLE001 - any failure is the finding
        traceback.print_exc()
        return failure(error)


def read_kube_config() -> dict[str, Any]:
    """Return what the Kubernetes executor's own configuration class reads."""
    from airflow.providers.cncf.kubernetes.kube_config import KubeConfig

    ignored = {"core_configuration", "_conf"}
    return {name: plain(value) for name, value in vars(KubeConfig()).items() if name not in ignored}


def dropped_fields(given: Any, loaded: Any, path: str = "") -> Iterator[str]:
    """Yield the paths in a manifest which the Kubernetes client did not take over."""
    if isinstance(given, dict):
        for key, value in given.items():
            here = f"{path}.{key}" if path else str(key)
            if value is None:
                continue
            if not isinstance(loaded, dict) or key not in loaded:
                yield here
            else:
                yield from dropped_fields(value, loaded[key], here)
    elif isinstance(given, list):
        for index, value in enumerate(given):
            item = loaded[index] if isinstance(loaded, list) and index < len(loaded) else None
            yield from dropped_fields(value, item, f"{path}[{index}]")


def task_command(airflow_version: str) -> list[str]:
    """Return a command like the one the executor gives to a worker pod."""
    if airflow_version.startswith("2."):
        return ["airflow", "tasks", "run", "example_dag", "example_task", "example_run", "--local"]
    return ["python", "-m", "airflow.sdk.execution_time.execute_workload", "--json-string", "{}"]


def construct_pod(template: Any, kube_config: dict[str, Any], airflow_version: str) -> Any:
    """Build the pod of a made-up task, the way the Kubernetes executor does."""
    from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator

    return PodGenerator.construct_pod(
        dag_id="example_dag",
        task_id="example_task",
        pod_id="example-dag-example-task",
        try_number=1,
        kube_image=kube_config.get("kube_image"),
        date=None,
        args=task_command(airflow_version),
        pod_override_object=None,
        base_worker_pod=template,
        namespace=kube_config.get("kube_namespace") or "default",
        scheduler_job_id="1",
        run_id="example_run",
        map_index=-1,
    )


def check_pod_template(path: Path, kube_config: dict[str, Any], airflow_version: str) -> dict[str, Any]:
    """Load the pod template with Airflow's pod generator and build a pod from it."""
    import yaml
    from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator
    from kubernetes.client.api_client import ApiClient

    manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    template = PodGenerator.deserialize_model_file(str(path))
    loaded = ApiClient().sanitize_for_serialization(template)
    containers = [container.get("name") for container in (loaded.get("spec") or {}).get("containers") or []]
    report = {
        "kind": [manifest.get("apiVersion"), manifest.get("kind")],
        "containers": containers,
        "first_container_is_base": containers[:1] == ["base"],
        "dropped_fields": list(dropped_fields(manifest, loaded)),
        "template": loaded,
    }

    def pod() -> dict[str, Any]:
        built = construct_pod(template, kube_config, airflow_version)
        return ApiClient().sanitize_for_serialization(built)

    return {**report, "pod": guarded(pod)}


def uses_secrets(config: Path) -> bool:
    """Tell whether any option may come from the secrets backend."""
    names = [option for _, option, _ in (*file_options(config), *environment_options())]
    return any(name.lower().endswith("_secret") for name in names)


def patch_secret_lookup(configuration: Any) -> None:
    """Keep every later lookup of an option in the secrets backend on this machine."""

    def from_function(key: str) -> str:
        return OfflineSecrets().get_config(key)

    def from_method(_: Any, key: str) -> str:
        return OfflineSecrets().get_config(key)

    lookup = "_get_config_value_from_secret_backend"
    if hasattr(configuration, lookup):
        setattr(configuration, lookup, from_function)
    parsers = [type(configuration.conf)]
    with contextlib.suppress(ImportError):
        parsers.append(type(importlib.import_module("airflow.sdk.configuration").conf))
    for parser in parsers:
        if hasattr(parser, lookup):
            setattr(parser, lookup, from_method)


@contextlib.contextmanager
def offline_secrets(needed: bool) -> Iterator[None]:
    """Exchange the secrets backend while Airflow starts, if it would be asked then."""
    if not needed:
        yield
        return
    configured = os.environ.get(BACKEND_VARIABLE)
    os.environ[BACKEND_VARIABLE] = f"{Path(__file__).stem}.{OfflineSecrets.__name__}"
    try:
        yield
    finally:
        del os.environ[BACKEND_VARIABLE]
        if configured is not None:
            os.environ[BACKEND_VARIABLE] = configured


def start_airflow(config: Path) -> Any:
    """Import Airflow's configuration, including that of its providers."""
    with offline_secrets(uses_secrets(config)):
        configuration = importlib.import_module("airflow.configuration")
        configuration.conf  # noqa: B018 - created on first access
        patch_secret_lookup(configuration)
    from airflow.providers_manager import ProvidersManager

    ProvidersManager().initialize_providers_configuration()
    return configuration


def provider_versions() -> dict[str, str]:
    """Return the installed providers and their versions."""
    prefix = "apache-airflow-providers-"
    installed = {item.metadata["Name"]: item.version for item in importlib.metadata.distributions()}
    return {name: installed[name] for name in sorted(installed) if name.startswith(prefix)}


def check_configuration(configuration: Any, config: Path, airflow_version: str) -> dict[str, Any]:
    """Report on every option that was given."""
    conf = configuration.conf
    described = described_options(configuration)
    entries = collect_given(conf, config, described)
    linted = lint(entries)
    moved = find_renamed(conf, entries) + find_deprecated(entries, described)
    if not airflow_version.startswith("2."):
        reported = {(item["section"], item["option"]) for item in moved}
        moved += [
            {**item, "reason": f"{item['reason']} (lint)"}
            for item in linted
            if item["reason"] in ("renamed", "removed") and (item["section"], item["option"]) not in reported
        ]
    explained = {*described, *((item["section"], item["option"]) for item in moved)}
    return {
        "options": [read_option(conf, entry, described) for entry in entries],
        "unknown": [entry.as_json() for entry in entries if entry.name not in explained],
        "deprecated_or_moved": moved,
        "lint": linted,
    }


def make_report(arguments: argparse.Namespace) -> dict[str, Any]:
    """Collect the whole report."""
    airflow_version = importlib.metadata.version("apache-airflow")
    report: dict[str, Any] = {
        "airflow_version": airflow_version,
        "provider_versions": provider_versions(),
        "startup_error": None,
    }
    try:
        configuration = start_airflow(arguments.config)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - any failure is the finding
        traceback.print_exc()
        report["startup_error"] = f"{type(error).__name__}: {error}"
        return report
    report.update(check_configuration(configuration, arguments.config, airflow_version))
    report["kube_config"] = guarded(read_kube_config)
    if arguments.pod_template:
        kube_config = report["kube_config"]
        report["pod_template"] = guarded(
            lambda: check_pod_template(arguments.pod_template, kube_config, airflow_version)
        )
    return report


def main() -> int:
    """Print the report."""
    arguments = parse_arguments()
    variables = read_environment(arguments.environment)
    with tempfile.TemporaryDirectory(prefix="airflow-home-") as home:
        prepare_process(arguments.config, variables, home)
        with contextlib.redirect_stdout(sys.stderr):
            report = make_report(arguments)
    json.dump(report, sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
