package dev.featuremap.job.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
        Arguments.of(new ChecksumException("x", 0), "ROTTEN no 74 66 73"),
        Arguments.of(new FileSystemException("x"), "REFUSED no 74 66 73"),
        Arguments.of(new PathIsDirectoryException("x"), "REFUSED no 74 66 73"),
        Arguments.of(new ParentNotDirectoryException("x"), "REFUSED no 74 66 73"),
        Arguments.of(new DSQuotaExceededException("x"), "REFUSED no 74 66 73"),
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
  }
}
