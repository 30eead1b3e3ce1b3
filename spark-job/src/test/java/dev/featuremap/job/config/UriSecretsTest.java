package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunId;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UriSecretsTest {
  private static final String PASSWORD =
      "Cannot use --to: a URI must not contain a password. Give credentials to Hadoop's configuration.";
  private static final String TOKEN =
      "Cannot use --to: a URI must not contain a signature, key or token. Give credentials to Hadoop's configuration.";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://AKIA0000:wJalr/K7MDENG@bucket/runs",
        "s3a://AKIA0000:wJalr/K7/MDENG@bucket",
        "s3a://AKIA0000:12345/K7MDENG@bucket",
        "s3a://AKIA0000:a@b:c+d%2Fe@bucket/x",
        "s3a://AKIA0000:a?b#c@bucket",
        "s3a://AKIA0000:a\\b@bucket",
        "s3a://AKIA0000@bucket/x",
        "s3a://:canary@bucket",
        "s3a://AKIA0000%3Acanary%40bucket/x",
        "s3a://AKIA0000%253Aca%252Fnary%2540bucket/x",
        "S3A://k:canary@bucket",
        "s3a:/AKIA0000:ca/nary@bucket/x",
        "s3a:///AKIA0000:ca/nary@bucket/x",
        "s3a:AKIA0000:ca/nary@bucket/x",
        "AKIA0000:canary@bucket/x",
        "//user:canary@host/x",
        "hdfs://user:pw@host:8020/x",
        "hdfs://user@host/x",
        "http://user:pw@host/x",
        "http://user:1234/canary@host/x",
        "ftp://user:pw@host/x",
        "ftp://user:1234/canary@host/x",
        "sftp://user:1234/canary@host",
        "hdfs://user:1234/canary@host:8020/x",
        "hdfs://user:1234/canary@host:8020",
        "hdfs://user:99999/canary@host",
        "file://user:pw@host/x",
        "abfss://container:canary@account.dfs.core.windows.net/x",
        "abfss://container%3Acanary@account.dfs.core.windows.net/x",
        "jdbc:postgresql://user:pw@host/db",
        "jdbc:oracle:thin:user/pw@host:1521:db",
        "{hdfs://a/b,s3a://k:canary@bucket}/x",
      })
  void findsUsersAndPasswords(String uri) {
    assertThat(UriSecrets.problem("--to", uri)).contains(PASSWORD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://bucket.s3.amazonaws.com/x?X-Amz-Signature=canary",
        "https://a.blob.core.windows.net/c?sv=2024&sig=canary",
        "https://h/x?AWSAccessKeyId=AKIA&Expires=1",
        "https://h/x?AccessKey=canary",
        "https://h/x?a=1%26access_token=canary",
        "wasbs://c@a/x?se=1&SIG=canary",
        "jdbc:mysql://h/db?user=root&password=canary",
        "jdbc:sqlserver://h;user=sa;password=canary",
        "bucket/x?X-Amz-Credential=canary",
        "https://h/x#id_token=canary",
      })
  void findsKeysAndSignatures(String uri) {
    assertThat(UriSecrets.problem("--to", uri)).contains(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs",
        "/data/me@home/10:30@night",
        "runs/10:30@night",
        "file:///data/a:b@c/d",
        "file:/data/a:b@c/d",
        "file:models/digits@3",
        "models/digits@champion",
        "s3a://bucket/models/digits@3",
        "s3a://bucket/a:b@c",
        "s3a://bucket/2024-01-01T10%3A00%3A00@x",
        "hdfs://nn:8020/models/digits@3",
        "hdfs://nn:8020/user/me@example.org/x",
        "hdfs://nn:8020/a@b/c:d",
        "hdfs:///models/digits@3",
        "hdfs:/models/digits@3",
        "hdfs://[::1]:8020/models/digits@3",
        "gs://bucket/digits@latest",
        "abfss://container@account.dfs.core.windows.net/models/digits@3",
        "wasbs://container@account.blob.core.windows.net/x",
        "hdfs://nn/a?b=c",
        "webhdfs://nn:9870/models/digits@3",
        "sftp://host/models/digits@3",
        "ftp://host:21/x",
        "train/part-?.parquet",
        "https://mlflow:5000/a/b",
      })
  void leavesLocationsAlone(String uri) {
    assertThat(UriSecrets.problem("--to", uri)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nightly:v1@host", "@daily", "a=1&key=2", "manual__2026-01-01T00:00+00:00"})
  void leavesNamesAlone(String text) {
    assertThat(UriSecrets.problemOfText("--run-id", text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.path",
        "data.train",
        "data.test",
        "data.table.format",
        "output.path",
        "run-id",
        "train.init-from",
        "network",
        "network.base",
        "tracking.mlflow.uri",
        "tracking.mlflow.experiment",
        "train.epochs",
        "no.such.key",
      })
  void refusesThemInEverySettingOfEveryLayer(String key) throws IOException {
    String uri = "s3a://AKIA:ca/nary@bucket/x";
    Path file = directory.resolve("my.conf");

    assertRefused(key, ConfigRequest.defaults().withAssignments(key + "=" + uri));
    Files.writeString(file, key + " = \"" + uri + "\"");
    assertRefused(key + " in ", ConfigRequest.defaults().withFile(file.toString()));
    Files.writeString(file, "user = \"AKIA:ca\"\n" + key + " = \"s3a://\"${user}\"/nary@bucket\"");
    assertRefused(key + " in ", ConfigRequest.defaults().withFile(file.toString()));
  }

  private static void assertRefused(String name, ConfigRequest request) {
    assertThatThrownBy(() -> loader().load(request))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("Cannot use " + name)
        .hasMessageContaining("a URI must not contain ")
        .hasMessageNotContainingAny("canary", "nary", "AKIA");
  }

  @Test
  void refusesThemInTheDefaultOfData() {
    Configuration hadoop = new Configuration(false);
    hadoop.set("featuremap.data", "s3a://k:canary@bucket");

    assertThatThrownBy(() -> JobConfigLoader.of(hadoop).load(ConfigRequest.defaults()))
        .hasMessageStartingWith("Cannot use data.path: a URI must not contain a password.")
        .hasMessageNotContaining("canary");
  }

  @Test
  void refusesThemInTheDefaultFileSystem() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.defaultFS", "hdfs://me:canary@nn:8020");

    assertThatThrownBy(() -> JobConfigLoader.of(hadoop).load(ConfigRequest.defaults()))
        .hasMessageContaining("Cannot use fs.defaultFS: a URI must not contain a password.")
        .hasMessageNotContaining("canary");
  }

  @Test
  void refusesThemInStoredSettings() {
    assertThatThrownBy(() -> loader().stored("data.train = \"s3a://k:ca/nary@b\"", "config.conf"))
        .hasMessageStartingWith("Cannot use data.train in config.conf line 1: a URI must not")
        .hasMessageNotContaining("nary");
  }

  @Test
  void refusesThemAsAKey() {
    assertThatThrownBy(() -> loader().stored("\"s3a://k:canary@b\" = 1", "config.conf"))
        .hasMessageStartingWith("Cannot use a key in config.conf line 1: a URI must not")
        .hasMessageNotContaining("canary");
  }

  @Test
  void refusesThemInEachOption() {
    for (ConfigRequest.KeyOption option : ConfigRequest.KeyOption.values()) {
      ConfigRequest request =
          new ConfigRequest(Optional.empty(), List.of(), Map.of(option, "s3a://k:ca/nary@b"));
      assertRefused(option.option(), request);
    }
  }

  @Test
  void keepsThemOutOfTheMessageOfAFileThatDoesNotParse() {
    assertThatThrownBy(() -> ConfigFile.parse("a = ] s3a://k:canary@b", "my.conf"))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot parse my.conf")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> ConfigFile.parse("include \"s3a://k:canary@b\"", "my.conf"))
        .hasMessageStartingWith("Cannot parse my.conf")
        .hasMessageNotContaining("canary");
  }

  private static JobConfigLoader loader() {
    return new JobConfigLoader(new Configuration(), () -> RunId.of("fresh"));
  }
}
