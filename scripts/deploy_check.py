"""Holds alerts, dashboard and compose files against the sources. Started by deploy_check.sh."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent

# Metrics that are agreed on and come with another change, by kind. A name leaves this list when the sources have it.
NOT_IN_THE_SOURCES_YET = {}

# Counted by others: Prometheus itself, the blackbox exporter, the node exporter.
FOREIGN = {"up", "probe_success", "node_filesystem_avail_bytes"}

WORDS = set(
    "by without on ignoring group_left group_right bool offset and or unless sum min max avg count topk bottomk rate"
    " increase delta irate deriv histogram_quantile min_over_time max_over_time avg_over_time predict_linear"
    " label_values absent vector time clamp_min clamp_max".split()
)
SETTINGS = re.compile(r'(?:built|not_built)\("([A-Z_]+)"|known_as\("([A-Z_]+)"')


def counted():
    """The metrics of the sources, by kind: literals in the macros, or constants that stand in them."""
    found = {}
    for path in ROOT.glob("auction-*/src/**/*.rs"):
        text = path.read_text()
        constants = dict(re.findall(r'const (\w+): &str = "(\w+)";', text))
        for kind, name in re.findall(r'\b(counter|gauge|histogram)!\(\s*("\w+"|\w+)', text):
            name = name.strip('"') if name.startswith('"') else constants.get(name)
            assert name, f"{path}: a metric without a name that can be read here"
            found[name] = kind
    assert "auction_bids_total" in found, "the sources are not read as they should be"
    return found


def metrics_of(expression):
    """The names of metrics in an expression of PromQL."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(by|without|on|ignoring)\s*\([^)]*\)", "", bare)
    if bare.startswith("label_values"):
        bare = bare.split(",")[0]
    return {word for word in re.findall(r"(?<![\w$.])[a-zA-Z_:][\w:]*", bare) if word not in WORDS}


def allowed(name, kinds):
    if name in FOREIGN:
        return True
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    # A histogram is asked by its parts, everything else by its name.
    return kinds.get(base) == "histogram" if base != name else kinds.get(name) in ("counter", "gauge")


def expressions():
    alerts = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
    tried = (ROOT / "deploy/prometheus/alerts_test.yml").read_text()
    for group in alerts["groups"]:
        for rule in group["rules"]:
            assert tried.count(f"alertname: {rule['alert']}") >= 2, f"alerts_test.yml does not try {rule['alert']}"
            yield rule["alert"], rule["expr"]
    for test in yaml.safe_load(tried)["tests"]:
        for series in test["input_series"]:
            yield "alerts_test.yml", series["series"]
    dashboard = json.loads((ROOT / "deploy/grafana/auction.json").read_text())
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource" and dashboard["schemaVersion"] >= 36
    yield "variable of the dashboard", variables["instance"]["definition"]
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(numbers) == len(set(numbers)), "two panels have one number"
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            assert target["datasource"]["uid"] == "${datasource}", panel["title"]
            yield panel["title"], target["expr"]


def settings_of_compose():
    """compose.yaml and its example may only name settings that the server knows, or that are agreed."""
    known = {name for pair in SETTINGS.findall((ROOT / "auction-http/src/settings/names.rs").read_text()) for name in pair}
    known |= {"DATABASE_CONNECTIONS", "DATABASE_POOLER"}
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    yaml.safe_load((ROOT / "compose.dev.yaml").read_text())
    unknown = set(compose["services"]["server"]["environment"]) - known
    assert not unknown, f"compose.yaml sets what the server does not know: {unknown}"
    example = re.findall(r"^#?([A-Z_]+)=", (ROOT / "deploy/compose.env.example").read_text(), re.M)
    unused = [name for name in example if "${" + name not in (ROOT / "compose.yaml").read_text()
              and name not in compose["services"]["server"]["environment"]]
    assert not unused, f"compose.env.example names what compose.yaml does not use: {unused}"


def main():
    found = counted()
    for name in sorted(NOT_IN_THE_SOURCES_YET.keys() & found.keys()):
        print(f"{name} is in the sources now: take it off the list in scripts/deploy_check.py")
    kinds = NOT_IN_THE_SOURCES_YET | found
    yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    named = set()
    for place, expression in expressions():
        names = metrics_of(expression)
        assert names, f"{place}: no metric in {expression}"
        for name in names:
            assert allowed(name, kinds), f"{place}: nobody counts {name}"
        named |= {re.sub(r"_(bucket|sum|count)$", "", name) for name in names} - FOREIGN
    shown = sorted(kinds.keys() - named)
    assert not shown, f"neither an alert nor the dashboard shows {shown}"
    settings_of_compose()
    print(f"{len(named)} metrics in alerts and dashboard, all of them counted; all files can be read")


main()
