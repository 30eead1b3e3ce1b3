"""Reads runs back from their trackers: check_trackers.py FEATUREMAP DIRECTORY (see check-trackers)."""

import contextlib
import json
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import mlflow
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

HOST = "127.0.0.1"
LIMIT_SECONDS = 900
EXPERIMENT = "check trackers"
NOT_METRICS = ("epoch", "rounds")
PROMETHEUS = [
    "spark.ui.enabled=true",
    "spark.metrics.namespace=featuremap",
    "spark.metrics.conf.*.sink.prometheusServlet.class=org.apache.spark.metrics.sink.PrometheusServlet",
    "spark.metrics.conf.*.sink.prometheusServlet.path=/metrics/prometheus",
]
GAUGE = re.compile(r"metrics_featuremap_driver_plugin_dev_featuremap_job_metrics_RunMetrics_(\w+)_Value\{[^}]*\} (\S+)")


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def fetch(url):
    # Never by a proxy: everything is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=30) as answer:
        return answer.read().decode()


def await_true(what, condition):
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, FileNotFoundError):
            if condition():
                return
        time.sleep(0.2)
    sys.exit(f"{what} did not come within {LIMIT_SECONDS} s")


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: got {found}, expected {expected}")


@contextlib.contextmanager
def server(directory, name, command, url):
    with open(directory / f"{name}.log", "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            await_true(name, lambda: fetch(url) is not None)
            yield url
        finally:
            process.terminate()
            process.wait()


class Runs:
    """Trains into one directory."""

    def __init__(self, script, directory):
        self.script = script
        self.directory = directory
        self.output = directory / "runs"

    def start(self, run_id, *settings, confs=()):
        command = [self.script, "--master", "local[2]"]
        for conf in confs:
            command += ["--conf", conf]
        command += ["train", "--output", str(self.output), "--run-id", run_id]
        for setting in settings:
            command += ["--set", setting]
        log = open(self.directory / f"{run_id}.log", "a")
        return subprocess.Popen(command, stdout=log, stderr=log)

    def said(self, run_id):
        return (self.directory / f"{run_id}.log").read_text()

    def train(self, run_id, *settings, code=0):
        expect(f"exit code of {run_id}", self.start(run_id, *settings).wait(), code)

    def signal_after(self, run_id, epoch, number, *settings):
        """Starts a run, sends it a signal after an epoch, and returns its exit code."""
        process = self.start(run_id, *settings)
        line = re.compile(rf"^epoch +{epoch}/", re.MULTILINE)
        await_true(f"epoch {epoch} of {run_id}", lambda: line.search(self.said(run_id)))
        process.send_signal(number)
        return process.wait()

    def history(self, run_id):
        lines = (self.output / run_id / "metrics.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def values(self, run_id):
        """{name: [(step, value)]} of metrics.jsonl, which is what every tracker must hold."""
        values = {}
        for epoch in self.history(run_id):
            for name, value in epoch.items():
                if name not in NOT_METRICS and value is not None:
                    values.setdefault(name, []).append((epoch["epoch"], value))
        return values


def check_mlflow(client, runs, run_id, status):
    experiment = client.get_experiment_by_name(EXPERIMENT).experiment_id
    found = client.search_runs([experiment], f"tags.`featuremap.run-id` = '{run_id}'")
    expect(f"MLflow runs of {run_id}", len(found), 1)
    run = found[0]
    expect(f"status of {run_id}", run.info.status, status)
    for name in ("application-id", "attempt", "directory"):
        expect(f"tag {name} of {run_id}", f"featuremap.{name}" in run.data.tags, True)
    for name, value in (("train.workers", "2"), ("train.schedule.type", "cosine"), ("network.layers.0.name", "conv1")):
        expect(f"parameter {name} of {run_id}", run.data.params.get(name), value)
    metrics = {}
    for name in run.data.metrics:
        history = client.get_metric_history(run.info.run_id, name)
        metrics[name] = sorted((metric.step, metric.value) for metric in history)
    expect(f"metrics of {run_id} in MLflow", metrics, runs.values(run_id))
    if status == "FINISHED":
        result = json.loads((runs.output / run_id / "result.json").read_text())
        for name in ("kernels", "parameters-sha256"):
            expect(f"tag {name} of {run_id}", run.data.tags[f"featuremap.{name}"], result[name])
    return sum(len(values) for values in metrics.values())


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def check_tensorboard(url, runs, run_id):
    directory = runs.output / run_id / "tensorboard"
    accumulator = EventAccumulator(str(directory), size_guidance={"scalars": 0, "tensors": 0, "images": 0})
    accumulator.Reload()
    expected = {
        name: [(step, single(value)) for step, value in steps] for name, steps in runs.values(run_id).items()
    }
    scalars = {
        name: [(event.step, event.value) for event in accumulator.Scalars(name)]
        for name in accumulator.Tags()["scalars"]
    }
    expect(f"scalars of {run_id} in event files", scalars, expected)
    images = [event.step for event in accumulator.Images("conv1.weight")]

    def shown():
        name = urllib.parse.quote(f"{run_id}/tensorboard")
        found = {}
        for tag in expected:
            answer = json.loads(fetch(f"{url}/data/plugin/scalars/scalars?run={name}&tag={tag}"))
            found[tag] = [(step, value) for _, step, value in answer]
        return found == expected

    await_true(f"{run_id} in TensorBoard", shown)
    return sum(len(values) for values in scalars.values()), len(images)


def check_prometheus(runs, settings):
    """Scrapes a run while it runs; what is scraped is what metrics.jsonl says."""
    port = free_port()
    run_id = "scraped"
    process = runs.start(run_id, *settings, "train.epochs=10000", confs=[*PROMETHEUS, f"spark.ui.port={port}"])
    gauges = {}

    def scraped():
        text = fetch(f"http://{HOST}:{port}/metrics/prometheus/")
        gauges.update({name: float(value) for name, value in GAUGE.findall(text)})
        return gauges.get("epoch", 0) >= 2

    try:
        await_true("a gauge of the second epoch", scraped)
    finally:
        process.kill()
        process.wait()
    epoch = runs.history(run_id)[int(gauges["epoch"]) - 1]
    for name in ("train-loss", "test-loss", "test-accuracy", "drift", "train-images-per-second", "checkpoint-seconds"):
        expect(f"gauge {name}", gauges[name.replace("-", "_")], epoch[name])
    expect("gauge bad_records", gauges["bad_records"], 0)
    return len(gauges)


@contextlib.contextmanager
def hung_server():
    """Accepts every connection and never answers."""
    listener = socket.create_server((HOST, 0))
    connections = []

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connections.append(listener.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], connections
    finally:
        listener.close()
        for connection in connections:
            connection.close()


def tail_seconds(runs, run_id, *settings):
    """Seconds from a run's last line to the end of its process."""
    process = runs.start(run_id, *settings)
    await_true(f"the end of {run_id}", lambda: "result in" in runs.said(run_id))
    start = time.monotonic()
    expect(f"exit code of {run_id}", process.wait(), 0)
    return time.monotonic() - start


def check_lost_servers(runs):
    usual = tail_seconds(runs, "alone", "train.epochs=60")
    dead = tail_seconds(runs, "dead", "train.epochs=60", f"tracking.mlflow.uri=http://{HOST}:{free_port()}")
    with hung_server() as (port, connections):
        hung = tail_seconds(runs, "hung", "train.epochs=60", f"tracking.mlflow.uri=http://{HOST}:{port}")
        expect("connections to the hung server", len(connections) > 0, True)
    sums = {run_id: result_of(runs, run_id)["parameters-sha256"] for run_id in ("alone", "dead", "hung")}
    expect("different parameters", len(set(sums.values())), 1)
    for run_id in ("dead", "hung"):
        expect(f"warnings of {run_id}", runs.said(run_id).count("warning: Cannot tell MLflow"), 1)
    for run_id, tail in (("alone", usual), ("dead", dead), ("hung", hung)):
        result = result_of(runs, run_id)
        print(
            f"{run_id:12} run {result['seconds']:.1f} s, checkpoints and views {result['checkpoint-seconds']:.2f} s,"
            f" from its last line to the end of the process {tail:.2f} s"
        )


def result_of(runs, run_id):
    return json.loads((runs.output / run_id / "result.json").read_text())


def main():
    script, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    runs = Runs(script, directory)
    runs.output.mkdir(exist_ok=True)
    mlflow_url = f"http://{HOST}:{free_port()}"
    board_url = f"http://{HOST}:{free_port()}"
    port = lambda url: url.rsplit(":", 1)[1]
    store = [f"--backend-store-uri=sqlite:///{directory}/mlflow.db", f"--artifacts-destination={directory}/artifacts"]
    mlflow_command = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", port(mlflow_url), *store]
    board_command = [sys.executable, "-m", "tensorboard.main", "--host", HOST, "--port", port(board_url)]
    board_command += ["--logdir", str(runs.output), "--reload_interval", "1"]
    board_command += ["--samples_per_plugin", "scalars=100000,images=100000"]
    tracked = ["tracking.tensorboard=true", f"tracking.mlflow.uri={mlflow_url}"]
    tracked.append(f"tracking.mlflow.experiment={EXPERIMENT}")
    with contextlib.ExitStack() as servers:
        servers.enter_context(server(directory, "mlflow", mlflow_command, f"{mlflow_url}/health"))
        servers.enter_context(server(directory, "tensorboard", board_command, f"{board_url}/data/environment"))
        client = mlflow.MlflowClient(mlflow_url)
        runs.train("undisturbed", *tracked, "train.epochs=6")
        for epoch in (2, 4):
            code = runs.signal_after("killed", epoch, signal.SIGKILL, *tracked, "train.epochs=6")
            expect("exit code of a killed run", code, -signal.SIGKILL)
        runs.train("killed", *tracked, "train.epochs=6")
        expect("attempts", json.loads((runs.output / "killed" / "status.json").read_text())["attempt"], 3)
        for run_id in ("undisturbed", "killed"):
            sent = check_mlflow(client, runs, run_id, "FINISHED")
            scalars, images = check_tensorboard(board_url, runs, run_id)
            print(f"{run_id:12} MLflow {sent} values, TensorBoard {scalars} values and {images} pictures: all equal")
        runs.train("failed", *tracked, "train.learning-rate=1e30", "train.optimizer.type=sgd", code=65)
        failed = client.search_runs(["1"], "tags.`featuremap.run-id` = 'failed'")[0]
        expect("status of a failed run", failed.info.status, "FAILED")
        runs.signal_after("stopped", 2, signal.SIGTERM, *tracked, "train.epochs=10000")
        stopped = client.search_runs(["1"], "tags.`featuremap.run-id` = 'stopped'")[0]
        print(f"failed       {failed.info.status}\nstopped      {stopped.info.status}")
        print(f"prometheus   {check_prometheus(runs, [])} gauges scraped during a run")
    check_lost_servers(runs)


main()
