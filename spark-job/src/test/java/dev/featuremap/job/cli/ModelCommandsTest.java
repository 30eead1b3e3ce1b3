package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.image.Resize;
import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.commands.export.ExportFormat;
import dev.featuremap.job.commands.export.ExportRequest;
import dev.featuremap.job.commands.pack.PackRequest;
import dev.featuremap.job.commands.predict.PredictRequest;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.ConfigRequest.KeyOption;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.models.registry.ModelReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands {@code evaluate}, {@code predict}, {@code export} and {@code pack}. */
class ModelCommandsTest {
  private final CommandLineTrial cli = new CommandLineTrial();

  @Test
  void evaluatesARunOrACheckpoint() {
    assertThat(cli.run("evaluate", "--run", "runs/r1")).isEqualTo(ExitCode.OK);
    assertThat(
            cli.run("evaluate", "--checkpoint=s3a://b/c", "--data=d", "--set=data.format=folder"))
        .isEqualTo(ExitCode.OK);
    assertThat(cli.run("evaluate", "--model=models/digits@3", "--result=e.json"))
        .isEqualTo(ExitCode.OK);

    assertThat(cli.asked(EvaluationRequest.class))
        .containsExactly(
            new EvaluationRequest(
                ModelLocation.ofRun(CommandLineTrial.path("runs/r1").orElseThrow()),
                ConfigRequest.defaults(),
                Optional.empty()),
            new EvaluationRequest(
                ModelLocation.at(CommandLineTrial.path("s3a://b/c").orElseThrow()),
                new ConfigRequest(
                    Optional.empty(), List.of("data.format=folder"), Map.of(KeyOption.DATA, "d")),
                Optional.empty()),
            new EvaluationRequest(
                ModelLocation.published(
                    new ModelReference(CommandLineTrial.path("models/digits").orElseThrow(), "3")),
                ConfigRequest.defaults(),
                CommandLineTrial.path("e.json")));
  }

  @Test
  void evaluatesWithSettingsOfDataAlone() {
    assertThat(cli.run("evaluate", "--run", "runs/r1", "--set", "train.epochs=3"))
        .isEqualTo(ExitCode.USAGE);

    assertThat(cli.err())
        .isEqualTo(
            "featuremap: Cannot evaluate with --set train.epochs=3: expected a key of data, the others are the model's.%n"
                .formatted());
  }

  @Test
  void packsAnySource() {
    assertThat(
            cli.run(
                "pack", "--data=d", "--to=hdfs://nn/p", "--images-per-file=7", "--resize=64x48"))
        .isEqualTo(ExitCode.OK);

    PackRequest request = cli.asked(PackRequest.class).get(0);
    assertThat(request.data().path()).hasToString(CommandLineTrial.here("d"));
    assertThat(request.target()).hasToString("hdfs://nn/p");
    assertThat(request.imagesPerFile()).isEqualTo(7);
    assertThat(request.seed()).isEqualTo(1);
    assertThat(request.size()).contains(new PackRequest.Size(64, 48));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pack | Cannot run featuremap pack: missing required option: '--to=URI'.",
        "pack --to p --resize 64 | Cannot pack with --resize 64: expected width and height, such as 64x64.",
        "pack --to p --resize 64x64 --set data.resize={shorter=70,crop=60} | Cannot use data.resize = { shorter = 70, crop = 60 }: images are to become 64x64 pixels. Set crop = 64.",
        "pack --to p --images-per-file 0 | Cannot pack with --images-per-file 0: expected at least 1.",
      })
  void refusesToPackInNoWay(String arguments, String message) {
    assertThat(cli.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(cli.err()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(cli.isIdle()).isTrue();
  }

  @Test
  void predictsTheImagesOfAnySource() {
    assertThat(
            cli.run(
                "predict",
                "--run=r",
                "--data=d",
                "--to=hdfs://nn/p",
                "--set=data.resize=fit",
                "--keep=id as image, name",
                "--keep=size",
                "--features=block1.conv1"))
        .isEqualTo(ExitCode.OK);

    PredictRequest request = cli.asked(PredictRequest.class).get(0);
    assertThat(request.model())
        .isEqualTo(ModelLocation.ofRun(CommandLineTrial.path("r").orElseThrow()));
    assertThat(request.data().path()).hasToString(CommandLineTrial.here("d"));
    assertThat(request.data().resize()).isEqualTo(Resize.FIT);
    assertThat(request.target()).hasToString("hdfs://nn/p");
    assertThat(request.imagesPerFile()).isEqualTo(16384);
    assertThat(request.keep()).containsExactly("id as image, name", "size");
    assertThat(request.features()).contains("block1.conv1");
    assertThat(request.top()).isZero();
  }

  @Test
  void predictsTheLikeliestClasses() {
    assertThat(cli.run("predict", "--run=r", "--data=d", "--to=p", "--top=5"))
        .isEqualTo(ExitCode.OK);

    assertThat(cli.asked(PredictRequest.class).get(0).top()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "predict --run r | Cannot run featuremap predict: missing required option: '--to=URI'.",
        "predict --to p | Cannot predict: expected one of --run, --checkpoint or --model, got none.",
        "predict --to p --run r --images-per-file 0 | Cannot predict with --images-per-file 0: expected at least 1.",
        "predict --to p --run r --top 0 | Cannot predict: --top must be at least 1, got 0.",
        "predict --to p --run r --top 5 --features fc | Cannot predict: --top ranks the classes, and with --features none are written. Leave out one of them.",
      })
  void refusesToPredictInNoWay(String arguments, String message) {
    assertThat(cli.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(cli.err()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(cli.isIdle()).isTrue();
  }

  @Test
  void exportsARunOrACheckpoint() {
    assertThat(cli.run("export", "--run=r", "--best", "--to=s3a://b/e")).isEqualTo(ExitCode.OK);
    assertThat(cli.run("export", "--checkpoint=c", "--to=e", "--format=onnx"))
        .isEqualTo(ExitCode.OK);

    assertThat(cli.asked(ExportRequest.class))
        .containsExactly(
            new ExportRequest(
                ModelLocation.bestOfRun(CommandLineTrial.path("r").orElseThrow()),
                CommandLineTrial.path("s3a://b/e").orElseThrow(),
                List.of(ExportFormat.PYTORCH, ExportFormat.ONNX)),
            new ExportRequest(
                ModelLocation.at(CommandLineTrial.path("c").orElseThrow()),
                CommandLineTrial.path("e").orElseThrow(),
                List.of(ExportFormat.ONNX)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "export --run r | Cannot run featuremap export: missing required option: '--to=URI'.",
        "export --to e | Cannot export: expected one of --run, --checkpoint or --model, got none.",
        "export --to e --run r --checkpoint c | Cannot export: expected one of --run, --checkpoint or --model, got several.",
        "export --to e --model m --best | Cannot export: expected one of --run, --checkpoint or --model, got several.",
        "export --to e --model m@ | Cannot use --model: expected a directory, or one with @ and a version or an alias, such as digits@3, got m@.",
        "export --to e --best --checkpoint c | Cannot export: --best chooses a checkpoint of a --run, got --checkpoint.",
        "export --to e --run r --format tf | Cannot run featuremap export: invalid value for option '--format' (FORMAT): expected one of [PYTORCH, ONNX] (case-insensitive) but was 'tf'.",
      })
  void refusesToExportInNoWay(String arguments, String message) {
    assertThat(cli.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(cli.err()).isEqualTo("featuremap: %s%n".formatted(message));
    assertThat(cli.isIdle()).isTrue();
  }

  @Test
  void explainsExporting() {
    assertThat(cli.run("export", "--help")).isEqualTo(ExitCode.OK);

    assertThat(cli.out())
        .startsWith("Usage: featuremap export ")
        .contains("--run=URI", "--best", "--checkpoint=URI", "--to=URI")
        .contains("Formats: pytorch, onnx. Default: all.");
  }
}
