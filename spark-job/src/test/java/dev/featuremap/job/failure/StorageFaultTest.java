package dev.featuremap.job.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.DiskChecker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageFaultTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new FileNotFoundException("x"), "ABSENT no 66 66 73"),
        Arguments.of(new NoSuchFileException("x"), "ABSENT no 66 66 73"),
        Arguments.of(new FileAlreadyExistsException("x"), "TAKEN no 74 66 73"),
        Arguments.of(new java.nio.file.FileAlreadyExistsException("x"), "TAKEN no 74 66 73"),
        Arguments.of(
            new RemoteException("org.example.AlreadyBeingCreatedException", "x"),
            "BEING_TAKEN yes 74 74 74"),
        Arguments.of(new AccessDeniedException("x"), "DENIED no 66 66 73"),
        Arguments.of(new AccessControlException("x"), "DENIED no 66 66 73"),
        Arguments.of(new IOException("x", new AccessControlException("x")), "DENIED no 66 66 73"),
        Arguments.of(new UnsupportedFileSystemException("x"), "NO_FILE_SYSTEM no 64 66 73"),
        Arguments.of(
            new ClassNotFoundException("Class org.example.AbsentFileSystem not found"),
            "NO_FILE_SYSTEM no 64 66 73"),
        Arguments.of(new UnknownHostException("x"), "UNKNOWN_HOST no 64 64 64"),
        Arguments.of(
            new IllegalArgumentException(new UnknownHostException("x")),
            "UNKNOWN_HOST no 64 64 64"),
        Arguments.of(
            new IOException("x", new UnknownHostException("x")), "UNKNOWN_HOST no 64 64 64"),
        Arguments.of(new FileNotFoundException("/x (Permission denied)"), "DENIED no 66 66 73"),
        Arguments.of(new FileNotFoundException("/x (No space left on device)"), "FULL no 73 73 73"),
        Arguments.of(new IOException("No space left on device"), "FULL no 73 73 73"),
        Arguments.of(new IOException("Disk quota exceeded"), "FULL no 73 73 73"),
        Arguments.of(
            new FileSystemException("x", null, "No space left on device"), "FULL no 73 73 73"),
        Arguments.of(new DiskChecker.DiskOutOfSpaceException("x"), "FULL no 73 73 73"),
        Arguments.of(new ChecksumException("x", 0), "ROTTEN no 65 66 73"),
        Arguments.of(new FileSystemException("x"), "REFUSED no 74 66 73"),
        Arguments.of(new PathIsDirectoryException("x"), "REFUSED no 74 66 73"),
        Arguments.of(new ParentNotDirectoryException("x"), "REFUSED no 74 66 73"),
        Arguments.of(new DSQuotaExceededException("x"), "FULL no 73 73 73"),
        Arguments.of(new EOFException("x"), "TRUNCATED yes 65 74 74"),
        Arguments.of(new ZipException("x"), "NO_GZIP yes 65 74 74"),
        Arguments.of(new RemoteException("SafeModeException", "x"), "PASSING yes 74 74 74"),
        Arguments.of(new IOException("503 Slow Down"), "PASSING yes 74 74 74"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhatAFailureMeans(Exception failure, String row) {
    StorageFault fault = StorageFault.of(failure);
    IOException asIo = failure instanceof IOException io ? io : new IOException(failure);
    ExitCode input = StorageFault.unreadable(new Path("/x"), asIo).exitCode();
    String found =
        "%s %s %s %s %s"
            .formatted(
                fault,
                fault.passes(false) ? "yes" : "no",
                failure instanceof ClassNotFoundException ? "64" : input.code(),
                fault.ofObject().code(),
                fault.ofOutput().code());

    assertThat(found).isEqualTo(row);
  }

  @Test
  void waitsForAHostThatWasKnownBefore() {
    StorageFault fault = StorageFault.of(new UnknownHostException("x"));

    assertThat(fault.passes(false)).isFalse();
    assertThat(fault.passes(true)).isTrue();
  }

  @Test
  void saysOfAnInputWhatIsWrong() {
    assertThat(StorageFault.unreadable(new Path("/x"), new UnknownHostException("a.b")))
        .hasMessage("Cannot read /x: its host is unknown.");
    assertThat(StorageFault.unreadable(new Path("/x"), new EOFException("at 7")))
        .hasMessage("Cannot read /x: it is truncated (at 7).");
    assertThat(StorageFault.unreadable(new Path("/x"), new IOException("100% busy")))
        .hasMessage("Cannot read /x: java.io.IOException: 100% busy.");
    assertThat(StorageFault.unreadable(new Path("/x"), new IOException("No space left on device")))
        .hasMessage(
            "Cannot read /x: its disk or quota is full (No space left on device). Free space or inodes there.");
    assertThat(
            StorageFault.unreadable(
                new Path("file:/a b/x.png"), new ChecksumException("Checksum error: x", 0)))
        .hasMessage(
            "Cannot read file:/a b/x.png: its checksum tells that its bytes have changed (Checksum error: x). If the file is right, delete file:/a b/.x.png.crc, which holds its older checksum; else fetch the file again.");
    assertThat(
            StorageFault.unreadable(
                new Path("file:/x"), new FileNotFoundException("/x (Permission denied)")))
        .hasMessage("Cannot read file:/x: permission is denied.");
  }

  @Test
  void asksTheSystemWhetherALocalFileMayBeRead(@TempDir java.nio.file.Path directory)
      throws IOException {
    java.nio.file.Path file = Files.createFile(directory.resolve("x"));
    Files.setPosixFilePermissions(file, Set.of());
    assumeFalse(Files.isReadable(file), "who runs the tests may read everything");

    assertThat(
            StorageFault.unreadable(
                new Path(file.toUri()), new FileNotFoundException("x (Keine Berechtigung)")))
        .hasMessageEndingWith("/x: permission is denied.");
  }

  @Test
  void knowsWhatThisSystemSaysOfAFullDiskInItsLanguage() {
    java.nio.file.Path device = java.nio.file.Path.of("/dev/full");
    assumeTrue(Files.exists(device), "only Linux has a device that is full");
    IOException full =
        catchThrowableOfType(
            IOException.class,
            () -> Files.write(device, new byte[1], java.nio.file.StandardOpenOption.WRITE));

    assertThat(StorageFault.of(full)).isEqualTo(StorageFault.FULL);
    String german = "Auf dem Gerät ist kein Speicherplatz mehr verfügbar";
    assertThat(StorageFault.saysFull("/x (%s)".formatted(german), german)).isTrue();
    assertThat(StorageFault.saysFull("/x (%s)".formatted(german), "")).isFalse();
    assertThat(StorageFault.saysFull("503 Slow Down", german)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h/x", "https://h/x", "ftp://h/x", "HTTP://h/x"})
  void refusesServersThatAreNoFileSystems(String uri) {
    assertThatThrownBy(() -> StorageFault.requireStore("read", new Path(uri)))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot read %s: %s: is no file system that can be listed and written. Download the files and give their path, or copy them to a store such as s3a: or hdfs:.",
            uri, uri.substring(0, uri.indexOf(':')).toLowerCase(Locale.ROOT))
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
