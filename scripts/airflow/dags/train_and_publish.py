"""Trains a network, and publishes and uses it if it is good enough: train, evaluate, gate, publish, predict.

Every task may be killed and retried. Training resumes from its last checkpoint, because the run is named after the DAG
run. A publication that was done is a no-op. A prediction goes on with the images that are missing, by the same version.

For Airflow 3 with apache-airflow-providers-apache-spark 6, a spark-submit on the PATH, and a connection spark_default
that names the master. The settings below are read from the environment of the DAG processor and the workers.
"""

from __future__ import annotations

import glob
import json
import os
import re
import shlex
from datetime import datetime

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset, ObjectStoragePath, dag, task
from airflow.sdk.exceptions import AirflowFailException

JARS = sorted(glob.glob("/opt/featuremap/featuremap-[0-9]*.jar"))
JAR = os.environ.get("FEATUREMAP_JAR", JARS[-1] if JARS else "/opt/featuremap/featuremap.jar")
DATA = os.environ.get("FEATUREMAP_DATA", "s3a://bucket/mnist")
RUNS = os.environ.get("FEATUREMAP_RUNS", "s3a://bucket/runs")
MODEL = os.environ.get("FEATUREMAP_MODEL", "s3a://bucket/models/digits")
NEW_IMAGES = os.environ.get("FEATUREMAP_NEW_IMAGES", DATA)
PREDICT_SETTINGS = shlex.split(os.environ.get("FEATUREMAP_PREDICT_SETTINGS", ""))
PREDICTIONS = os.environ.get("FEATUREMAP_PREDICTIONS", "s3a://bucket/predictions")
SETTINGS = shlex.split(os.environ.get("FEATUREMAP_SETTINGS", "network=lenet-5 train.workers=4"))
MIN_ACCURACY = float(os.environ.get("FEATUREMAP_MIN_ACCURACY", "0.97"))
DIGITS = Asset(MODEL)


def run_directory(run_id):
    """Where Featuremap keeps the run of that id: characters such as : and + are escaped."""
    name = re.sub(rb"[^A-Za-z0-9._=-]", lambda found: b"~%02X" % found[0][0], run_id.encode())
    return f"{RUNS}/{name.decode()}"


def read_json(uri):
    """A small file of the store; Airflow needs the provider of that store, such as amazon for S3."""
    return json.loads(ObjectStoragePath(re.sub("^s3a:", "s3:", uri)).read_text())


def featuremap(command, *arguments):
    """A task that runs one command of Featuremap; a retry may start while a lost driver still lives."""
    return SparkSubmitOperator(
        task_id=command,
        name=f"featuremap {command} {{{{ run_id }}}}",
        application=JAR,
        java_class="dev.featuremap.job.cli.Featuremap",
        application_args=[command, *arguments],
        conn_id="spark_default",
        durable=False,
    )


@task
def gate(directory):
    """Hands the results on by XCom; a model that is not good enough fails the DAG run, and no retry helps."""
    result = read_json(f"{directory}/result.json")
    evaluation = read_json(f"{directory}/evaluation.json")
    if not (evaluation["test-accuracy"] or 0) >= MIN_ACCURACY:
        raise AirflowFailException(
            f"Cannot publish {evaluation['model']}: its test accuracy must be at least {MIN_ACCURACY}, "
            f"got {evaluation['test-accuracy']}."
        )
    return {"epochs": result["epochs"], "seconds": result["seconds"], **evaluation}


@task(outlets=[DIGITS])
def version(directory, *, outlet_events):
    """Tells DAGs that wait for the asset which version there is."""
    publication = read_json(f"{directory}/publication.json")
    outlet_events[DIGITS].extra = publication
    return publication


@dag(
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3},
    user_defined_macros={"run_directory": run_directory},
    tags=["featuremap"],
)
def train_and_publish():
    run = "{{ run_directory(run_id) }}"
    train = featuremap(
        "train",
        f"--data={DATA}",
        f"--output={RUNS}",
        "--run-id={{ run_id }}",
        *(f"--set={setting}" for setting in SETTINGS),
    )
    evaluate = featuremap("evaluate", f"--run={run}", f"--result={run}/evaluation.json")
    publish = featuremap("publish", f"--run={run}", f"--to={MODEL}", f"--result={run}/publication.json")
    predict = featuremap(
        "predict",
        "--model={{ ti.xcom_pull(task_ids='version')['model'] }}",
        f"--data={NEW_IMAGES}",
        *(f"--set={setting}" for setting in PREDICT_SETTINGS),
        f"--to={PREDICTIONS}/{{{{ run_directory(run_id).split('/')[-1] }}}}",
    )
    train >> evaluate >> gate(run) >> publish >> version(run) >> predict


pipeline = train_and_publish()
