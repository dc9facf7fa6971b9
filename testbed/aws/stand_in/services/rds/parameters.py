"""Parameters of PostgreSQL: some of those that the engine has.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html. moto shows
only what was set, and takes any name.
"""

from __future__ import annotations

from typing import Any

from ...call import Call
from ...errors import Refusal
from ...registry import before, operation
from .common import rds_of

# Name: value, type of application, type of data.
_KNOWN: dict[str, tuple[str | None, str, str]] = {
    "autovacuum": ("1", "dynamic", "boolean"),
    "autovacuum_max_workers": (None, "static", "integer"),
    "autovacuum_naptime": ("15", "dynamic", "integer"),
    "checkpoint_timeout": (None, "dynamic", "integer"),
    "client_encoding": (None, "dynamic", "string"),
    "deadlock_timeout": (None, "dynamic", "integer"),
    "effective_cache_size": ("{DBInstanceClassMemory/16384}", "dynamic", "integer"),
    "idle_in_transaction_session_timeout": ("86400000", "dynamic", "integer"),
    "log_connections": (None, "dynamic", "boolean"),
    "log_disconnections": (None, "dynamic", "boolean"),
    "log_lock_waits": (None, "dynamic", "boolean"),
    "log_min_duration_statement": (None, "dynamic", "integer"),
    "log_statement": (None, "dynamic", "string"),
    "maintenance_work_mem": (
        "GREATEST({DBInstanceClassMemory*1024/63963136},65536)",
        "dynamic",
        "integer",
    ),
    "max_connections": ("LEAST({DBInstanceClassMemory/9531392},5000)", "static", "integer"),
    "max_wal_size": ("2048", "dynamic", "integer"),
    "password_encryption": ("scram-sha-256", "dynamic", "string"),
    "random_page_cost": (None, "dynamic", "float"),
    "rds.force_ssl": ("1", "dynamic", "boolean"),
    "rds.log_retention_period": ("4320", "dynamic", "integer"),
    "rds.logical_replication": ("0", "static", "boolean"),
    "shared_buffers": ("{DBInstanceClassMemory/32768}", "static", "integer"),
    "shared_preload_libraries": ("pg_stat_statements", "static", "list"),
    "statement_timeout": (None, "dynamic", "integer"),
    "timezone": ("UTC", "dynamic", "string"),
    "track_activity_query_size": ("4096", "static", "integer"),
    "work_mem": (None, "dynamic", "integer"),
}


@before("rds", "ModifyDBParameterGroup")
def _check_parameters(call: Call) -> None:
    for parameter in call.params.get("Parameters") or []:
        name = parameter.get("ParameterName")
        if name not in _KNOWN:
            raise Refusal("InvalidParameterValue", f"Could not find parameter with name: {name}")
        if _KNOWN[name][1] == "static" and parameter.get("ApplyMethod") == "immediate":
            raise Refusal(
                "InvalidParameterCombination",
                f"cannot use immediate apply method for static parameter {name}",
            )


@operation("rds", "ResetDBParameterGroup")
def reset_parameters(call: Call) -> dict[str, Any]:
    """Give some parameters, or all, the engine's values again.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ResetDBParameterGroup.html
    """
    name, parameters = call.params["DBParameterGroupName"], call.params.get("Parameters") or []
    everything = str(call.params.get("ResetAllParameters", not parameters)).lower() == "true"
    group = rds_of(call).db_parameter_groups.get(name)
    if group is None:
        raise Refusal("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    if everything == bool(parameters):
        raise Refusal(
            "InvalidParameterCombination",
            "Either ResetAllParameters or Parameters has to be given, and not both",
        )
    _check_parameters(call)
    for parameter in list(group.parameters) if everything else [p["ParameterName"] for p in parameters]:
        group.parameters.pop(parameter, None)
    return {"DBParameterGroupName": name}


@operation("rds", "DescribeDBParameters")
def describe_parameters(call: Call) -> dict[str, Any]:
    """What was set, and what the engine has from the beginning."""
    rds, params = rds_of(call), call.params
    name = params["DBParameterGroupName"]
    group = rds.db_parameter_groups.get(name)
    if group is None and not name.startswith("default.postgres"):
        raise Refusal("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    changed = dict(group.parameters) if group is not None else {}
    shown = [_describe(parameter, changed.get(parameter)) for parameter in sorted(_KNOWN)]
    source = params.get("Source")
    shown = [parameter for parameter in shown if source in (None, parameter["Source"])]
    start, size = int(params.get("Marker") or 0), int(params.get("MaxRecords") or 100)
    end = start + size
    return {"Parameters": shown[start:end], "Marker": str(end) if end < len(shown) else None}


def _describe(name: str, changed: Any) -> dict[str, Any]:
    value, application, data = _KNOWN[name]
    shown = {
        "ParameterName": name,
        "ParameterValue": value,
        "Description": f"PostgreSQL's {name}.",
        "Source": "system" if value else "engine-default",
        "ApplyType": application,
        "DataType": data,
        "IsModifiable": True,
        "ApplyMethod": "pending-reboot",
    }
    if changed:
        get = changed.get
        shown["ParameterValue"] = get("ParameterValue", get("parameter_value"))
        shown["ApplyMethod"] = get("ApplyMethod", get("apply_method")) or "pending-reboot"
        shown["Source"] = "user"
    return shown
