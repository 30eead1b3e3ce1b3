"""Runs the example DAG, kills it in the middle and starts it again (see check-dag)."""

import contextlib
import json
import os
import pathlib
import runpy
import signal
import socket
import subprocess
import sys
import time

DAG = "train_and_publish"
PATIENCE_SECONDS = 600
RUN_DIRECTORY = "manual__{date}T00~3A00~3A00~2B00~3A00"


def free_port(successors=0):
    """A port of which so many successors are free too."""
    while True:
        with contextlib.ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                for successor in range(1, successors + 1):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + successor))
            except (OSError, OverflowError):
                continue
            return port


def dag_run(dags, date):
    """Runs the DAG under the run id of that date, as a scheduler would, and retries its tasks."""
    from datetime import datetime, timezone

    day = datetime.fromisoformat(date).replace(tzinfo=timezone.utc)
    dag = runpy.run_path(f"{dags}/{DAG}.py")["pipeline"]
    run = dag.test(run_after=day, logical_date=day)
    sys.exit(0 if run.state == "success" else 1)


def processes():
    """Every live process as (id, parent, command)."""
    lines = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
    for line in lines.stdout.splitlines():
        pid, parent, command = line.split(None, 2)
        yield int(pid), int(parent), command


def family(root):
    """The processes below a process, and itself."""
    known = list(processes())
    members = {root}
    while True:
        more = {pid for pid, parent, _ in known if parent in members} - members
        if not more:
            return {pid: command for pid, _, command in known if pid in members}
        members |= more


def end(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Check:
    def __init__(self, repository, jar, directory, master):
        self.repository = pathlib.Path(repository)
        self.directory = pathlib.Path(directory)
        self.started = []
        binaries = pathlib.Path(sys.executable).parent
        connection = {"conn_type": "spark", "host": master}
        if master.startswith("spark://"):
            host, port = master.rsplit(":", 1)
            connection.update(host=host, port=int(port))
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "SPARK_HOME"},
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_CONF_DIR": str(self.repository / "conf"),
            "AIRFLOW_HOME": str(self.directory / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.repository / "scripts/airflow/dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "1",
            "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps(connection),
            "FEATUREMAP_JAR": jar,
            "FEATUREMAP_DATA": f"file://{self.repository}/data/mnist",
            "FEATUREMAP_RUNS": f"file://{self.directory}/runs",
            "FEATUREMAP_MODEL": f"file://{self.directory}/models/digits",
            "FEATUREMAP_PREDICTIONS": f"file://{self.directory}/predictions",
            "FEATUREMAP_SETTINGS": "network=seed train.workers=2 train.epochs=12",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self, date):
        """Begins a DAG run in a session of its own; what it says goes to a file."""
        command = [sys.executable, __file__, "--dag-run", self.environment["AIRFLOW__CORE__DAGS_FOLDER"], date]
        with open(self.directory / f"{date}.log", "a") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        self.started.append(process)
        return process

    def stop(self):
        """Ends what is still running after a failure."""
        for process in self.started:
            if process.poll() is None:
                for pid in family(process.pid):
                    end(pid)

    def finish(self, process, date):
        """Waits for a DAG run and demands that it succeeded."""
        code = process.wait(PATIENCE_SECONDS)
        self.require(code == 0, f"the DAG run of {date} must succeed, got exit code {code}, see {date}.log")
        predicted = self.directory / "predictions" / RUN_DIRECTORY.format(date=date) / "_SUCCESS"
        self.require(predicted.exists(), f"the DAG run of {date} must end with predictions, see {date}.log")

    def await_training(self, process, date):
        """Waits until a run has published its second epoch."""
        metrics = self.directory / "runs" / RUN_DIRECTORY.format(date=date) / "metrics.jsonl"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not metrics.exists() or len(metrics.read_text().splitlines()) < 2:
            self.require(process.poll() is None, f"the DAG run of {date} must be training, but has ended")
            self.require(time.monotonic() < deadline, f"the DAG run of {date} must be training by now")
            time.sleep(0.1)

    def kill(self, process, word):
        """Kills the members of a DAG run whose command has that word."""
        doomed = {pid for pid, command in family(process.pid).items() if word in command}
        self.require(doomed, f"there must be a process to kill, got none of {word}")
        for pid in doomed:
            end(pid)
        print(f"  killed {len(doomed)} process(es)", flush=True)

    def attempts(self, date):
        status = self.directory / "runs" / RUN_DIRECTORY.format(date=date) / "status.json"
        return json.loads(status.read_text())["attempt"]

    def history(self):
        command = [str(self.repository / "scripts/featuremap"), "history"]
        shown = subprocess.run(
            [*command, f"--model={self.environment['FEATUREMAP_MODEL']}"],
            capture_output=True,
            text=True,
            check=True,
        )
        return shown.stdout.strip()

    def require_versions(self, count):
        history = self.history()
        print("  " + history.replace("\n", "\n  "), flush=True)
        published = [line for line in history.splitlines() if "published as" in line]
        self.require(len(published) == count, f"expected {count} published version(s), got {len(published)}")

    def require(self, condition, rule):
        if not condition:
            sys.exit(f"Cannot pass the DAG: {rule}.")

    def run(self):
        airflow = str(pathlib.Path(sys.executable).parent / "airflow")
        subprocess.run([airflow, "db", "migrate"], env=self.environment, capture_output=True, check=True)
        print("spark-submit killed in training", flush=True)
        process = self.start("2026-01-01")
        self.await_training(process, "2026-01-01")
        self.kill(process, "org.apache.spark.deploy.SparkSubmit")
        self.finish(process, "2026-01-01")
        self.require(self.attempts("2026-01-01") == 2, "the retry must have resumed the run")
        self.require_versions(1)

        print("everything killed in training, and started again", flush=True)
        process = self.start("2026-01-02")
        self.await_training(process, "2026-01-02")
        self.kill(process, "")
        process.wait(PATIENCE_SECONDS)
        self.finish(self.start("2026-01-02"), "2026-01-02")
        self.require(self.attempts("2026-01-02") == 2, "the second start must have resumed the run")
        self.require_versions(2)

        print("the same DAG run once more", flush=True)
        self.finish(self.start("2026-01-02"), "2026-01-02")
        self.require_versions(2)
        digests = {
            json.loads(result.read_text())["parameters-sha256"]
            for result in (self.directory / "runs").glob("*/result.json")
        }
        self.require(len(digests) == 1, f"both runs must end with the same parameters, got {digests}")
        print("one version a DAG run, and the same parameters in both", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--free-ports"]:
        print(free_port(), free_port(), free_port(successors=1))
    elif sys.argv[1] == "--dag-run":
        dag_run(*sys.argv[2:])
    else:
        check = Check(*sys.argv[1:])
        try:
            check.run()
        finally:
            check.stop()
